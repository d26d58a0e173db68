using System.Collections.Immutable;

namespace AgentHost.Skills.ExplainPlan.Detectors;

/// <summary>Sequential scans that throw nearly all rows away, shared by the detectors that tell why no index could help.</summary>
internal abstract class DiscardingSeqScan : IPlanDetector
{
    public abstract string Id { get; }

    public IEnumerable<Suspicion> Detect(QueryPlan plan)
    {
        foreach (var node in plan.Nodes)
        {
            if (node.Type != "Seq Scan" || !node.Executed || node.Filter is not { } filter || node.Relation is null)
                continue;
            var removed = node.TotalRemovedByFilter;
            if (removed < Thresholds.RemovedRows || removed < Thresholds.RemovedShare * (removed + node.TotalRows))
                continue;
            // A scan that is run again and again has another cause, which has its own detector.
            if (node.Loops / plan.Times.Processes(node) >= Thresholds.RepeatedLoops || !plan.Matters(plan.Times.Self(node)))
                continue;
            var clauses = FilterClause.Split(filter);
            if (Culprit(clauses) is { } culprit)
                yield return Suspect(plan, node, clauses, culprit);
        }
    }

    /// <summary>The condition to blame, or null where another detector's condition is.</summary>
    private FilterClause? Culprit(ImmutableArray<FilterClause> clauses)
    {
        ReadOnlySpan<ClauseKind> order =
            [ClauseKind.Equality, ClauseKind.Range, ClauseKind.CastColumn, ClauseKind.UnanchoredPattern, ClauseKind.Expression, ClauseKind.NullTest];
        foreach (var kind in order)
        {
            if (clauses.FirstOrDefault(c => c.Kind == kind) is { } clause)
                return Blames(kind) ? clause : null;
        }
        return null;
    }

    protected abstract bool Blames(ClauseKind kind);

    protected abstract string Advise(PlanNode node, ImmutableArray<FilterClause> clauses, FilterClause culprit);

    protected abstract string Because(FilterClause culprit);

    private Suspicion Suspect(QueryPlan plan, PlanNode node, ImmutableArray<FilterClause> clauses, FilterClause culprit)
    {
        var removed = node.TotalRemovedByFilter;
        var impact = plan.Times.Self(node);
        return new Suspicion
        {
            Id = Id,
            Node = node,
            Impact = impact,
            Message = $"Reads {Figures.Count(removed + node.TotalRows)} rows of {node.Relation} to keep {Figures.Count(node.TotalRows)}: {PlanNames.Shorten(node.Filter!)}{Because(culprit)}",
            Advice = Advise(node, clauses, culprit),
            Evidence = Figures.Rows(plan, impact, ("rows removed by filter", removed, "rows"), ("rows kept", node.TotalRows, "rows")),
        };
    }
}
