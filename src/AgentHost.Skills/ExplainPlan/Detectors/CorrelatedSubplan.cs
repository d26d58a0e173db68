using System.Collections.Immutable;

namespace AgentHost.Skills.ExplainPlan.Detectors;

/// <summary>A subquery in an expression runs once for every row of the query around it.</summary>
internal sealed class CorrelatedSubplan : IPlanDetector
{
    private const string Name = "correlated-subplan";

    public string Id => Name;

    public IEnumerable<Suspicion> Detect(QueryPlan plan)
    {
        foreach (var node in plan.Nodes)
        {
            var impact = plan.Times.Total(node);
            if (!node.IsSubPlan || node.Loops is not >= Thresholds.SubplanLoops || plan.ParentOf(node) is not { } owner || !plan.Matters(impact))
                continue;
            var reads = plan.Subtree(node).Where(n => n.Relation is not null).MaxBy(plan.Times.Self);
            yield return new Suspicion
            {
                Id = Name,
                Node = node,
                Impact = impact,
                Message = $"{node.SubplanName ?? "The subquery"} of {owner.Label} runs {Figures.Count(node.Loops.Value)} times{(reads is null ? "" : $", each time {reads.Title}")}.",
                Advice = "Write it as a join on the grouped subquery, or LEFT JOIN LATERAL, so that it is answered for all rows at once; EXISTS instead of count(*) > 0."
                    + (reads?.Type == "Seq Scan" ? $" As it stands each turn reads all of {reads.Relation}: an index on the correlated column is the least." : ""),
                Evidence = Figures.Rows(plan, impact, ("loops", node.Loops.Value, "loops")),
                Echoes = Below(plan, node),
            };
        }
    }

    private static ImmutableHashSet<(string Id, int Node)> Below(QueryPlan plan, PlanNode node)
    {
        ImmutableArray<string> ids = ["seq-scan-selective-filter", "seq-scan-expression-filter", "seq-scan-implicit-cast", "seq-scan-leading-wildcard", "missing-gin-gist", "inner-scan-repeated", "index-filter-discard", "correlated-subplan", "order-by-limit-wrong-index", "sort-avoidable-limit", "index-only-possible", "index-lookups-many"];
        return [.. Reading.Echoes(plan, node), .. plan.Subtree(node).SelectMany(n => ids.Where(id => n != node || id != "correlated-subplan").Select(id => (id, n.Number)))];
    }
}
