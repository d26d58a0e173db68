using AgentHost.Sql.Queries;

namespace AgentHost.Skills.RecommendIndex;

/// <summary>
/// What an index costs the workload's writes, in planner units. A unit is about 10 µs of work (cpu_tuple_cost is 0.01 and a row takes a tenth of a microsecond);
/// the figures are from inserting 60,000 rows in statements of 100 into a table with that one index, all in memory: µs a row more than without index
/// were 1 for a btree of numbers, 3.5 of 32-byte texts, 1 for GIN over arrays of three, 8 over documents of four members by path and 11 by key, 15 over texts of
/// eight words, 48 over trigrams of 45 letters, 9 for GiST of points and 25 of ranges, 7 for SP-GiST, 0 for BRIN, 1,300 for HNSW.
/// </summary>
internal sealed class WriteCharge(IReadOnlyList<AnalysedWrite> writes)
{
    /// <summary>A new entry: one leaf page is found and dirtied, half of the time out of cache at the default price of 4 for a random page.</summary>
    private const double Page = 2;

    /// <summary>The most rows that a statement is charged for: the planner's guess of an average one may be far off.</summary>
    private const double MaxRows = 1_000;

    /// <summary>The price of an index under all writes.</summary>
    public double Of(IndexCandidate index) =>
        writes.Where(w => w.Table == index.Table.Name).Sum(w => w.Weight * Math.Clamp(w.Rows, 1, MaxRows) * PerRow(w, index));

    /// <summary>Whether an update of the workload that was HOT until now is so no longer.</summary>
    public bool EndsHot(IndexCandidate index) => index.Method != "brin" && writes.Any(w => w.Table == index.Table.Name && IsUpdate(w) && index.Columns.Any(w.Assigned.Contains)
        && !index.Table.Indexes.Any(i => i.Keys.Any(k => index.Table.Columns.Values.Any(c => c.Number == k.Column && w.Assigned.Contains(c.Name)))));

    private static double PerRow(AnalysedWrite write, IndexCandidate index) => write.Kind switch
    {
        QueryKind.Insert => Entry(index) * (index.Predicate?.Fraction ?? 1),
        // Setting any column of an index, be it in its payload or predicate only, ends HOT: every index of the table gets a new entry (README.HOT). BRIN alone does not (16 on).
        _ when IsUpdate(write) && index.Method != "brin" && index.Columns.Any(write.Assigned.Contains) => Entry(index) + (Page * index.Table.Indexes.Length),
        _ => 0,
    };

    private static bool IsUpdate(AnalysedWrite write) => write.Kind is QueryKind.Update or QueryKind.Merge;

    private static double Entry(IndexCandidate index) => index.Method switch
    {
        // Entries wait in a list until it is full, so that pages are found for many at once; each key is work.
        "gin" => (Page / 2) + index.Keys.Sum(GinWork),
        "gist" => Page + 2,
        "spgist" => Page + 0.7,
        "brin" => 0.05,
        "hnsw" => 130,
        _ => Page,
    };

    private static double GinWork(CandidateKey key) => key.Role switch
    {
        KeyRole.Pattern => 0.11 * Math.Min(500, key.Facts.IsExpression ? 40 : key.Facts.Width),
        KeyRole.Contains when key.Facts.Elements > 0 => 0.15 * Math.Min(500, key.Facts.Elements),
        KeyRole.Contains => 1,
        _ => 0.3,
    };
}
