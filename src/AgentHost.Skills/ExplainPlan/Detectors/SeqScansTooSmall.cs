namespace AgentHost.Skills.ExplainPlan.Detectors;

/// <summary>Sequential scans that were planned for a large part of a table and found next to nothing, where the statistics are surely out of date.</summary>
internal static class SeqScansTooSmall
{
    public static IEnumerable<Suspicion> Of(QueryPlan plan)
    {
        foreach (var node in plan.Nodes)
        {
            // With so large a part expected, an index would not be used, be it there or made.
            if (!DiscardingSeqScan.IsBlamed(plan, node) || node.PlanRows is not { } planned || planned * node.Loops < Thresholds.LargePart * (node.TotalRows + node.TotalRemovedByFilter)
                || Misestimate.Ratio(plan, node) is not <= 1 / Thresholds.StaleFactor || Misestimate.StoppedEarly(plan, node))
                continue;
            var impact = plan.Times.Self(node);
            if (!plan.Matters(impact) || EstimateCause.Of(plan, node, under: false) is not { Id: EstimateCause.Stale } cause)
                continue;
            yield return new Suspicion
            {
                Id = cause.Id,
                Node = node,
                Impact = impact,
                Message = $"Planned for {Figures.Count(planned)} rows, got {Figures.Count(node.ActualRows!.Value)} ({Figures.Factor(EstimateCause.Factor(node))} fewer): {cause.Because}; for so many rows no index is used.",
                Advice = $"{cause.Advice} Then see whether an index on {string.Join(", ", PlanNames.Keys(EstimateCause.Conditions(node)))} is used, or missing.",
                Evidence = Figures.Rows(plan, impact, ("planned rows", planned, "rows"), ("actual rows", node.ActualRows.Value, "rows"), ("rows removed by filter", node.TotalRemovedByFilter, "rows")),
                Echoes = [("seq-scan-selective-filter", node.Number), .. Reading.Echoes(plan, node)],
            };
        }
    }
}
