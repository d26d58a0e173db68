namespace AgentHost.Skills.ExplainPlan.Detectors;

/// <summary>A join compares pairs of rows one by one and throws nearly all away: its condition is none that an index or a hash can answer.</summary>
internal sealed class JoinFilterDiscard : IPlanDetector
{
    private const string Name = "join-filter-discard";

    public string Id => Name;

    public IEnumerable<Suspicion> Detect(QueryPlan plan)
    {
        foreach (var node in plan.Nodes)
        {
            if (!node.IsJoin || !node.Executed || node.JoinFilter is not { } filter)
                continue;
            var removed = node.RemovedByJoinFilter * node.Loops!.Value;
            if (removed < Thresholds.JoinRemovedPairs || removed < Thresholds.JoinRemovedPerKept * Math.Max(1, node.TotalRows))
                continue;
            if (node is { Type: "Nested Loop", Inner: { } repeated } && InnerScanRepeated.Repeater(plan, repeated) == node)
                continue;
            var impact = plan.Times.Self(node) + (node is { Type: "Nested Loop", Inner: { } inner } ? plan.Times.Total(inner) : 0);
            if (!plan.Matters(impact))
                continue;
            yield return new Suspicion
            {
                Id = Name,
                Node = node,
                Impact = impact,
                Message = $"Compares {Figures.Count(removed + node.TotalRows)} pairs of rows one by one to keep {Figures.Count(node.TotalRows)}: {PlanNames.Shorten(filter)}",
                Advice = Advise(plan, node),
                Evidence = Figures.Rows(plan, impact, ("pairs removed by join filter", removed, "pairs"), ("pairs kept", node.TotalRows, "pairs")),
            };
        }
    }

    private static string Advise(QueryPlan plan, PlanNode node)
    {
        var filter = node.JoinFilter!;
        if (FilterClause.EqualitiesBetweenRelations(filter).FirstOrDefault() is { } equality)
            return EqualityAdvice(plan, node, equality);
        if (filter.Contains(" OR ", StringComparison.Ordinal))
            return "An OR between columns of both sides can be neither hashed nor looked up: write it as a UNION of two joins, each with its own equality.";
        return "Join on an equality as well (a key, a day, a bucket) so that a hash or an index narrows the pairs first; for ranges a GiST index on a range column answers && and @>.";
    }

    // A hash join could answer it; something kept the planner from one.
    private static string EqualityAdvice(QueryPlan plan, PlanNode node, string equality)
    {
        var disabled = PlanSettings.Disabled(plan, PlanSettings.OtherJoins);
        var scan = node.Inner is { } inner ? plan.Subtree(inner).FirstOrDefault(n => n.Relation is not null) : null;
        var clause = scan?.Alias is { } alias ? FilterClause.Split(equality, alias).FirstOrDefault(c => c.Kind is ClauseKind.Expression or ClauseKind.Equality) : null;
        var index = scan is null || clause is null ? ""
            : $" To look each row up instead: {PlanNames.CreateIndex(scan, [clause.Kind == ClauseKind.Expression ? $"({clause.Subject})" : clause.Subject])}.";
        if (disabled.Length > 0)
            return $"{disabled}The condition is an equality, which a hash or merge join answers in one pass of each side.{index}";
        return $"The condition is an equality already, which a hash join answers in one pass of each side: see why it was not chosen (an estimate of a row or two, work_mem, types without a common hash operator)."
            + $"{(plan.Estimated && node.Outer is { PlanRows: { } planned, Executed: true } outer ? $" The loop was planned for {Figures.Count(planned)} outer rows and had {Figures.Count(outer.TotalRows)}." : "")}{index}";
    }
}
