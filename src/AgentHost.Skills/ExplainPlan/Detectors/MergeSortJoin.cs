namespace AgentHost.Skills.ExplainPlan.Detectors;

/// <summary>A merge join first had to sort its inputs, and the sorting is a large part of the time.</summary>
internal sealed class MergeSortJoin : IPlanDetector
{
    private const string Name = "merge-sort-join";

    public string Id => Name;

    public IEnumerable<Suspicion> Detect(QueryPlan plan)
    {
        foreach (var join in plan.Nodes)
        {
            if (join is not { Type: "Merge Join", Executed: true })
                continue;
            var sorts = SortsOf(join).Where(s => s.Executed).ToList();
            var impact = sorts.Sum(plan.Times.Self);
            // What went to disk has its own finding.
            if (sorts.Count == 0 || sorts.Exists(s => s.SortDiskKb > 0) || sorts.Max(s => s.TotalRows) < Thresholds.RemovedRows || plan.ShareOf(impact) < Thresholds.MergeSortShare || !plan.Matters(impact))
                continue;
            yield return new Suspicion
            {
                Id = Name,
                Node = join,
                Impact = impact,
                Message = $"Sorts {string.Join(" and ", sorts.Select(s => $"{Figures.Count(s.TotalRows)} rows (#{s.Number})"))} only to merge them by {PlanNames.Shorten(join.MergeCond ?? "the join's key", 80)}.",
                Advice = PlanSettings.Disabled(plan, ["enable_hashjoin"]) + Advise(plan, sorts.MaxBy(plan.Times.Self)!),
                Evidence = Figures.Rows(plan, impact, [.. sorts.Select(s => ($"rows sorted by #{s.Number}", s.TotalRows, "rows"))]),
                Echoes = [.. sorts.Select(s => ("sort-near-spill", s.Number))],
            };
        }
    }

    /// <summary>The sorts that bring a merge join's inputs into its order.</summary>
    public static IEnumerable<PlanNode> SortsOf(PlanNode join) =>
        join.Children.Select(c => c.Type == "Materialize" ? c.Outer : c).OfType<PlanNode>().Where(c => c.Type is "Sort" or "Incremental Sort");

    private static string Advise(QueryPlan plan, PlanNode sort)
    {
        var hash = "A hash join needs no order: with a larger work_mem the planner takes it (SET LOCAL work_mem; explain again).";
        return sort.Outer is { Relation: not null } scan && sort.SortKey.Length > 0 && sort.SortKey.All(k => !k.Contains('(', StringComparison.Ordinal))
            ? $"{PlanNames.CreateIndex(scan, sort.SortKey.Select(k => k[(k.LastIndexOf('.') + 1)..]))} gives the order without a sort. {hash}"
            : $"{hash} Or sort less: filter and group before the join. No index gives the order of {sort.Outer?.Title ?? "its input"}.";
    }
}
