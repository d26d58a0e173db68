using System.Text.RegularExpressions;

namespace AgentHost.Skills.ExplainPlan.Detectors;

/// <summary>NOT IN over a subquery that did not fit into a hash: its rows are gone through for every row outside.</summary>
internal sealed class NotInSubplan : IPlanDetector
{
    private const string Name = "not-in-subplan";

    public string Id => Name;

    public IEnumerable<Suspicion> Detect(QueryPlan plan)
    {
        foreach (var node in plan.Nodes)
        {
            // A subquery that does not depend on the row is kept in memory or in a file, and read again.
            if (node is not { IsSubPlan: true, Type: "Materialize", Loops: > 1, SubplanName: { } subplan } || plan.ParentOf(node) is not { } owner
                || owner.Filter is not { } filter || !Negated(subplan).IsMatch(filter))
                continue;
            var impact = plan.Times.Total(node) + plan.Times.Self(owner);
            if (!plan.Matters(impact))
                continue;
            yield return new Suspicion
            {
                Id = Name,
                Node = node,
                Impact = impact,
                Message = $"NOT IN goes through the rows of {subplan} {Figures.Count(node.Loops.Value)} times, {Figures.Count(node.TotalRows)} rows in all, for {owner.Label}: it did not fit into a hash of work_mem.",
                Advice = "Write NOT EXISTS (SELECT FROM … WHERE inner.column = outer.column), which becomes an anti join; mind that NOT IN gives no row at all where the subquery has a NULL. More work_mem only moves the cliff.",
                Evidence = Figures.Rows(plan, impact, ("loops", node.Loops.Value, "loops"), ("rows gone through", node.TotalRows, "rows")),
                Echoes = [.. plan.Subtree(node).SelectMany(n => ((string, int)[])[("correlated-subplan", n.Number), ("inner-scan-repeated", n.Number)])],
            };
        }
    }

    // NOT (SubPlan 1) up to 16, NOT (ANY (a = (SubPlan 1).col1)) since 17; a hashed one is named as such.
    private static Regex Negated(string subplan) => new($@"NOT \((ANY \([^\n]*)?\(?{Regex.Escape(subplan)}\)", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
}
