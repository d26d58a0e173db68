namespace AgentHost.Skills.ExplainPlan.Detectors;

/// <summary>A nested loop was planned for a few rows, and many came: the error is named where it begins, with what it costs.</summary>
internal sealed class RowUnderestimate : IPlanDetector
{
    private const string Name = "row-underestimate";

    public string Id => Name;

    public IEnumerable<Suspicion> Detect(QueryPlan plan)
    {
        var seen = new HashSet<int>();
        foreach (var loop in plan.Nodes)
        {
            if (loop is not { Type: "Nested Loop", Outer: { Executed: true } outer, Inner: { Executed: true } inner })
                continue;
            if (Misestimate.Ratio(plan, outer) is not >= Thresholds.MisestimateFactor || outer.TotalRows < Thresholds.MisestimateRows
                || inner.Loops / plan.Times.Processes(inner) is not >= Thresholds.MisestimateLoops)
                continue;
            var impact = plan.Times.Total(inner) + plan.Times.Self(loop);
            if (!plan.Matters(impact))
                continue;
            var origin = Misestimate.Origin(plan, outer, under: true);
            if (!seen.Add(origin.Number))
                continue;
            yield return new Suspicion
            {
                Id = Name,
                Node = origin,
                Impact = impact,
                Message = $"Planned for {Figures.Count(origin.PlanRows!.Value)} rows, got {Figures.Count(origin.ActualRows!.Value)} ({Figures.Factor(Math.Max(1, origin.ActualRows.Value) / Math.Max(1, origin.PlanRows.Value))} more); "
                    + $"so {loop.Label} was chosen and ran its inner side {Figures.Count(inner.Loops!.Value)} times.",
                Advice = Misestimate.Advise(origin),
                Evidence = Figures.Rows(plan, impact, ("planned rows per loop", origin.PlanRows.Value, "rows"), ("actual rows per loop", origin.ActualRows.Value, "rows"), ("inner loops", inner.Loops.Value, "loops")),
                Echoes = [.. plan.Subtree(inner).Append(loop).SelectMany(n => ((string, int)[])[("inner-scan-repeated", n.Number), ("row-underestimate", n.Number)])],
            };
        }
    }
}
