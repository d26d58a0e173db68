using AgentHost.Sql.Queries;

namespace AgentHost.Skills.RecommendIndex;

/// <summary>What an index costs the workload's writes, in planner units, a row a statement.</summary>
internal sealed class WriteCharge(IReadOnlyList<AnalysedWrite> writes)
{
    /// <summary>A new entry: one leaf page is found and dirtied, half of the time out of cache at the default price of 4 for a random page.</summary>
    private const double Entry = 2;

    /// <summary>The price of an index under all writes.</summary>
    public double Of(IndexCandidate index) => writes.Where(w => w.Table == index.Table.Name).Sum(w => w.Query.Weight * PerRow(w, index));

    private static double PerRow(AnalysedWrite write, IndexCandidate index) => write.Kind switch
    {
        QueryKind.Insert => Entry,
        // Setting any column of an index, be it in its predicate only, ends HOT: every index of the table gets a new entry (README.HOT).
        QueryKind.Update or QueryKind.Merge when Mentions(index, write) => Entry * (1 + index.Table.Indexes.Length),
        _ => 0,
    };

    private static bool Mentions(IndexCandidate index, AnalysedWrite write) =>
        write.Assigned.Any(column => index.Keys.Any(k => k.Facts.Columns.Contains(column)) || index.Predicate?.Columns.Contains(column) == true);
}
