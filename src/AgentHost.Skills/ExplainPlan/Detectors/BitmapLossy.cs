namespace AgentHost.Skills.ExplainPlan.Detectors;

/// <summary>A bitmap did not fit in <c>work_mem</c> and forgot which rows of a page it meant: every row of such pages is tried again.</summary>
internal sealed class BitmapLossy : IPlanDetector
{
    private const string Name = "bitmap-lossy";

    public string Id => Name;

    public IEnumerable<Suspicion> Detect(QueryPlan plan)
    {
        foreach (var node in plan.Nodes)
        {
            if (!IsSeen(plan, node))
                continue;
            var impact = plan.Times.Self(node);
            if (!plan.Matters(impact))
                continue;
            var removed = node.RemovedByRecheck * node.Loops!.Value;
            var memory = BitmapMemory.NeededMb(plan, node);
            yield return new Suspicion
            {
                Id = Name,
                Node = node,
                Impact = impact,
                Message = $"The bitmap of {Figures.Count(node.LossyHeapBlocks + node.ExactHeapBlocks)} pages did not fit in work_mem: for {Figures.Count(node.LossyHeapBlocks)} of them only the page is known, and {Figures.Count(removed)} rows were tried in vain.",
                Advice = $"SET LOCAL work_mem = '{memory:0}MB' for this query keeps every page exact (64 bytes a page); no index and no ANALYZE changes that. A condition that finds fewer rows needs less.",
                Evidence = Figures.Rows(plan, impact, ("lossy pages", node.LossyHeapBlocks, "blocks"), ("exact pages", node.ExactHeapBlocks, "blocks"), ("rows removed by recheck", removed, "rows")),
                Echoes = Reading.Echoes(plan, node).Add(("bitmap-recheck-waste", node.Number)),
            };
        }
    }

    /// <summary>Whether a bitmap was lossy for want of memory, and to its harm.</summary>
    public static bool IsSeen(QueryPlan plan, PlanNode node) =>
        node is { Type: "Bitmap Heap Scan", Executed: true } && node.LossyHeapBlocks > node.ExactHeapBlocks
        && node.RemovedByRecheck >= Thresholds.LossyRemovedPerKept * (node.ActualRows + node.RemovedByFilter) && node.RemovedByRecheck * node.Loops >= Thresholds.IndexRemovedRows
        && BitmapMemory.RanOut(plan, node);
}
