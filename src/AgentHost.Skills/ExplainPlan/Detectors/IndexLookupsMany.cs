namespace AgentHost.Skills.ExplainPlan.Detectors;

/// <summary>A nested loop looks a hundred thousand rows up, one by one, where the whole side could be read once.</summary>
internal sealed class IndexLookupsMany : IPlanDetector
{
    private const string Name = "index-lookups-many";

    public string Id => Name;

    public IEnumerable<Suspicion> Detect(QueryPlan plan)
    {
        foreach (var node in plan.Nodes)
        {
            if (node.Type is not ("Index Scan" or "Index Only Scan" or "Bitmap Heap Scan") || node.Loops is not >= Thresholds.Lookups || LoopOf(plan, node) is not { } loop)
                continue;
            var impact = plan.Times.Total(node);
            if (plan.TotalShare(node) < Thresholds.LookupShare || !plan.Matters(impact))
                continue;
            yield return new Suspicion
            {
                Id = Name,
                Node = node,
                Impact = impact,
                Message = $"{node.Title} is looked up {Figures.Count(node.Loops.Value)} times, one row of #{loop.Outer!.Number} after the other.",
                Advice = PlanSettings.Disabled(plan, PlanSettings.OtherJoins)
                    + $"A hash join reads {node.Relation} once instead: see why it was not taken. Compare rows and estimate of #{loop.Outer.Number} (ANALYZE its tables, extended statistics), and try SET LOCAL enable_nestloop = off for one run; "
                    + "if that is faster, raise work_mem for the hash or bring random_page_cost nearer to what a random read costs. Fewer rows from the outer side help either way.",
                Evidence = Figures.Rows(plan, impact, ("lookups", node.Loops.Value, "loops"), ("rows found", node.TotalRows, "rows")),
                Echoes = Reading.Echoes(plan, node).Add(("index-only-possible", node.Number)),
            };
        }
    }

    private static PlanNode? LoopOf(QueryPlan plan, PlanNode node)
    {
        var below = node;
        foreach (var above in plan.AncestorsOf(node))
        {
            if (above.Type == "Nested Loop" && below.Relationship == "Inner")
                return above;
            if (above.Type is not ("Memoize" or "Append" or "Subquery Scan" or "Result" or "Limit" or "Sort" or "Incremental Sort" or "Aggregate" or "Unique" or "WindowAgg" or "Materialize"))
                return null;
            below = above;
        }
        return null;
    }
}
