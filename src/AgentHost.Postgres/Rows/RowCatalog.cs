using System.Collections.Immutable;
using AgentHost.Sql;
using Npgsql;
using NpgsqlTypes;

namespace AgentHost.Postgres.Rows;

/// <summary>What the catalog says of the tables that are to get rows, in the order in which references allow it: parents first.</summary>
internal sealed record RowCatalog(ImmutableArray<RowTable> Tables, ImmutableArray<RowReference> References, IReadOnlyDictionary<uint, RowType> Types)
{
    /// <summary>Named tables, those that they reference, and the partitions and children of both.</summary>
    private const string Touched =
        """
        with recursive own as (
            select c.oid, c.relname, c.relkind from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
            where n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') and n.nspname not like 'pg\_temp\_%' and c.relkind in ('r', 'p', 'v', 'm', 'i', 'I')),
        named(oid) as (
            select oid from own where relkind in ('r', 'p') and ($1 is null or lower(relname) = any($1))
            union select i.indrelid from own x join pg_catalog.pg_index i on i.indexrelid = x.oid where lower(x.relname) = any($1)
            union select d.refobjid from own v join pg_catalog.pg_rewrite r on r.ev_class = v.oid
                join pg_catalog.pg_depend d on d.classid = 'pg_catalog.pg_rewrite'::regclass and d.objid = r.oid and d.refclassid = 'pg_catalog.pg_class'::regclass
                where v.relkind in ('v', 'm') and lower(v.relname) = any($1)
            union select a.attrelid from pg_catalog.pg_attribute a join own c on c.oid = a.attrelid join pg_catalog.pg_type t on a.atttypid in (t.oid, t.typarray)
                where t.typtype in ('d', 'e', 'c') and lower(t.typname) = any($1) and c.relkind in ('r', 'p')
            union select c.oid from own c, pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
                where n.nspname not in ('pg_catalog', 'information_schema') and c.relkind in ('r', 'p') and lower(p.proname) = any($1)
                and strpos(lower(p.prosrc), lower(c.relname)) > 0),
        touched(oid) as (
            select oid from named
            union select e.next from touched t join (
                select conrelid, confrelid from pg_catalog.pg_constraint where contype = 'f'
                union all select inhparent, inhrelid from pg_catalog.pg_inherits) e(oid, next) on e.oid = t.oid)
        select coalesce(array_agg(o.oid), '{}') from touched t join own o on o.oid = t.oid and o.relkind in ('r', 'p')
        """;

    private const string Relations =
        """
        select c.oid, n.nspname, c.relname, c.relkind::text, pg_catalog.pg_get_partition_constraintdef(c.oid), coalesce(pg_catalog.pg_get_expr(c.relpartbound, c.oid) = 'DEFAULT', false),
               (select i.inhparent from pg_catalog.pg_inherits i where i.inhrelid = c.oid and c.relispartition)
        from unnest($1) t(oid) join pg_catalog.pg_class c on c.oid = t.oid join pg_catalog.pg_namespace n on n.oid = c.relnamespace order by n.nspname, c.relname
        """;

    private const string Attributes =
        """
        select a.attrelid, a.attnum, a.attname, a.atttypid, a.atttypmod, a.attnotnull,
               (select s.oid::regclass::text from pg_catalog.pg_depend d join pg_catalog.pg_class s on s.oid = d.objid and s.relkind = 'S'
                where d.classid = 'pg_catalog.pg_class'::regclass and d.refclassid = 'pg_catalog.pg_class'::regclass and d.refobjid = a.attrelid and d.refobjsubid = a.attnum limit 1),
               (select s.oid::regclass::text from pg_catalog.pg_attrdef f join pg_catalog.pg_depend d on d.classid = 'pg_catalog.pg_attrdef'::regclass and d.objid = f.oid
                join pg_catalog.pg_class s on s.oid = d.refobjid and s.relkind = 'S' where f.adrelid = a.attrelid and f.adnum = a.attnum limit 1),
               exists (select from pg_catalog.pg_index i where i.indrelid = a.attrelid and i.indisunique and a.attnum = any(i.indkey)),
               a.atthasdef or a.attidentity <> ''
        from unnest($1) t(oid) join pg_catalog.pg_attribute a on a.attrelid = t.oid
        where a.attnum > 0 and not a.attisdropped and a.attgenerated = '' order by a.attrelid, a.attnum
        """;

    private const string Constraints =
        """
        select conrelid, contype::text, conkey, confrelid, confkey, pg_catalog.pg_get_expr(conbin, conrelid)
        from unnest($1) t(oid) join pg_catalog.pg_constraint k on k.conrelid = t.oid
        where contype in ('c', 'p') or (contype = 'f' and not exists (select from pg_catalog.pg_class p where p.oid = k.confrelid and p.relispartition))
        """;

    private const string UsedTypes =
        """
        with recursive used(oid) as (
            select a.atttypid from unnest($1) t(oid) join pg_catalog.pg_attribute a on a.attrelid = t.oid where a.attnum > 0 and not a.attisdropped
            union select x from used u join pg_catalog.pg_type t on t.oid = u.oid
                left join pg_catalog.pg_range r on r.rngtypid = t.oid left join pg_catalog.pg_range m on m.rngmultitypid = t.oid,
                lateral (select unnest(array[t.typelem, t.typbasetype, r.rngsubtype, m.rngtypid]) union select atttypid from pg_catalog.pg_attribute where attrelid = t.typrelid and attnum > 0 and not attisdropped) i(x)
                where x is not null and x <> 0)
        select t.oid, t.typname, pg_catalog.format_type(t.oid, null), t.typtype::text,
               case when t.typcategory = 'A' and t.typtype = 'b' then t.typelem when t.typtype = 'd' then t.typbasetype when t.typtype = 'r' then r.rngsubtype when t.typtype = 'm' then m.rngtypid else 0::oid end,
               t.typtypmod, t.typcategory = 'A' and t.typtype = 'b',
               array(select enumlabel::text from pg_catalog.pg_enum e where e.enumtypid = t.oid order by enumsortorder),
               array(select atttypid from pg_catalog.pg_attribute a where a.attrelid = t.typrelid and attnum > 0 and not attisdropped order by attnum),
               array(select atttypmod from pg_catalog.pg_attribute a where a.attrelid = t.typrelid and attnum > 0 and not attisdropped order by attnum),
               array(select pg_catalog.pg_get_expr(conbin, 0) from pg_catalog.pg_constraint k where k.contypid = t.oid and k.contype = 'c')
        from used u join pg_catalog.pg_type t on t.oid = u.oid left join pg_catalog.pg_range r on r.rngtypid = t.oid left join pg_catalog.pg_range m on m.rngmultitypid = t.oid
        """;

    public static async Task<RowCatalog> ReadAsync(NpgsqlConnection connection, RowOptions options, CancellationToken ct)
    {
        var touched = await TouchedAsync(connection, options.Mentioned, ct);
        await using var batch = new NpgsqlBatch(connection);
        foreach (var query in (string[])[Relations, Attributes, Constraints, UsedTypes])
            batch.BatchCommands.Add(new(query) { Parameters = { new() { Value = touched, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Oid } } });
        await using var reader = await batch.ExecuteReaderAsync(ct);
        var tables = await TablesAsync(reader, options.MaxPartitions, ct);
        await reader.NextResultAsync(ct);
        var columns = await ColumnsAsync(reader, ct);
        await reader.NextResultAsync(ct);
        var (checks, references, primary) = await ConstraintsAsync(reader, ct);
        await reader.NextResultAsync(ct);
        var types = await TypesAsync(reader, ct);

        var found = tables.Select(table => table with { Columns = [.. columns[table.Oid]], Checks = [.. checks[table.Oid]] }).ToList();
        references.AddRange(options.References.SelectMany(expected => Expected(expected, found, primary)));
        return new RowCatalog([.. ParentsFirst(found, references)], [.. references], types);
    }

    private static async Task<uint[]> TouchedAsync(NpgsqlConnection connection, IReadOnlyCollection<string>? mentioned, CancellationToken ct)
    {
        object words = mentioned is null ? DBNull.Value : mentioned.Select(word => word.ToLowerInvariant()).ToArray();
        await using var command = new NpgsqlCommand(Touched, connection) { Parameters = { new() { Value = words, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text } } };
        return (uint[])(await command.ExecuteScalarAsync(ct))!;
    }

    /// <summary>Tables that hold rows themselves have <see cref="RowTable.Partitions"/> above 0; partitioned ones, and partitions beyond a few, have 0.</summary>
    private static async Task<List<RowTable>> TablesAsync(NpgsqlDataReader reader, int maxPartitions, CancellationToken ct)
    {
        var tables = new List<(RowTable Table, bool HoldsRows)>();
        while (await reader.ReadAsync(ct))
        {
            tables.Add((new RowTable(reader.GetFieldValue<uint>(0), new QualifiedName(reader.GetString(1), reader.GetString(2)), [])
            {
                Bound = await reader.IsDBNullAsync(4, ct) ? null : reader.GetString(4),
                IsDefaultPartition = reader.GetBoolean(5),
                Parent = await reader.IsDBNullAsync(6, ct) ? null : reader.GetFieldValue<uint>(6),
            }, reader.GetString(3)[0] == 'r'));
        }

        var siblings = tables.Where(entry => entry is { Table.Parent: not null, HoldsRows: true }).GroupBy(entry => entry.Table.Parent!.Value)
            .ToDictionary(group => group.Key, group => group.OrderBy(entry => entry.Table.IsDefaultPartition ? 0 : 1).Take(maxPartitions).Select(entry => entry.Table.Oid).ToHashSet());
        return
        [
            .. tables.Select(entry => entry.Table with
            {
                Partitions = !entry.HoldsRows ? 0 : entry.Table.Parent is not { } parent ? 1 : siblings[parent].Contains(entry.Table.Oid) ? siblings[parent].Count : 0,
            }),
        ];
    }

    private static async Task<ILookup<uint, RowColumn>> ColumnsAsync(NpgsqlDataReader reader, CancellationToken ct)
    {
        var columns = new List<RowColumn>();
        while (await reader.ReadAsync(ct))
        {
            var owned = await reader.IsDBNullAsync(6, ct) ? null : reader.GetString(6);
            columns.Add(new RowColumn(
                reader.GetFieldValue<uint>(0), reader.GetInt16(1), reader.GetString(2), reader.GetFieldValue<uint>(3), reader.GetInt32(4), reader.GetBoolean(5),
                owned ?? (await reader.IsDBNullAsync(7, ct) ? null : reader.GetString(7))) { IsKey = reader.GetBoolean(8), HasDefault = reader.GetBoolean(9) });
        }

        return columns.ToLookup(column => column.Table);
    }

    private static async Task<(ILookup<uint, string> Checks, List<RowReference> References, Dictionary<uint, short[]> PrimaryKeys)> ConstraintsAsync(NpgsqlDataReader reader, CancellationToken ct)
    {
        var checks = new List<(uint Table, string Condition)>();
        var references = new List<RowReference>();
        var primary = new Dictionary<uint, short[]>();
        while (await reader.ReadAsync(ct))
        {
            var table = reader.GetFieldValue<uint>(0);
            switch (reader.GetString(1)[0])
            {
                case 'c':
                    checks.Add((table, reader.GetString(5)));
                    break;
                case 'p':
                    primary[table] = reader.GetFieldValue<short[]>(2);
                    break;
                default:
                    references.Add(new RowReference(table, [.. reader.GetFieldValue<short[]>(2)], reader.GetFieldValue<uint>(3), [.. reader.GetFieldValue<short[]>(4)]));
                    break;
            }
        }

        return (checks.ToLookup(check => check.Table, check => check.Condition), references, primary);
    }

    private static async Task<Dictionary<uint, RowType>> TypesAsync(NpgsqlDataReader reader, CancellationToken ct)
    {
        var types = new Dictionary<uint, RowType>();
        while (await reader.ReadAsync(ct))
        {
            var attributes = reader.GetFieldValue<uint[]>(8).Zip(reader.GetFieldValue<int[]>(9));
            types[reader.GetFieldValue<uint>(0)] = new RowType(reader.GetFieldValue<uint>(0), reader.GetString(1), reader.GetString(2), reader.GetString(3)[0])
            {
                Inner = reader.GetFieldValue<uint>(4),
                InnerModifier = reader.GetInt32(5),
                IsArray = reader.GetBoolean(6),
                Labels = [.. reader.GetFieldValue<string[]>(7)],
                Attributes = [.. attributes],
                Checks = [.. reader.GetFieldValue<string?[]>(10).OfType<string>()],
            };
        }

        return types;
    }

    private static IEnumerable<RowReference> Expected(ExpectedReference expected, List<RowTable> tables, Dictionary<uint, short[]> primary)
    {
        foreach (var child in tables.Where(table => Fits(expected.Table, table.Name)))
        {
            foreach (var parent in tables.Where(table => Fits(expected.Parent, table.Name)))
            {
                var columns = expected.Columns.Select(name => child.Column(name)?.Number).OfType<short>().ToImmutableArray();
                ImmutableArray<short> keys = expected.ParentColumns.IsEmpty
                    ? [.. primary.GetValueOrDefault(parent.Oid) ?? []]
                    : [.. expected.ParentColumns.Select(name => parent.Column(name)?.Number).OfType<short>()];
                if (columns.Length == expected.Columns.Length && keys.Length == columns.Length)
                    yield return new RowReference(child.Oid, columns, parent.Oid, keys);
            }
        }
    }

    /// <summary>Whether a name as written may mean a table.</summary>
    public static bool Fits(QualifiedName written, QualifiedName table) => written.Name == table.Name && (written.Schema is null || written.Schema == table.Schema);

    private static List<RowTable> ParentsFirst(List<RowTable> tables, List<RowReference> references)
    {
        var byOid = tables.ToDictionary(table => table.Oid);
        var parents = references.ToLookup(reference => reference.Table, reference => reference.Parent);
        var seen = new HashSet<uint>();
        var ordered = new List<RowTable>();
        foreach (var table in tables)
            Visit(table);
        return ordered;

        void Visit(RowTable table)
        {
            if (!seen.Add(table.Oid))
                return;
            foreach (var parent in parents[table.Oid])
            {
                if (byOid.TryGetValue(parent, out var before))
                    Visit(before);
            }

            ordered.Add(table);
        }
    }
}
