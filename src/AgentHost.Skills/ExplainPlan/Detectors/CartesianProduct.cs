namespace AgentHost.Skills.ExplainPlan.Detectors;

/// <summary>Every row of one side is joined with every row of the other, since no condition holds them together.</summary>
internal sealed class CartesianProduct : IPlanDetector
{
    private const string Name = "cartesian-product";

    public string Id => Name;

    public IEnumerable<Suspicion> Detect(QueryPlan plan)
    {
        foreach (var node in plan.Nodes)
        {
            if (node is not { Type: "Nested Loop", JoinFilter: null, Outer: { Executed: true } outer, Inner: { Executed: true } inner } || node.TotalRows < Thresholds.ProductRows)
                continue;
            // One row on a side multiplies nothing; an inner side that looks rows up by the outer row is a join.
            if (inner.Type is not ("Materialize" or "Seq Scan") || plan.Subtree(inner).Any(n => n.Filter is not null && MentionsOuter(plan, inner, n))
                || outer.TotalRows < Thresholds.ProductSide || inner.TotalRows / inner.Loops < Thresholds.ProductSide)
                continue;
            var impact = plan.Times.Self(node) + plan.Times.Total(inner);
            if (!plan.Matters(impact))
                continue;
            yield return new Suspicion
            {
                Id = Name,
                Node = node,
                Impact = impact,
                Message = $"Joins each of {Figures.Count(outer.TotalRows)} rows with each of {Figures.Count(inner.TotalRows / inner.Loops!.Value)}: {Figures.Count(node.TotalRows)} rows, without a condition between the two.",
                Advice = "See whether a join condition is missing (every pair of tables joined by its key?). If all pairs are wanted, reduce both sides first: filter, group or DISTINCT before the join.",
                Evidence = Figures.Rows(plan, impact, ("rows", node.TotalRows, "rows"), ("outer rows", outer.TotalRows, "rows")),
            };
        }
    }

    private static bool MentionsOuter(QueryPlan plan, PlanNode inner, PlanNode node)
    {
        var own = plan.Subtree(inner).Select(n => n.Alias).OfType<string>().ToHashSet(StringComparer.Ordinal);
        return FilterClause.Qualifiers(node.Filter!).Any(q => q.Length > 0 && !own.Contains(q));
    }
}
