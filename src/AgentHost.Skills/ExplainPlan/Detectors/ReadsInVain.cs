namespace AgentHost.Skills.ExplainPlan.Detectors;

/// <summary>Joins that read a whole table since many rows were expected on the other side, told at the node where the error begins.</summary>
internal static class ReadsInVain
{
    public static IEnumerable<Suspicion> Of(QueryPlan plan)
    {
        var seen = new HashSet<int>();
        foreach (var join in plan.Nodes)
        {
            if (join is not { Type: "Hash Join" or "Merge Join", Outer: { Executed: true } outer, Inner: { } inner } || Misestimate.StoppedEarly(plan, join))
                continue;
            foreach (var (few, other) in ((PlanNode, PlanNode)[])[(outer, inner), (inner, outer)])
            {
                if (Suspect(plan, join, Read(join, few, other), other) is { } suspicion && seen.Add(suspicion.Node.Number))
                    yield return suspicion;
            }
        }
    }

    /// <summary>
    /// The node that was surely read to its end, null where neither is. A merge join stops when either side ends, and what was sorted for it was read before; a hash
    /// join asks for one row to look up, and for no more where the hash is empty.
    /// </summary>
    private static PlanNode? Read(PlanNode join, PlanNode side, PlanNode other) => join.Type == "Merge Join"
        ? side.Type == "Sort" ? side.Outer : null
        : side == join.Outer && other.TotalRows < 1 ? null : side;

    private static Suspicion? Suspect(QueryPlan plan, PlanNode join, PlanNode? few, PlanNode other)
    {
        if (few is null || Misestimate.Ratio(plan, few) is not { } ratio || ratio > 1 / Thresholds.MisestimateFactor || !(few.PlanRows >= Thresholds.MisestimateRows))
            return null;
        // With few rows a lookup for each would have read that many rows of the other side and not all of it.
        var scan = plan.Subtree(other).FirstOrDefault(n => n is { Type: "Seq Scan" or "Index Scan" or "Index Only Scan", Filter: null, IndexCond: null } && n.TotalRows >= Thresholds.RemovedRows);
        var impact = plan.Times.Total(other);
        if (scan is null || scan.TotalRows < Thresholds.OffsetFactor * few.TotalRows || !plan.Matters(impact))
            return null;
        var origin = Misestimate.Origin(plan, few, under: false);
        if (Misestimate.StoppedEarly(plan, origin) && origin != few)
            return null;
        // An index on the scan's expression finds the rows and knows how many they are: that is the scan's finding.
        if (DiscardingSeqScan.IsBlamed(plan, origin) && EstimateCause.Conditions(origin).Any(c => c.Kind is ClauseKind.Expression or ClauseKind.CastColumn || c.MayBeCast))
            return null;
        var cause = EstimateCause.Of(plan, origin, under: false);
        return new Suspicion
        {
            Id = cause.Id,
            Node = origin,
            Impact = impact,
            Message = $"Planned for {Figures.Count(origin.PlanRows!.Value)} rows, got {Figures.Count(origin.ActualRows!.Value)} ({Figures.Factor(EstimateCause.Factor(origin))} fewer){(cause.Because.Length == 0 ? "" : ": " + cause.Because)}; "
                + $"so {join.Label} reads all {Figures.Count(scan.TotalRows)} rows of {scan.Relation} where a lookup for each row would do.",
            Advice = cause.Advice,
            Evidence = Figures.Rows(plan, impact, ("planned rows per loop", origin.PlanRows.Value, "rows"), ("actual rows per loop", origin.ActualRows.Value, "rows"), ("rows read in vain", scan.TotalRows, "rows")),
            // What the join did with rows that it need not have read goes away with them.
            Echoes = [.. plan.Subtree(join).SelectMany(n => ((string, int)[])[("hash-batches-spill", n.Number), ("hash-batches-grew", n.Number), ("hash-build-side", n.Number), ("sort-spill", n.Number), ("merge-sort-join", n.Number)])],
        };
    }
}
