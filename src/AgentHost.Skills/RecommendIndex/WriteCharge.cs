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

    /// <summary>What was HOT and is no longer costs more than its entries: the table's versions leave their pages, VACUUM must find each dead entry, and WAL grows by as many times as there are indexes.</summary>
    private const double HotLoss = 4;

    /// <summary>The most rows that a statement is charged for: the planner's guess of an average one may be far off.</summary>
    private const double MaxRows = 1_000;

    /// <summary>The price of a set under all writes: a change that one of its indexes keeps from being HOT is paid by all of its table.</summary>
    public double Of(IReadOnlyCollection<IndexCandidate> indexes)
    {
        if (indexes.Count == 0 || writes.Count == 0)
            return 0;
        var byTable = indexes.ToLookup(i => i.Table.Name);
        return writes.Sum(write => byTable.Contains(write.Table) ? write.Weight * Math.Clamp(write.Rows, 1, MaxRows) * PerRow(write, [.. byTable[write.Table]]) : 0);
    }

    /// <summary>What an index of the set adds to its price.</summary>
    public double Of(IndexCandidate index, IReadOnlyCollection<IndexCandidate> set) => Of(set) - Of([.. set.Where(i => !i.Equals(index))]);

    /// <summary>Whether an update of the workload that was HOT until now is so no longer.</summary>
    public bool EndsHot(IndexCandidate index) => writes.Any(w => w.Table == index.Table.Name && IsUpdate(w) && IsHot(w, index.Table) && Touches(w, index));

    private static double PerRow(AnalysedWrite write, List<IndexCandidate> indexes)
    {
        if (write.Kind == QueryKind.Insert)
            return indexes.Sum(EntryOfAny);
        if (!IsUpdate(write))
            return 0;
        // Setting any column of an index, be it in its payload or predicate only, ends HOT: every index of the table gets a new entry (README.HOT).
        var table = indexes[0].Table;
        var ends = indexes.Exists(i => Touches(write, i));
        return IsHot(write, table) ? ends ? HotLoss * (indexes.Sum(EntryOfAny) + (Page * table.Indexes.Length)) : 0 : indexes.Sum(EntryOfAny);
    }

    // BRIN alone does not keep an update from being HOT (16 on).
    private static bool Touches(AnalysedWrite write, IndexCandidate index) => index.Method != "brin" && index.Columns.Any(write.Assigned.Contains);

    private static bool IsHot(AnalysedWrite write, TableFacts table) => !table.Indexes.Any(i => i.Method != "brin" && (i.Include.Any(write.Assigned.Contains)
        || i.Keys.Any(k => table.Columns.Values.Any(c => c.Number == k.Column && write.Assigned.Contains(c.Name)))));

    private static bool IsUpdate(AnalysedWrite write) => write.Kind is QueryKind.Update or QueryKind.Merge;

    private static double EntryOfAny(IndexCandidate index) => Entry(index) * (index.Predicate?.Fraction ?? 1);

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
