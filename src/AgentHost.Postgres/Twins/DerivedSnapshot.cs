using System.Collections.Immutable;
using System.Globalization;
using AgentHost.Postgres.Catalog;
using Npgsql;

namespace AgentHost.Postgres.Twins;

/// <summary>Makes a snapshot of a database that nobody can reach, from its schema and how many rows its tables have.</summary>
public static class DerivedSnapshot
{
    private const int PageBytes = 8168, TupleHeader = 28, EntryHeader = 12;
    private const double LeafFill = 0.9;

    private const string Columns =
        """
        select n.nspname || '.' || c.relname, a.attname::text, t.typname::text, t.typlen, case when b.typtype = 'd' then b.typtypmod else a.atttypmod end, a.attnotnull,
          exists (select from pg_catalog.pg_index i where i.indrelid = c.oid and i.indisunique and i.indpred is null and i.indnkeyatts = 1 and i.indkey[0] = a.attnum),
          a.attidentity <> '' or coalesce((select pg_get_expr(d.adbin, d.adrelid) from pg_catalog.pg_attrdef d where (d.adrelid, d.adnum) = (a.attrelid, a.attnum)), '') ~ 'nextval|uuidv7',
          (select pn.nspname || '.' || pc.relname from pg_catalog.pg_constraint k join pg_catalog.pg_class pc on pc.oid = k.confrelid join pg_catalog.pg_namespace pn on pn.oid = pc.relnamespace
            where k.conrelid = c.oid and k.contype = 'f' and k.conkey = array[a.attnum] order by k.conname limit 1),
          case when t.typname = 'bool' then array['f', 't'] when t.typtype = 'e' then array(select e.enumlabel::text from pg_catalog.pg_enum e where e.enumtypid = t.oid order by e.enumsortorder)
            else array(select m[1] from pg_catalog.pg_constraint k, regexp_matches(pg_get_constraintdef(k.oid), '''((?:[^'']|'''')*)''', 'g') m
              where k.conrelid = c.oid and k.contype = 'c' and k.conkey = array[a.attnum] and pg_get_constraintdef(k.oid) ~ '= ANY \(') end
        from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        join pg_catalog.pg_type b on b.oid = a.atttypid join pg_catalog.pg_type t on t.oid = case when b.typtype = 'd' then b.typbasetype else b.oid end
        where c.relkind in ('r', 'p', 'm') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
        order by 1, a.attnum
        """;

    /// <summary>Makes it: the schema is created in a scratch database and read back, its statistics are derived from types and constraints.</summary>
    /// <param name="server">Where.</param>
    /// <param name="schema">The schema as SQL.</param>
    /// <param name="rows">How many rows tables have, by name with or without schema.</param>
    /// <param name="ct">Ends it.</param>
    /// <exception cref="KeyNotFoundException">A name is no table of the schema.</exception>
    /// <exception cref="AgentHost.Sql.SqlInputException">The schema cannot be parsed.</exception>
    public static async Task<CatalogSnapshot> MakeAsync(PrivateServer server, string schema, IReadOnlyDictionary<string, double> rows, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(server);
        await using var scratch = await server.CreateScratchAsync(ct);
        var notes = await new TwinSchema(scratch).ApplyAsync(schema, ct);
        var columns = await ColumnsAsync(scratch, ct);
        var shapes = await ShapesAsync(scratch, ct);
        await using var target = await ReadOnlyTarget.ConnectAsync("schema", scratch.ConnectionString, ct: ct);
        var snapshot = await CatalogReader.ReadAsync(target, statistics: true, ct);
        var leaves = snapshot.Relations.Where(r => !snapshot.Relations.Any(p => (p.ParentSchema, p.ParentName) == (r.Schema, r.Name))).Select(Name).ToHashSet(StringComparer.Ordinal);
        var references = columns.SelectMany(t => t.Value.Where(c => c.Parent is not null).Select(c => (t.Key, c.Parent!))).ToList();
        var (counts, assumed) = RowCounts.Complete([.. snapshot.Relations.Where(r => r.ParentName is null).Select(Name)], references, rows);
        Spread(snapshot, counts);
        return snapshot with
        {
            Database = "schema",
            CountersSince = null,
            Relations = [.. snapshot.Relations.Select(r => Figured(r, columns.GetValueOrDefault(Name(r)) ?? [], shapes, counts, leaves.Contains(Name(r))))],
            Notes =
            [
                "Derived, not measured: statistics follow from types, constraints and the given row counts; values are taken to be evenly spread.",
                .. assumed.Length > 0 ? (string[])[$"Rows assumed, for none were given: {string.Join(", ", assumed.Take(10).Select(t => $"{t} {counts[t].ToString("N0", CultureInfo.InvariantCulture)}"))}{(assumed.Length > 10 ? ", …" : "")}."] : [],
                .. notes,
            ],
        };
    }

    private static string Name(RelationFigures relation) => $"{relation.Schema}.{relation.Name}";

    /// <summary>A partitioned table's rows are its partitions' in equal parts.</summary>
    private static void Spread(CatalogSnapshot snapshot, Dictionary<string, double> counts)
    {
        var partitions = snapshot.Relations.Where(r => r.ParentName is not null).ToLookup(r => $"{r.ParentSchema}.{r.ParentName}");
        var pending = new Queue<string>(counts.Keys.ToList());
        while (pending.TryDequeue(out var parent))
        {
            foreach (var part in partitions[parent])
            {
                counts[Name(part)] = Math.Floor(counts[parent] / partitions[parent].Count());
                pending.Enqueue(Name(part));
            }
        }
    }

    private static RelationFigures Figured(RelationFigures relation, List<SchemaColumn> columns, Dictionary<string, IndexShape> shapes, Dictionary<string, double> counts, bool hasRows)
    {
        var rows = counts.GetValueOrDefault(Name(relation));
        var statistics = columns.Select(c => DerivedStatistics.Of(c, rows, c.Parent is null ? 0 : counts.GetValueOrDefault(c.Parent)) with { Inherited = !hasRows }).ToImmutableArray();
        relation = relation with { Counters = new RelationCounters() };
        if (!hasRows)
            return relation with { Rows = rows, Statistics = statistics };
        var width = TupleHeader + statistics.Sum(s => (1 - s.NullFraction) * s.Width);
        var pages = Pages(rows * width / PageBytes);
        return relation with
        {
            Rows = rows,
            Pages = pages,
            CurrentPages = pages,
            AllVisiblePages = pages,
            Statistics = statistics,
            Indexes = [.. relation.Indexes.Select(index => shapes.TryGetValue($"{relation.Schema}.{index.Name}", out var shape) ? Sized(index, shape, rows, pages, statistics) : index)],
        };
    }

    private static IndexFigures Sized(IndexFigures index, IndexShape shape, double rows, int tablePages, ImmutableArray<ColumnStatistics> statistics)
    {
        // Of a partial index nobody knows what it keeps; those that are worth having keep little.
        const double Kept = 0.1, Text = 24, Inverted = 0.25, RangesAPage = 300, PagesARange = 128;
        var entries = shape.IsPartial ? Math.Ceiling(rows * Kept) : rows;
        var width = shape.Columns.Sum(c => Math.Ceiling((statistics.FirstOrDefault(s => s.Column == c)?.Width ?? Text) / 8) * 8);
        var pages = Pages(1 + shape.Method switch
        {
            "gin" or "gist" or "spgist" => tablePages * Inverted * entries / Math.Max(1, rows),
            "brin" => 1 + tablePages / PagesARange / RangesAPage,
            "hnsw" or "ivfflat" => entries * (width + 200) / PageBytes,
            _ => entries * (EntryHeader + width) / (PageBytes * LeafFill),
        });
        return index with { Rows = entries, Pages = pages, CurrentPages = pages };
    }

    private static int Pages(double pages) => (int)Math.Min(int.MaxValue, Math.Ceiling(pages));

    private static async Task<Dictionary<string, IndexShape>> ShapesAsync(ScratchDatabase scratch, CancellationToken ct)
    {
        await using var open = await scratch.OpenAsync(ct);
        await using var command = new NpgsqlCommand(
            """
            select n.nspname || '.' || c.relname, m.amname::text, i.indpred is not null,
              array(select coalesce(a.attname::text, '') from unnest(i.indkey::int2[]) with ordinality k(n, place) left join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.n and k.n > 0 order by k.place)
            from pg_catalog.pg_index i join pg_catalog.pg_class c on c.oid = i.indexrelid join pg_catalog.pg_namespace n on n.oid = c.relnamespace join pg_catalog.pg_am m on m.oid = c.relam
            where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
            """, open);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var shapes = new Dictionary<string, IndexShape>(StringComparer.Ordinal);
        while (await reader.ReadAsync(ct))
            shapes[reader.GetString(0)] = new IndexShape(reader.GetString(1), reader.GetBoolean(2), [.. reader.GetFieldValue<string[]>(3)]);
        return shapes;
    }

    private static async Task<Dictionary<string, List<SchemaColumn>>> ColumnsAsync(ScratchDatabase scratch, CancellationToken ct)
    {
        await using var open = await scratch.OpenAsync(ct);
        await using var command = new NpgsqlCommand(Columns, open);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var tables = new Dictionary<string, List<SchemaColumn>>(StringComparer.Ordinal);
        while (await reader.ReadAsync(ct))
        {
            if (!tables.TryGetValue(reader.GetString(0), out var columns))
                tables.Add(reader.GetString(0), columns = []);
            columns.Add(new SchemaColumn(reader.GetString(1), reader.GetString(2), reader.GetInt16(3), reader.GetInt32(4))
            {
                IsNotNull = reader.GetBoolean(5), IsUnique = reader.GetBoolean(6), IsAscending = reader.GetBoolean(7), Parent = reader.IsDBNull(8) ? null : reader.GetString(8),
                Values = [.. reader.GetFieldValue<string[]>(9).Select(v => v.Replace("''", "'", StringComparison.Ordinal)).Distinct(StringComparer.Ordinal)],
            });
        }

        return tables;
    }

    /// <summary>What an index is made of; an expression has no column's name.</summary>
    private sealed record IndexShape(string Method, bool IsPartial, ImmutableArray<string> Columns);
}
