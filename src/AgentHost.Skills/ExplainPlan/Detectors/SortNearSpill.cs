namespace AgentHost.Skills.ExplainPlan.Detectors;

/// <summary>A sort still fits in <c>work_mem</c>, but only just: some more rows, and it goes through temporary files.</summary>
internal sealed class SortNearSpill : IPlanDetector
{
    private const string Name = "sort-near-spill";

    public string Id => Name;

    public IEnumerable<Suspicion> Detect(QueryPlan plan)
    {
        // Without the settings nobody can tell how near it is.
        if (WorkMemory.Kb(plan) is not { } memory)
            yield break;
        foreach (var node in plan.Nodes)
        {
            var impact = plan.Times.Self(node);
            if (node is not { Type: "Sort", SortMethod: "quicksort", SortDiskKb: 0, Executed: true } || node.SortMemoryKb < Thresholds.NearSpill * memory
                || node.TotalRows < Thresholds.RemovedRows || !plan.Matters(impact))
                continue;
            yield return new Suspicion
            {
                Id = Name,
                Node = node,
                Impact = impact,
                Message = $"The sort of {Figures.Count(node.TotalRows)} rows takes {Figures.Kb(node.SortMemoryKb)} of work_mem's {Figures.Kb(memory)}: with {Figures.Percent(Math.Max(0.01, (memory / node.SortMemoryKb) - 1))} more rows it goes to disk.",
                Advice = $"Nothing now; watch it where the table grows (log_temp_files = 0 tells). {WorkMemory.Set(2 * node.SortMemoryKb)} for this query before that day, or carry fewer columns through the sort.",
                Evidence = Figures.Rows(plan, impact, ("memory of the sort", node.SortMemoryKb, "kB"), ("work_mem", memory, "kB")),
            };
        }
    }
}
