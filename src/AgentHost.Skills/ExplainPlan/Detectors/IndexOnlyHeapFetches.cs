namespace AgentHost.Skills.ExplainPlan.Detectors;

/// <summary>An Index Only Scan visits the table all the same, because the visibility map is out of date.</summary>
internal sealed class IndexOnlyHeapFetches : IPlanDetector
{
    private const string Name = "index-only-heap-fetches";

    public string Id => Name;

    public IEnumerable<Suspicion> Detect(QueryPlan plan)
    {
        foreach (var node in plan.Nodes)
        {
            if (node.Type != "Index Only Scan" || !node.Executed)
                continue;
            var rows = node.TotalRows + node.TotalRemovedByFilter;
            var impact = plan.Times.Self(node);
            if (node.HeapFetches < Thresholds.HeapFetches || node.HeapFetches < Thresholds.HeapFetchShare * rows || !plan.Matters(impact))
                continue;
            yield return new Suspicion
            {
                Id = Name,
                Node = node,
                Impact = impact,
                Message = $"Visits the table {Figures.Count(node.HeapFetches)} times for {Figures.Count(rows)} rows that the index alone should give: pages are not marked all-visible.",
                Advice = $"VACUUM (ANALYZE) {PlanNames.Table(node)}; if it recurs, make autovacuum come earlier: ALTER TABLE {PlanNames.Table(node)} SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02), and look for long transactions that hold it back.",
                Evidence = Figures.Rows(plan, impact, ("heap fetches", node.HeapFetches, "rows"), ("rows read", rows, "rows")),
                Echoes = Reading.Echoes(plan, node),
            };
        }
    }
}
