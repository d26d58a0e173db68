namespace AgentHost.Skills.ExplainPlan.Detectors;

/// <summary>The inner side of a loop reads a whole table (or its copy in memory) again for every outer row.</summary>
internal sealed class InnerScanRepeated : IPlanDetector
{
    private const string Name = "inner-scan-repeated";

    public string Id => Name;

    public IEnumerable<Suspicion> Detect(QueryPlan plan)
    {
        foreach (var node in plan.Nodes)
        {
            var read = (node.TotalRows + node.TotalRemovedByFilter);
            if (node.Type is not ("Seq Scan" or "Materialize") || node.Loops / plan.Times.Processes(node) is not >= Thresholds.RepeatedLoops || read < Thresholds.RepeatedRows)
                continue;
            var loop = LoopAbove(plan, node);
            if (loop is null || (loop.Inner == node && !JoinsByEquality(loop)))
                continue;
            // The comparison of every pair is done by the join, the reading by the scan.
            var impact = plan.Times.Total(node) + (loop.Inner == node ? plan.Times.Self(loop) : 0);
            if (plan.Matters(impact))
                yield return Suspect(plan, node, loop, impact);
        }
    }

    /// <summary>Whether an index or a hash join could answer the join's condition; otherwise the pairs themselves are the problem.</summary>
    internal static bool JoinsByEquality(PlanNode loop) =>
        loop.JoinFilter is { } filter && JoinClause.Equalities(filter).Any();

    private static Suspicion Suspect(QueryPlan plan, PlanNode node, PlanNode loop, double impact)
    {
        var scan = plan.Subtree(node).FirstOrDefault(n => n.Relation is not null);
        var columns = scan?.Alias is { } alias ? JoinClause.ColumnsOf(alias, (loop.Inner == node ? loop.JoinFilter : null) ?? node.Filter ?? "") : [];
        var rows = (node.TotalRows + node.TotalRemovedByFilter) / node.Loops!.Value;
        return new Suspicion
        {
            Id = Name,
            Node = node,
            Impact = impact,
            Message = $"{node.Title} runs {Figures.Count(node.Loops.Value)} times, {Figures.Count(rows)} rows each: {Figures.Count(rows * node.Loops.Value)} rows read for the loop #{loop.Number}.",
            Advice = scan is not null && columns.Count > 0
                ? $"{PlanNames.CreateIndex(scan, columns)} makes each turn a lookup."
                : "An index on the column that joins makes each turn a lookup; so does a condition with = that a hash join can use.",
            Evidence = Figures.Rows(plan, impact, ("loops", node.Loops.Value, "loops"), ("rows read", rows * node.Loops.Value, "rows")),
        };
    }

    private static PlanNode? LoopAbove(QueryPlan plan, PlanNode node)
    {
        var below = node;
        foreach (var above in plan.AncestorsOf(node))
        {
            if (above.Type == "Nested Loop" && below.Relationship == "Inner")
                return above;
            if (below.IsSubPlan || below.IsInitPlan)
                return null;
            below = above;
        }
        return null;
    }
}
