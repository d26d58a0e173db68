namespace AgentHost.Skills.ExplainPlan.Detectors;

/// <summary>
/// Scans that suit the rows expected and not those that came, where the statistics are surely out of date: an index walked for very many rows, or a table read for a
/// few. Other scans do the same work whatever was expected of them.
/// </summary>
internal static class ScansMischosen
{
    public static IEnumerable<Suspicion> Of(QueryPlan plan)
    {
        foreach (var node in plan.Nodes)
        {
            var impact = plan.Times.Self(node);
            if (!node.Executed || Misestimate.Ratio(plan, node) is not { } ratio || plan.ShareOf(impact) < Thresholds.Dominant || !plan.Matters(impact))
                continue;
            var tooMany = ratio >= Thresholds.StaleFactor && node is { Type: "Index Scan", IndexCond: not null } && node.TotalRows >= Thresholds.RemovedRows;
            var tooFew = ratio <= 1 / Thresholds.StaleFactor && ReadForMany(plan, node);
            if ((!tooMany && !tooFew) || EstimateCause.Of(plan, node, tooMany) is not { Id: EstimateCause.Stale } cause)
                continue;
            yield return new Suspicion
            {
                Id = cause.Id,
                Node = node,
                Impact = impact,
                Message = $"Planned for {Figures.Count(node.PlanRows!.Value)} rows, got {Figures.Count(node.ActualRows!.Value)} ({Figures.Factor(EstimateCause.Factor(node))} {(tooMany ? "more" : "fewer")}): {cause.Because}; "
                    + (tooMany ? $"so they are fetched one by one through {node.Index}." : "so the whole table is read, whatever indexes there are."),
                Advice = cause.Advice + (tooFew && PlanNames.Keys(EstimateCause.Conditions(node)) is { Count: > 0 } keys ? $" If it is read whole even then, it lacks an index: {PlanNames.CreateIndex(node, keys)}." : ""),
                Evidence = Figures.Rows(plan, impact, ("planned rows", node.PlanRows.Value, "rows"), ("actual rows", node.ActualRows.Value, "rows")),
                Echoes = [("seq-scan-selective-filter", node.Number)],
            };
        }
    }

    // So many were expected that no index would have been taken for them.
    private static bool ReadForMany(QueryPlan plan, PlanNode node)
    {
        var read = node.TotalRemovedByFilter + node.TotalRows;
        return node is { Type: "Seq Scan", ParallelAware: false } && !Misestimate.StoppedEarly(plan, node) && read >= Thresholds.RemovedRows && node.PlanRows >= (1 - Thresholds.RemovedShare) * read;
    }
}
