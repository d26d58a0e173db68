namespace AgentHost.Skills.ExplainPlan.Detectors;

/// <summary>For ORDER BY … LIMIT an index is walked in order, throwing rows away until enough have passed the filter.</summary>
internal sealed class OrderByLimitWrongIndex : IPlanDetector
{
    private const string Name = "order-by-limit-wrong-index";

    public string Id => Name;

    public IEnumerable<Suspicion> Detect(QueryPlan plan)
    {
        foreach (var node in plan.Nodes)
        {
            if (Limited(plan, node) is not { } limit || node.Filter is not { } filter)
                continue;
            var removed = node.TotalRemovedByFilter;
            var impact = plan.Times.Self(node);
            if (removed < Thresholds.IndexRemovedRows || removed < Thresholds.OrderedScanRemovedPerKept * Math.Max(1, node.TotalRows) || !plan.Matters(impact))
                continue;
            var keys = PlanNames.Keys(FilterClause.Split(filter, node.Alias).Where(c => c.Kind == ClauseKind.Equality));
            yield return new Suspicion
            {
                Id = Name,
                Node = node,
                Impact = impact,
                Message = $"{node.Index} is walked in order for the LIMIT; {Figures.Count(removed)} rows fail the filter before {Figures.Count(node.TotalRows)} pass: {PlanNames.Shorten(filter)}",
                Advice = keys.Count > 0
                    ? $"{PlanNames.CreateIndex(node, [.. keys, $"<columns of {node.Index}>"])}: the filter's columns first, then the order, so that the scan stops after the rows it returns."
                    : $"An index whose first columns answer the filter and whose last are those of {node.Index}.",
                Evidence = Figures.Rows(plan, impact, ("rows removed by filter", removed, "rows"), ("rows returned by the limit", limit.TotalRows, "rows")),
                Echoes = Reading.Echoes(plan, node),
            };
        }
    }

    /// <summary>The LIMIT that a whole-index scan feeds without a step between that needs all rows; null where there is none.</summary>
    public static PlanNode? Limited(QueryPlan plan, PlanNode node)
    {
        if (node.Type is not ("Index Scan" or "Index Only Scan") || node.IndexCond is not null || !node.Executed)
            return null;
        foreach (var above in plan.AncestorsOf(node))
        {
            if (above.Type == "Limit")
                return above.Executed ? above : null;
            if (above.Type is not ("Gather Merge" or "Gather" or "Nested Loop" or "Subquery Scan" or "Result" or "LockRows" or "Merge Append" or "ProjectSet"))
                return null;
        }
        return null;
    }
}
