using System.Collections.Immutable;

namespace AgentHost.Skills.ExplainPlan.Detectors;

/// <summary>Nested loops that were planned for a few outer rows and got many, told at the node where the error begins.</summary>
internal static class LoopsTooMany
{
    /// <summary>The id where the error is spread over joins, or is too small at each scan to be named there.</summary>
    public const string LoopId = "nested-loop-misestimate";

    // What a better join would not do, at the loop and below its inner side.
    private static readonly ImmutableArray<string> Suffered = ["inner-scan-repeated", "join-filter-discard", "index-lookups-many", "index-only-possible", "memoize-thrash", LoopId, EstimateCause.Under];

    public static IEnumerable<Suspicion> Of(QueryPlan plan)
    {
        var hurt = plan.Nodes.Where(n => IsHurt(plan, n)).Select(loop => (Loop: loop, Origin: Misestimate.Origin(plan, loop.Outer!, under: true), Impact: Cost(plan, loop)));
        foreach (var group in hurt.GroupBy(h => h.Origin.Number))
        {
            var impact = group.Sum(h => h.Impact);
            var worst = group.MaxBy(h => h.Impact);
            if (!plan.Matters(impact) || plan.ShareOf(impact) < Thresholds.MisestimateShare || !IsLarge(plan, worst.Loop, impact))
                continue;
            var suspicion = Suspect(plan, worst.Loop, worst.Origin, impact);
            if (suspicion is not null)
                yield return suspicion with { Echoes = [.. group.SelectMany(h => Echoes(plan, h.Loop)), .. HashesOf(plan, worst.Origin)] };
        }
    }

    private static bool IsHurt(QueryPlan plan, PlanNode loop) =>
        loop is { Type: "Nested Loop", Outer: { Executed: true } outer, Inner: { Executed: true } inner }
        && Misestimate.Ratio(plan, outer) >= Thresholds.LoopFactor && inner.Loops / plan.Times.Processes(inner) >= Thresholds.MisestimateLoops;

    private static double Cost(QueryPlan plan, PlanNode loop) => plan.Times.Total(loop.Inner!) + plan.Times.Self(loop);

    private static bool IsLarge(QueryPlan plan, PlanNode loop, double impact) =>
        loop.Outer!.TotalRows >= Thresholds.MisestimateRows || (plan.Timed && impact >= Thresholds.Milliseconds);

    private static Suspicion? Suspect(QueryPlan plan, PlanNode loop, PlanNode origin, double impact)
    {
        var cause = EstimateCause.Of(plan, origin, under: true);
        var spread = cause.Id == EstimateCause.Under && (cause.OfJoin || EstimateCause.Factor(origin) < Thresholds.MisestimateFactor);
        // Off by less than ten, or by little everywhere: only where the loop is most of the time is another join surely better.
        if (spread && EstimateCause.Factor(loop.Outer!) < Thresholds.MisestimateFactor && plan.ShareOf(impact) < Thresholds.Dominant)
            return null;
        var at = spread ? loop : origin;
        var seen = spread ? loop.Outer! : origin;
        var inner = loop.Inner!;
        return new Suspicion
        {
            Id = spread ? LoopId : cause.Id,
            Node = at,
            Impact = impact,
            Message = $"Planned for {Figures.Count(seen.PlanRows!.Value)} {(spread ? "outer rows" : "rows")}, got {Figures.Count(seen.ActualRows!.Value)} ({Figures.Factor(EstimateCause.Factor(seen))} more){Because(cause, spread)}; "
                + $"so {(spread ? "this loop" : loop.Label)} was chosen and ran its inner side {Figures.Count(inner.Loops!.Value)} times.",
            Advice = PlanSettings.Disabled(plan, PlanSettings.OtherJoins) + (spread ? $"The error begins at {origin.Label}: {cause.Advice} enable_nestloop = off is a test, no cure." : cause.Advice),
            Evidence = Figures.Rows(plan, impact, ("planned rows per loop", seen.PlanRows.Value, "rows"), ("actual rows per loop", seen.ActualRows.Value, "rows"), ("inner loops", inner.Loops.Value, "loops")),
        };
    }

    private static string Because(EstimateCause cause, bool spread) => spread || cause.Because.Length == 0 ? "" : ": " + cause.Because;

    private static IEnumerable<(string, int)> Echoes(QueryPlan plan, PlanNode loop) =>
        plan.Subtree(loop.Inner!).Append(loop).SelectMany(n => Suffered.Where(id => n != loop || id != LoopId).Select(id => (id, n.Number)));

    /// <summary>Hash joins whose table grew by the same error.</summary>
    private static IEnumerable<(string, int)> HashesOf(QueryPlan plan, PlanNode origin) => plan.Nodes
        .Where(n => n.Type == "Hash" && Misestimate.Ratio(plan, n) >= Thresholds.HashRowsFactor && Misestimate.Origin(plan, n, under: true) == origin)
        .SelectMany(n => ((string, int)[])[("hash-batches-grew", n.Number), ("hash-build-side", n.Parent)]);
}
