using System.Collections.Immutable;
using AgentHost.Postgres.Catalog;
using AgentHost.Postgres.Rows;
using AgentHost.Sql;
using Npgsql;

namespace AgentHost.Postgres.Synthesis;

/// <summary>Finds out what a schema's tables are to hold.</summary>
internal static class FillPlanning
{
    private const int PageBytes = 8192;

    /// <summary>Rows of a table that nothing is known of.</summary>
    private const double Unknown = 1000;

    public static async Task<FillPlan> MakeAsync(NpgsqlConnection connection, CatalogSnapshot snapshot, FillOptions options, CancellationToken ct)
    {
        var rowOptions = new RowOptions { Mentioned = options.Mentioned, MaxTables = int.MaxValue, MaxPartitions = int.MaxValue };
        var catalog = await RowCatalog.ReadAsync(connection, rowOptions, ct);
        var relations = snapshot.Relations.ToDictionary(relation => new QualifiedName(relation.Schema, relation.Name));
        var statistics = catalog.Tables.Where(table => relations.ContainsKey(table.Name)).ToDictionary(table => table.Oid, table => Of(table, catalog, relations));
        var fallbacks = await RowPlan.MakeAsync(connection, catalog, rowOptions, ct);
        var sizes = Sizes(catalog, relations);
        var rows = FillScale.Of(sizes, catalog.References, options);
        return new FillPlan
        {
            Catalog = catalog,
            Tables = [.. ParentsFirst(catalog).Where(table => rows.ContainsKey(table.Oid)).Select(table => (table, rows[table.Oid], sizes[table.Oid].Rows))],
            Fallbacks = fallbacks.ToDictionary(planned => planned.Table.Oid),
            Statistics = statistics,
            Keys = await UniqueColumns.ReadAsync(connection, ct),
            Joint = await JointColumns.ReadAsync(connection, snapshot, ct),
        };
    }

    /// <summary>The tables in the order in which references allow it; a partitioned one is there once its partitions are.</summary>
    private static List<RowTable> ParentsFirst(RowCatalog catalog)
    {
        var tables = catalog.Tables.ToDictionary(table => table.Oid);
        var before = catalog.References.Select(reference => (reference.Table, reference.Parent))
            .Concat(catalog.Tables.Where(table => table.Parent is not null).Select(table => (Table: table.Parent!.Value, Parent: table.Oid))).ToLookup(entry => entry.Table, entry => entry.Parent);
        var (seen, ordered) = (new HashSet<uint>(), new List<RowTable>());
        void Visit(RowTable table)
        {
            if (!seen.Add(table.Oid))
                return;
            foreach (var parent in before[table.Oid])
            {
                if (tables.TryGetValue(parent, out var other))
                    Visit(other);
            }

            ordered.Add(table);
        }

        foreach (var table in catalog.Tables)
            Visit(table);
        return ordered;
    }

    /// <summary>A table's statistics; a partition without its own takes those of the whole.</summary>
    private static ImmutableDictionary<string, ColumnStatistics> Of(RowTable table, RowCatalog catalog, Dictionary<QualifiedName, RelationFigures> relations)
    {
        var own = relations[table.Name].Statistics;
        for (var parent = table.Parent; own.IsEmpty && parent is not null;)
        {
            var whole = catalog.Tables.FirstOrDefault(candidate => candidate.Oid == parent);
            own = whole is null || !relations.TryGetValue(whole.Name, out var figures) ? [] : figures.Statistics;
            parent = whole?.Parent;
        }

        return own.GroupBy(column => column.Column, StringComparer.Ordinal).ToImmutableDictionary(group => group.Key, group => group.OrderBy(column => column.Inherited == (table.Partitions == 0) ? 0 : 1).First(), StringComparer.Ordinal);
    }

    /// <summary>The rows and bytes of every table that holds rows itself. One that others point at has at least as many as they need.</summary>
    private static Dictionary<uint, (double Rows, double Bytes)> Sizes(RowCatalog catalog, Dictionary<QualifiedName, RelationFigures> relations)
    {
        var sizes = new Dictionary<uint, (double Rows, double Bytes)>();
        foreach (var table in catalog.Tables.Where(table => table.Partitions > 0))
        {
            var figures = relations.GetValueOrDefault(table.Name);
            var pages = Math.Max(figures?.Pages ?? 0, figures?.CurrentPages ?? 0);
            var rows = figures?.Rows ?? (figures is { Counters.LiveRows: > 0 and var living } ? living : Unknown);
            // The table went on growing since its rows were counted.
            if (figures is { Rows: > 0, Pages: > 0, CurrentPages: { } current } && current > figures.Pages)
                rows *= (double)current / figures.Pages;
            sizes[table.Oid] = (rows, Math.Max((double)pages * PageBytes, rows * 32));
        }

        foreach (var reference in catalog.References)
        {
            if (sizes.TryGetValue(reference.Table, out var child) && child.Rows > 0 && sizes.TryGetValue(reference.Parent, out var parent) && parent.Rows < 1)
                sizes[reference.Parent] = (Math.Min(Unknown, child.Rows), child.Bytes);
        }

        return sizes;
    }
}
