namespace AgentHost.Skills.ExplainPlan.Detectors;

/// <summary>A hash join put the larger side into memory, since the estimate had it for the smaller.</summary>
internal sealed class HashBuildSide : IPlanDetector
{
    private const string Name = "hash-build-side";

    public string Id => Name;

    public IEnumerable<Suspicion> Detect(QueryPlan plan)
    {
        foreach (var join in plan.Nodes)
        {
            if (join is not { Type: "Hash Join", Outer: { Executed: true } probe, Inner: { Type: "Hash", Executed: true } build } || Misestimate.StoppedEarly(plan, join))
                continue;
            // A hash that is not shared is built by each process anew.
            var built = build.TotalRows / (build.ParallelAware ? 1 : plan.Times.Processes(build));
            var impact = plan.Times.Self(build) + plan.Times.Self(join);
            if (built < Thresholds.RemovedRows || built < Thresholds.BuildFactor * Math.Max(1, probe.TotalRows) || !plan.Matters(impact) || Culprit(plan, probe, build) is not { } culprit)
                continue;
            var under = culprit == build;
            var origin = Misestimate.Origin(plan, culprit, under);
            yield return new Suspicion
            {
                Id = Name,
                Node = join,
                Impact = impact,
                Message = $"Builds a hash table of {Figures.Count(built)} rows to look up {Figures.Count(probe.TotalRows)}: planned were {Figures.Count(build.PlanRows!.Value)} and {Figures.Count(probe.PlanRows!.Value)}.",
                Advice = $"Mend the estimate, and the small side is hashed (or looked up): it begins at {origin.Label}, planned {Figures.Count(origin.PlanRows ?? 0)} and got {Figures.Count(origin.ActualRows ?? 0)} rows. {EstimateCause.Of(plan, origin, under).Advice}",
                Evidence = Figures.Rows(plan, impact, ("rows built", built, "rows"), ("rows looked up", probe.TotalRows, "rows"), ("planned rows to build", build.PlanRows.Value, "rows")),
                Echoes = [("hash-batches-spill", build.Number), ("hash-batches-grew", build.Number)],
            };
        }
    }

    /// <summary>The side whose estimate made the planner choose so; null where it knew, and the kind of join left no choice.</summary>
    private static PlanNode? Culprit(QueryPlan plan, PlanNode probe, PlanNode build)
    {
        if (build.PlanRows is not { } built || probe.PlanRows is not { } looked || built > looked)
            return null;
        var (under, over) = (Misestimate.Ratio(plan, build) ?? 1, 1 / (Misestimate.Ratio(plan, probe) ?? 1));
        return Math.Max(under, over) < Thresholds.BuildFactor ? null : under >= over ? build : probe;
    }
}
