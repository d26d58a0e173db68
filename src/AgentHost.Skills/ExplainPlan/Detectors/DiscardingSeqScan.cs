using System.Collections.Immutable;

namespace AgentHost.Skills.ExplainPlan.Detectors;

/// <summary>Sequential scans that throw nearly all rows away, shared by the detectors that tell why no index could help.</summary>
internal abstract class DiscardingSeqScan : IPlanDetector
{
    private static readonly ImmutableArray<ClauseKind> Order =
        [ClauseKind.Equality, ClauseKind.CastColumn, ClauseKind.Range, ClauseKind.Containment, ClauseKind.Alternatives, ClauseKind.UnanchoredPattern, ClauseKind.Expression, ClauseKind.NullTest];

    public abstract string Id { get; }

    public IEnumerable<Suspicion> Detect(QueryPlan plan)
    {
        foreach (var node in plan.Nodes)
        {
            // A scan that is run again and again has another cause, which has its own detector.
            if (!Discards(node) || InnerScanRepeated.Repeater(plan, node) is not null || !plan.Matters(plan.Times.Self(node)))
                continue;
            var clauses = Clauses(plan, node);
            if (Culprit(clauses) is { } culprit && Blames(culprit.Kind))
                yield return Suspect(plan, node, clauses, culprit);
        }
    }

    /// <summary>Whether one of these detectors finds a condition to blame at a scan.</summary>
    public static bool IsBlamed(QueryPlan plan, PlanNode node) => Discards(node) && Culprit(Clauses(plan, node)) is not null;

    private static bool Discards(PlanNode node)
    {
        if (node.Type != "Seq Scan" || !node.Executed || node.Filter is null || node.Relation is null)
            return false;
        var read = node.TotalRemovedByFilter + node.TotalRows;
        // A subquery in the filter is asked last, for each row that the plain conditions kept.
        var asked = node.Children.Where(c => c.IsSubPlan && node.Filter.Contains($"({c.SubplanName})", StringComparison.Ordinal)).Sum(c => c.Loops ?? 0);
        var removed = read - Math.Max(node.TotalRows, asked);
        return removed >= Thresholds.RemovedRows && removed >= Thresholds.RemovedShare * read;
    }

    private static ImmutableArray<FilterClause> Clauses(QueryPlan plan, PlanNode node)
    {
        var clauses = FilterClause.Split(node.Filter!, node.Alias);
        return [.. clauses.Select(c => c.MayBeCast ? Judged(plan, node, c, clauses.Length) : c)];
    }

    // A varchar has statistics; a cast has none, and its estimate is the planner's default to the row.
    private static FilterClause Judged(QueryPlan plan, PlanNode node, FilterClause clause, int clauses)
    {
        var isCast = plan.Catalog.IsCast(node, clause.Subject);
        return isCast ?? (clauses == 1 && DefaultSelectivity.IsAssumed(plan, node, clause)) ? clause with { Kind = ClauseKind.CastColumn, MayBeCast = isCast is null }
            : clause with { MayBeCast = isCast is null };
    }

    /// <summary>The condition to blame, the one that an index serves best before the others.</summary>
    private static FilterClause? Culprit(ImmutableArray<FilterClause> clauses) =>
        Order.Select(kind => clauses.FirstOrDefault(c => c.Kind == kind)).FirstOrDefault(c => c is not null);

    protected abstract bool Blames(ClauseKind kind);

    protected abstract string Advise(QueryPlan plan, PlanNode node, ImmutableArray<FilterClause> clauses, FilterClause culprit);

    protected abstract string Because(FilterClause culprit);

    private Suspicion Suspect(QueryPlan plan, PlanNode node, ImmutableArray<FilterClause> clauses, FilterClause culprit)
    {
        var removed = node.TotalRemovedByFilter;
        var impact = plan.Times.Self(node);
        var turns = node.Loops!.Value / plan.Times.Processes(node);
        return new Suspicion
        {
            Id = Id,
            Node = node,
            Impact = impact,
            Message = $"Reads {Figures.Count(removed + node.TotalRows)} rows of {node.Relation}{(turns >= 2 ? $" in {Figures.Count(turns)} turns" : "")} to keep {Figures.Count(node.TotalRows)}: {PlanNames.Shorten(node.Filter!)}{Because(culprit)}",
            Advice = PlanSettings.Disabled(plan, PlanSettings.Indexes) + Advise(plan, node, clauses, culprit),
            Evidence = Figures.Rows(plan, impact, ("rows removed by filter", removed, "rows"), ("rows kept", node.TotalRows, "rows")),
            Echoes = Reading.Echoes(plan, node),
        };
    }
}
