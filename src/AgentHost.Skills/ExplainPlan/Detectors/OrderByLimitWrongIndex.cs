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
            if (Limited(plan, node) is not { } limit)
                continue;
            if (Joined(plan, node, limit) is { } joined)
                yield return joined;
            if (node.Filter is not { } filter)
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

    /// <summary>The rows thrown away fail in a join: the condition is on another table than the order.</summary>
    private static Suspicion? Joined(QueryPlan plan, PlanNode node, PlanNode limit)
    {
        if (plan.ParentOf(node) is not { Type: "Nested Loop" } loop || loop.Outer != node || loop.Inner is not { } inner)
            return null;
        var impact = plan.Times.Total(loop);
        // What OFFSET skips has passed.
        var passed = limit.Outer?.TotalRows ?? limit.TotalRows;
        return node.TotalRows < Thresholds.RemovedRows || node.TotalRows < Thresholds.OrderedScanRemovedPerKept * Math.Max(1, passed) || !plan.Matters(impact) ? null : new Suspicion
        {
            Id = Name,
            Node = node,
            Impact = impact,
            Message = $"{node.Index} is walked in order for the LIMIT; {Figures.Count(node.TotalRows)} rows are joined before {Figures.Count(passed)} pass: the condition is on another table than the order.",
            Advice = $"Let the filtered side lead: an index on its condition, and one on {PlanNames.Table(node)} that begins with the column it is joined by and ends with those of {node.Index}; or copy the filter's column into {PlanNames.Table(node)}, with an index on it and the order.",
            Evidence = Figures.Rows(plan, impact, ("rows joined", node.TotalRows, "rows"), ("rows returned by the limit", limit.TotalRows, "rows")),
            Echoes = [.. Reading.Echoes(plan, loop), .. plan.Subtree(inner).Append(loop).SelectMany(n => ((string, int)[])
                [("index-filter-discard", n.Number), ("index-lookups-many", n.Number), ("index-only-possible", n.Number), ("join-filter-discard", n.Number), ("inner-scan-repeated", n.Number)])],
        };
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
            if (above.Type is not ("Gather Merge" or "Gather" or "Nested Loop" or "Subquery Scan" or "Result" or "LockRows" or "Merge Append" or "Append" or "Incremental Sort" or "ProjectSet"))
                return null;
        }
        return null;
    }
}
