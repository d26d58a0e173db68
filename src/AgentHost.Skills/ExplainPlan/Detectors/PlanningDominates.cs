using System.Collections.Immutable;

namespace AgentHost.Skills.ExplainPlan.Detectors;

/// <summary>Planning took longer than running, and for a reason that stays: many tables, many partitions, a long list.</summary>
internal sealed class PlanningDominates : IPlanDetector
{
    private const string Name = "planning-dominates";

    public string Id => Name;

    public IEnumerable<Suspicion> Detect(QueryPlan plan)
    {
        if (!plan.Timed || plan is not { PlanningMs: { } planning, ExecutionMs: { } execution } || planning <= execution)
            yield break;
        var relations = plan.Nodes.Count(n => n.Relation is not null) + (int)plan.Nodes.Sum(n => n.SubplansRemoved);
        // A session's first statement reads the catalog, which says nothing of the next: a small plan must be slow beyond that.
        var enough = relations >= Thresholds.PlannedRelations || plan.PlanningMemoryKb >= Thresholds.PlanningKb ? Thresholds.PlanningMs
            : plan.Nodes.Any(n => n.Type is "Append" or "Merge Append") ? Thresholds.PlanningOfPartitionsMs
            : Thresholds.PlanningOfFewMs;
        if (planning < enough)
            yield break;
        yield return new Suspicion
        {
            Id = Name,
            Node = plan.Root,
            Impact = planning,
            Message = $"Planning took {Figures.Ms(planning)}, running it {Figures.Ms(execution)}: {relations} tables{(IsPartitioned(plan) ? " and partitions are left of those considered" : "")}{(plan.PlanningMemoryKb is { } kb ? $", {Figures.Kb(kb)} of memory" : "")}.",
            Advice = Advise(plan),
            Evidence = Evidence(plan, planning, execution),
        };
    }

    private static ImmutableArray<Evidence> Evidence(QueryPlan plan, double planning, double execution) =>
    [
        new Measured("planning", Math.Round(planning, 3), "ms"), new Measured("execution", Math.Round(execution, 3), "ms"),
        .. plan.PlanningMemoryKb is { } kb ? (Evidence[])[new Measured("memory of planning", kb, "kB")] : [],
    ];

    private static bool IsPartitioned(QueryPlan plan) => plan.Nodes.Any(n => n.Type is "Append" or "Merge Append");

    private static string Advise(QueryPlan plan)
    {
        const string Prepare = "Prepare the statement once and run it many times (PREPARE, or the driver's prepared statements; plan_cache_mode = force_generic_plan keeps one plan)";
        const string First = " If it was the session's first statement, explain it again: a pool keeps sessions warm.";
        return IsPartitioned(plan)
            ? $"{Prepare}; and fewer partitions: the key compared with a constant prunes while planning, months instead of days make a thirtieth of them.{First}"
            : plan.Nodes.Count(n => n.IsJoin) >= Thresholds.PlannedJoins
                ? $"{Prepare}. The order of {plan.Nodes.Count(n => n.IsJoin)} joins is searched: SET LOCAL join_collapse_limit = 1 keeps the order as written, once it is written well.{First}"
                : $"{Prepare}; a long IN list as one array parameter: = ANY ($1).{First}";
    }
}
