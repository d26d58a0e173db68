namespace AgentHost.Skills.ExplainPlan.Detectors;

/// <summary>A sort did not fit in <c>work_mem</c> and went through temporary files.</summary>
internal sealed class SortSpill : IPlanDetector
{
    private const string Name = "sort-spill";

    public string Id => Name;

    public IEnumerable<Suspicion> Detect(QueryPlan plan)
    {
        foreach (var node in plan.Nodes)
        {
            var impact = plan.Times.Self(node);
            if (node.SortDiskKb <= 0 || !node.Executed || !plan.Matters(impact))
                continue;
            yield return new Suspicion
            {
                Id = Name,
                Node = node,
                Impact = impact,
                Message = $"Sorting {Figures.Count(node.TotalRows)} rows by {PlanNames.Shorten(string.Join(", ", node.SortKey), 80)} did not fit in work_mem and wrote {Figures.Kb(node.SortDiskKb)} to disk.",
                Advice = Advise(plan, node),
                Evidence = Figures.Rows(plan, impact, ("written to temporary files", node.SortDiskKb, "kB"), ("rows sorted", node.TotalRows, "rows")),
            };
        }
    }

    private static string Advise(QueryPlan plan, PlanNode node)
    {
        // Rows are packed on disk; in memory they take two to three times as much (tuple headers and the sort array).
        const double MemoryPerDisk = 3;
        const double LargestKb = 256 * 1024;
        var memory = $"SET LOCAL work_mem = '{Math.Ceiling(node.SortDiskKb / plan.Times.Processes(node) * MemoryPerDisk / 1024):0}MB' for this query";
        var scan = node.Children.FirstOrDefault();
        var index = scan?.Relation is not null && node.SortKey.All(k => !k.Contains('(', StringComparison.Ordinal))
            ? $"an index on {PlanNames.Table(scan)} ({string.Join(", ", node.SortKey.Select(Unqualified))}) gives the order without a sort where only a part is read"
            : "sort fewer or narrower rows";
        return node.SortDiskKb * MemoryPerDisk <= LargestKb
            ? $"{memory} (not for the whole server: every sort of every session may take it); or {index}."
            : $"Too large for memory: {index}; select fewer columns before the sort.";
    }

    private static string Unqualified(string key) => key[(key.LastIndexOf('.') + 1)..];
}
