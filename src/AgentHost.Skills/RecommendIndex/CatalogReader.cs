using System.Collections.Immutable;
using AgentHost.Sql;
using Npgsql;

namespace AgentHost.Skills.RecommendIndex;

/// <summary>Reads what the advisor needs of the tables that a workload names, resolved by the target's own search path.</summary>
internal static class CatalogReader
{
    /// <summary>The tables by the names that the queries call them; a name that means nothing there is missing.</summary>
    public static async Task<Dictionary<QualifiedName, TableFacts>> ReadAsync(NpgsqlConnection open, IEnumerable<QualifiedName> names, CancellationToken ct)
    {
        var asked = names.Distinct().OrderBy(n => n.ToString(), StringComparer.Ordinal).ToArray();
        var found = await RelationsAsync(open, asked, ct);
        var oids = found.Select(f => f.Table.Oid).Distinct().ToArray();
        var columns = await ColumnsAsync(open, oids, ct);
        var indexes = await IndexesAsync(open, oids, ct);
        var tables = new Dictionary<uint, TableFacts>();
        foreach (var table in found.Select(f => f.Table).DistinctBy(t => t.Oid))
        {
            tables[table.Oid] = await HiddenStatistics.FillAsync(
                open, table with { Columns = columns[table.Oid].ToImmutableDictionary(c => c.Name, StringComparer.Ordinal), Indexes = [.. indexes[table.Oid]] }, ct);
        }
        return found.ToDictionary(f => f.Name, f => tables[f.Table.Oid]);
    }

    private static async Task<List<(QualifiedName Name, TableFacts Table)>> RelationsAsync(NpgsqlConnection open, QualifiedName[] names, CancellationToken ct)
    {
        const string sql = """
            select n.i::int, c.oid, s.nspname::text, c.relname::text, c.relkind::text,
                   case when c.relkind in ('r', 'm') then pg_relation_size(c.oid) / current_setting('block_size')::bigint when c.relkind = 'p' then coalesce(l.pages, 0) else 0 end,
                   case when c.relkind = 'p' then coalesce(l.rows, 0) else c.reltuples::float8 end, case when c.relkind = 'p' then coalesce(l.pages, 0)::int else c.relpages end,
                   case when c.relkind = 'p' then l.visible else c.relallvisible end::float8
            from unnest(@names) with ordinality n(name, i)
            join pg_catalog.pg_class c on c.oid = to_regclass(n.name)
            join pg_catalog.pg_namespace s on s.oid = c.relnamespace
            left join lateral (
              select sum(pg_relation_size(p.oid) / current_setting('block_size')::bigint)::bigint pages, sum(greatest(p.reltuples, 0))::float8 as rows, sum(p.relallvisible)::float8 visible
              from pg_catalog.pg_partition_tree(c.oid) t join pg_catalog.pg_class p on p.oid = t.relid where t.isleaf and p.relkind = 'r') l on c.relkind = 'p'
            order by n.i
            """;
        await using var command = new NpgsqlCommand(sql, open);
        command.Parameters.AddWithValue("names", names.Select(SqlIdentifier.Quote).ToArray());
        var found = new List<(QualifiedName, TableFacts)>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            var (pages, rows, analyzedPages) = (reader.GetInt64(5), reader.GetDouble(6), reader.GetInt32(7));
            // The planner scales the last ANALYZE's density to the file's size (plancat.c, estimate_rel_size).
            var actual = rows > 0 && analyzedPages > 0 ? rows / analyzedPages * pages : Math.Max(rows, 0);
            found.Add((names[reader.GetInt32(0) - 1],
                new TableFacts((uint)reader.GetValue(1), new QualifiedName(reader.GetString(2), reader.GetString(3)), reader.GetString(4)[0], pages, actual)
                {
                    IsAnalyzed = rows >= 0,
                    VisibleFraction = analyzedPages > 0 && !reader.IsDBNull(8) ? Math.Min(1, reader.GetDouble(8) / analyzedPages) : 0,
                }));
        }
        return found;
    }

    private static async Task<ILookup<uint, ColumnFacts>> ColumnsAsync(NpgsqlConnection open, uint[] oids, CancellationToken ct)
    {
        const string sql = """
            select a.attrelid, a.attname::text, a.attnum, format_type(a.atttypid, null),
                   b.oid not in ('jsonb'::regtype, 'tsvector'::regtype, 'tsquery'::regtype) and b.typcategory not in ('A', 'G', 'P', 'R')
                     and (b.typtype = 'e' or b.oid = 'varchar'::regtype
                          or exists (select 1 from pg_catalog.pg_opclass o join pg_catalog.pg_am m on m.oid = o.opcmethod
                                     where m.amname = 'btree' and o.opcdefault and o.opcintype = b.oid)),
                   exists (select 1 from pg_catalog.pg_constraint f where f.conrelid = a.attrelid and f.contype = 'f' and a.attnum = any (f.conkey)),
                   s.attname is not null, coalesce(s.null_frac, 0)::float8, coalesce(s.avg_width, 8), coalesce(s.n_distinct, 0)::float8,
                   case when b.typcategory in ('B', 'E', 'S', 'N') then s.most_common_vals::text::text[] end, s.most_common_freqs::float8[],
                   coalesce(k.collisdeterministic, true) and exists (
                     select 1 from pg_catalog.pg_opclass o join pg_catalog.pg_am m on m.oid = o.opcmethod
                     join pg_catalog.pg_amproc p on p.amprocfamily = o.opcfamily and p.amproclefttype = o.opcintype and p.amprocrighttype = o.opcintype
                     where m.amname = 'btree' and o.opcdefault and p.amprocnum = 4
                       and o.opcintype = case when b.typtype = 'e' then 'anyenum'::regtype when b.oid = 'varchar'::regtype then 'text'::regtype else b.oid end),
                   b.typlen, has_column_privilege(a.attrelid, a.attnum, 'select'), format_type(b.oid, null), coalesce(s.correlation, 0)::float8,
                   coalesce(s.elem_count_histogram[cardinality(s.elem_count_histogram)], 0)::float8, case when b.typname in ('vector', 'halfvec', 'sparsevec', 'bit') then greatest(a.atttypmod, 0) else 0 end,
                   coalesce(cardinality(s.most_common_elem_freqs), 0),
                   case when a.attcollation = 100 then (select d.datcollate in ('C', 'POSIX') and d.datlocprovider = 'c' from pg_catalog.pg_database d where d.datname = current_database())
                     else coalesce(k.collname in ('C', 'POSIX', 'ucs_basic', 'pg_c_utf8'), true) end
            from pg_catalog.pg_attribute a
            join pg_catalog.pg_class c on c.oid = a.attrelid
            join pg_catalog.pg_namespace n on n.oid = c.relnamespace
            join pg_catalog.pg_type t on t.oid = a.atttypid
            join pg_catalog.pg_type b on b.oid = case when t.typtype = 'd' then t.typbasetype else t.oid end
            left join pg_catalog.pg_collation k on k.oid = a.attcollation
            left join pg_catalog.pg_stats s on s.schemaname = n.nspname and s.tablename = c.relname and s.attname = a.attname and s.inherited = (c.relkind = 'p')
            where a.attrelid = any (@oids) and a.attnum > 0 and not a.attisdropped
            order by a.attrelid, a.attnum
            """;
        await using var command = new NpgsqlCommand(sql, open);
        command.Parameters.AddWithValue("oids", NpgsqlTypes.NpgsqlDbType.Array | NpgsqlTypes.NpgsqlDbType.Oid, oids);
        var columns = new List<(uint Oid, ColumnFacts Column)>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            var values = reader.IsDBNull(10) ? [] : (string?[])reader.GetValue(10);
            var frequencies = reader.IsDBNull(11) ? [] : (double[])reader.GetValue(11);
            columns.Add(((uint)reader.GetValue(0), new ColumnFacts(reader.GetString(1), reader.GetInt16(2), reader.GetString(3))
            {
                IsBtreeKey = reader.GetBoolean(4),
                IsInForeignKey = reader.GetBoolean(5),
                HasStatistics = reader.GetBoolean(6),
                NullFraction = reader.GetDouble(7),
                Width = reader.GetInt32(8),
                RawDistinct = reader.GetDouble(9),
                Deduplicates = reader.GetBoolean(12),
                TypeLength = reader.GetInt16(13),
                IsReadable = reader.GetBoolean(14),
                BaseType = Unqualified(reader.GetString(15)),
                Correlation = reader.GetDouble(16),
                Elements = reader.GetDouble(17),
                Dimensions = reader.GetInt32(18),
                CommonElements = reader.GetInt32(19),
                SortsByBytes = reader.GetBoolean(20),
                Common = [.. values.Zip(frequencies).Where(c => c.First is not null).Select(c => (c.First!, c.Second))],
            }));
        }
        return columns.ToLookup(c => c.Oid, c => c.Column);
    }

    // An extension's type comes with its schema where that is not on the path.
    private static string Unqualified(string type) => type.Contains('.', StringComparison.Ordinal) ? type[(type.LastIndexOf('.') + 1)..].Trim('"') : type;

    private static async Task<ILookup<uint, IndexFacts>> IndexesAsync(NpgsqlConnection open, uint[] oids, CancellationToken ct)
    {
        const string sql = """
            select i.indrelid, n.nspname::text, c.relname::text, m.amname::text, i.indnkeyatts, i.indkey::int2[], i.indclass::oid[], i.indcollation::oid[],
                   i.indoption::int2[], pg_relation_size(i.indexrelid), pg_get_expr(i.indpred, i.indrelid), i.indisunique, i.indisvalid and i.indisready,
                   i.indisprimary or i.indisexclusion or exists (select 1 from pg_catalog.pg_constraint k where k.conindid = i.indexrelid),
                   i.indisreplident, i.indisclustered, c.relispartition,
                   array(select pg_get_indexdef(i.indexrelid, k, true) from generate_series(1, i.indnatts) k order by k),
                   array(select o.opcdefault from unnest(i.indclass::oid[]) with ordinality u(oid, n) join pg_catalog.pg_opclass o on o.oid = u.oid order by u.n)
            from pg_catalog.pg_index i
            join pg_catalog.pg_class c on c.oid = i.indexrelid
            join pg_catalog.pg_namespace n on n.oid = c.relnamespace
            join pg_catalog.pg_am m on m.oid = c.relam
            where i.indrelid = any (@oids)
            order by i.indrelid, n.nspname, c.relname
            """;
        await using var command = new NpgsqlCommand(sql, open);
        command.Parameters.AddWithValue("oids", NpgsqlTypes.NpgsqlDbType.Array | NpgsqlTypes.NpgsqlDbType.Oid, oids);
        var indexes = new List<(uint Oid, IndexFacts Index)>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            var keyCount = reader.GetInt16(4);
            var (columns, options, definitions) = ((short[])reader.GetValue(5), (short[])reader.GetValue(8), (string[])reader.GetValue(17));
            var defaults = (bool[])reader.GetValue(18);
            var (classes, collations) = ((uint[])reader.GetValue(6), (uint[])reader.GetValue(7));
            indexes.Add(((uint)reader.GetValue(0), new IndexFacts(
                new QualifiedName(reader.GetString(1), reader.GetString(2)), reader.GetString(3),
                [.. Enumerable.Range(0, keyCount).Select(k => new IndexedColumn(columns[k], definitions[k], classes[k], collations[k], options[k]) { HasDefaultClass = defaults[k] })],
                reader.GetInt64(9))
            {
                Include = [.. definitions.Skip(keyCount).Order(StringComparer.Ordinal)],
                Predicate = reader.IsDBNull(10) ? null : reader.GetString(10),
                IsUnique = reader.GetBoolean(11),
                IsValid = reader.GetBoolean(12),
                BacksConstraint = reader.GetBoolean(13),
                IsReplicaIdentity = reader.GetBoolean(14),
                IsClustered = reader.GetBoolean(15),
                IsPartitionMember = reader.GetBoolean(16),
            }));
        }
        return indexes.ToLookup(i => i.Oid, i => i.Index);
    }
}
