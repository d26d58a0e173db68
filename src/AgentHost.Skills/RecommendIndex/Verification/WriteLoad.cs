using System.Collections.Immutable;
using AgentHost.Postgres.Catalog;
using AgentHost.Sql;

namespace AgentHost.Skills.RecommendIndex.Verification;

/// <summary>How often tables are written, and which writes an index adds to.</summary>
internal sealed class WriteLoad
{
    private readonly ImmutableArray<TableWrites> writes;
    private readonly Dictionary<QualifiedName, double> hotShares = [];

    /// <param name="writes">The writes; those among the queries are measured as they run.</param>
    /// <param name="snapshot">Tells how many updates are HOT.</param>
    public WriteLoad(ImmutableArray<TableWrites> writes, CatalogSnapshot snapshot)
    {
        this.writes = writes;
        foreach (var relation in snapshot.Relations.Where(relation => relation.Counters.Updated > 0))
            hotShares[new QualifiedName(relation.Schema, relation.Name)] = Math.Min(1, (double)relation.Counters.HotUpdated / relation.Counters.Updated);
    }

    /// <summary>The share of a table's updates that are HOT now, and that would be with an index that holds some of its columns; null where it has no updates.</summary>
    public (double? Before, double? After) HotShares(BuiltIndex index)
    {
        var updates = Updates(index);
        var all = updates.Sum(update => update.Rows);
        if (!hotShares.TryGetValue(index.Index.Table, out var before))
            return (null, null);
        if (all <= 0)
            return (before, before);
        return (before, before * updates.Where(update => !Touches(index, update)).Sum(update => update.Rows) / all);
    }

    /// <summary>Weighted milliseconds that keeping an index up costs.</summary>
    public double Milliseconds(BuiltIndex index, EntryPrice? price)
    {
        if (price is null)
            return 0;
        var hot = hotShares.GetValueOrDefault(index.Index.Table);
        var entries = writes.Where(table => table.Table == index.Index.Table).Sum(table => table.Inserts);
        // An update that is HOT makes no entry, unless the index holds a column that it sets: then it is none any more.
        foreach (var update in Updates(index))
            entries += update.Rows * (Touches(index, update) ? 1 : 1 - hot);
        return entries * price.Milliseconds;
    }

    private List<ColumnUpdates> Updates(BuiltIndex index) => [.. writes.Where(table => table.Table == index.Index.Table).SelectMany(table => table.Updates)];

    /// <summary>BRIN summarises whole blocks, and what it holds may change under HOT (since version 16).</summary>
    private static bool Touches(BuiltIndex index, ColumnUpdates update) => index.Method != "brin" && update.Columns.Any(index.Columns.Contains);
}
