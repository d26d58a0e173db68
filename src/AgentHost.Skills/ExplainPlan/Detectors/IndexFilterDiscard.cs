namespace AgentHost.Skills.ExplainPlan.Detectors;

/// <summary>An index finds rows of which a filter throws most away: the index lacks a column.</summary>
internal sealed class IndexFilterDiscard : IPlanDetector
{
    private const string Name = "index-filter-discard";

    public string Id => Name;

    public IEnumerable<Suspicion> Detect(QueryPlan plan)
    {
        foreach (var node in plan.Nodes)
        {
            if (node.Type is not ("Index Scan" or "Index Only Scan" or "Bitmap Heap Scan") || !node.Executed || node.Filter is not { } filter)
                continue;
            var removed = node.TotalRemovedByFilter;
            var impact = node.Type == "Bitmap Heap Scan" ? plan.Times.Total(node) : plan.Times.Self(node);
            if (removed < Thresholds.IndexRemovedRows || removed < Thresholds.IndexRemovedPerKept * Math.Max(1, node.TotalRows)
                || OrderByLimitWrongIndex.Limited(plan, node) is not null || !plan.Matters(impact))
                continue;
            var keys = PlanNames.Keys(FilterClause.Split(filter, node.Alias));
            yield return new Suspicion
            {
                Id = Name,
                Node = node,
                Impact = impact,
                Message = $"The index finds {Figures.Count(removed + node.TotalRows)} rows and the filter keeps {Figures.Count(node.TotalRows)} of them: {PlanNames.Shorten(filter)}",
                Advice = keys.Count > 0
                    ? $"An index that also holds {string.Join(", ", keys)} after the columns of {IndexOf(node)}, or a partial index WHERE that condition if it never varies."
                    : $"A partial index with that condition, or an index on its expression after the columns of {IndexOf(node)}.",
                Evidence = Figures.Rows(plan, impact, ("rows removed by filter", removed, "rows"), ("rows kept", node.TotalRows, "rows")),
                // The same index that holds the filter's column answers both.
                Echoes = Reading.Echoes(plan, node).Union(plan.Subtree(node).SelectMany(n => ((string, int)[])[("index-searches-high", n.Number), ("index-leading-col-missing", n.Number)])),
            };
        }
    }

    private static string IndexOf(PlanNode node) => node.Index ?? node.Children.FirstOrDefault(c => c.Index is not null)?.Index ?? "the index used";
}
