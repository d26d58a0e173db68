using System.Collections.Immutable;

namespace AgentHost.Skills.ExplainPlan.Detectors;

/// <summary>For the first few rows of an order all rows of a table are read and sorted, where an index would give them in that order.</summary>
internal sealed class SortAvoidableLimit : IPlanDetector
{
    private const string Name = "sort-avoidable-limit";

    public string Id => Name;

    public IEnumerable<Suspicion> Detect(QueryPlan plan)
    {
        foreach (var limit in plan.Nodes)
        {
            if (limit is not { Type: "Limit", Executed: true } || SortBelow(limit) is not { Executed: true, Outer: { Executed: true } input } sort)
                continue;
            var scans = input.Type == "Append" ? input.Children.Where(c => c.Executed).ToList() : [input];
            var wanted = Math.Max(1, limit.Outer!.TotalRows);
            var impact = plan.Times.Total(sort);
            if (scans.Count == 0 || !scans.TrueForAll(s => GivesAnyOrder(plan, s)) || !SortKeys.AreIndexable(sort.SortKey, input.Type == "Append" ? null : input.Alias)
                || input.TotalRows < Thresholds.SortedPerReturned * wanted || input.TotalRows < Enough(input) || !plan.Matters(impact))
                continue;
            yield return new Suspicion
            {
                Id = Name,
                Node = sort,
                Impact = impact,
                Message = $"Reads and sorts {Figures.Count(input.TotalRows)} rows of {(scans.Count == 1 ? scans[0].Relation : $"{scans.Count} partitions, {scans[0].Relation} among them,")} by {PlanNames.Shorten(string.Join(", ", sort.SortKey), 80)} to return {Figures.Count(limit.TotalRows)}.",
                Advice = Advise(plan, scans, sort, wanted),
                Evidence = Figures.Rows(plan, impact, ("rows sorted", input.TotalRows, "rows"), ("rows returned by the limit", limit.TotalRows, "rows")),
                Echoes = Reading.Echoes(plan, sort).Union([("sort-spill", sort.Number), ("sort-near-spill", sort.Number), ("temp-spill", sort.Number)]),
            };
        }
    }

    private static double Enough(PlanNode input) => input.Type is "Index Scan" or "Index Only Scan" or "Bitmap Heap Scan" ? Thresholds.IndexRemovedRows : Thresholds.RemovedRows;

    private static PlanNode? SortBelow(PlanNode limit)
    {
        var below = limit.Outer;
        while (below is { Type: "Gather Merge" or "Gather" or "Result" or "LockRows" or "Subquery Scan", Filter: null })
            below = below.Outer;
        return below is { Type: "Sort" or "Incremental Sort" } ? below : null;
    }

    // An index on the sort's columns gives the same rows: all of a table, or those with equal keys. A range leaves no room for another order.
    private static bool GivesAnyOrder(QueryPlan plan, PlanNode scan) => scan switch
    {
        { Relation: null } => false,
        { Type: "Seq Scan" } => scan.TotalRemovedByFilter < Thresholds.RemovedShare * (scan.TotalRemovedByFilter + scan.TotalRows) && InnerScanRepeated.Repeater(plan, scan) is null,
        { Type: "Index Scan" or "Index Only Scan", OrderBy: null } => HasEqualKeys(scan.IndexCond, scan.Alias),
        { Type: "Bitmap Heap Scan" } => HasEqualKeys(scan.RecheckCond, scan.Alias),
        _ => false,
    };

    private static bool HasEqualKeys(string? condition, string? alias) => condition is not null && FilterClause.Split(condition, alias) is var clauses
        && clauses.All(c => c.Kind is ClauseKind.Equality && !c.Text.Contains("ANY (", StringComparison.Ordinal));

    private static string Advise(QueryPlan plan, List<PlanNode> scans, PlanNode sort, double wanted)
    {
        var scan = scans[0];
        if (sort.SortKey.Any(SortKeys.IsDistance))
            return $"An index that gives rows by distance: CREATE INDEX CONCURRENTLY ON {PlanNames.Table(scan)} USING gist ({SortKeys.DistanceColumn(sort.SortKey[0])}), for a vector USING hnsw with the operator class of its distance; ORDER BY must be the distance alone.";
        var equal = FilterClause.Split(scan.IndexCond ?? scan.RecheckCond ?? "", scan.Alias).Concat(FilterClause.Split(scan.Filter ?? "", scan.Alias))
            .Where(c => c is { Kind: ClauseKind.Equality, Subject.Length: > 0 } && !c.Text.Contains("ANY (", StringComparison.Ordinal)).Select(c => c.Subject).Distinct(StringComparer.Ordinal).ToImmutableArray();
        var order = SortKeys.Columns(sort.SortKey);
        ImmutableArray<string> keys = [.. equal, .. order.Where(k => !equal.Contains(k, StringComparer.Ordinal))];
        if (scans.Count > 1)
            return $"An index on ({string.Join(", ", keys)}) of the partitioned table: {PlanNames.CreateIndex(scan, keys)} and so on for each partition, then the same without CONCURRENTLY on the parent, which takes them over. Merge Append then stops after {Figures.Count(wanted)} rows. More work_mem does not help.";
        return plan.Catalog.IndexOn(scan, keys) is { } index
            ? $"The index {index} on ({string.Join(", ", keys)} …) is there, and was not used: compare direction, NULLS and collation with the ORDER BY, and its price with enable_sort = off."
            : $"{PlanNames.CreateIndex(scan, keys)}: rows come in order then, and the scan stops after {Figures.Count(wanted)}. More work_mem does not help: the rows are read all the same.";
    }
}
