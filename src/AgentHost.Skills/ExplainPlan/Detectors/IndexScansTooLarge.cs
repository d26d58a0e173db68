namespace AgentHost.Skills.ExplainPlan.Detectors;

/// <summary>Index scans that were planned for a few rows and fetched very many one by one, where the statistics are surely out of date.</summary>
internal static class IndexScansTooLarge
{
    public static IEnumerable<Suspicion> Of(QueryPlan plan)
    {
        foreach (var node in plan.Nodes)
        {
            // Other scans do the same work whatever was expected of them; a loop above tells it with its own figures.
            if (node is not { Type: "Index Scan", Executed: true, IndexCond: not null } || node.TotalRows < Thresholds.RemovedRows || Misestimate.Ratio(plan, node) is not >= Thresholds.StaleFactor)
                continue;
            var impact = plan.Times.Self(node);
            if (plan.ShareOf(impact) < Thresholds.Dominant || !plan.Matters(impact) || EstimateCause.Of(plan, node, under: true) is not { Id: EstimateCause.Stale } cause)
                continue;
            yield return new Suspicion
            {
                Id = cause.Id,
                Node = node,
                Impact = impact,
                Message = $"Planned for {Figures.Count(node.PlanRows!.Value)} rows, got {Figures.Count(node.ActualRows!.Value)} ({Figures.Factor(EstimateCause.Factor(node))} more): {cause.Because}; so they are fetched one by one through {node.Index}.",
                Advice = cause.Advice,
                Evidence = Figures.Rows(plan, impact, ("planned rows", node.PlanRows.Value, "rows"), ("actual rows", node.ActualRows.Value, "rows")),
            };
        }
    }
}
