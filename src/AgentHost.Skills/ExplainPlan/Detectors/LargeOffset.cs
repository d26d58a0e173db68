namespace AgentHost.Skills.ExplainPlan.Detectors;

/// <summary>OFFSET makes the server produce rows only to skip them.</summary>
internal sealed class LargeOffset : IPlanDetector
{
    private const string Name = "large-offset";

    public string Id => Name;

    public IEnumerable<Suspicion> Detect(QueryPlan plan)
    {
        foreach (var node in plan.Nodes)
        {
            if (node.Type != "Limit" || !node.Executed || node.Outer is not { } child)
                continue;
            var skipped = child.TotalRows - node.TotalRows;
            var impact = plan.Times.Total(child);
            if (skipped < Thresholds.OffsetRows || child.TotalRows < Thresholds.OffsetFactor * Math.Max(1, node.TotalRows) || !plan.Matters(impact))
                continue;
            yield return new Suspicion
            {
                Id = Name,
                Node = node,
                Impact = impact,
                Message = $"OFFSET skips {Figures.Count(skipped)} rows, all of them read{(child.Type.Contains("Sort", StringComparison.Ordinal) ? " and sorted" : "")}, to return {Figures.Count(node.TotalRows)}.",
                Advice = "Page by the last row seen instead: WHERE (sort_column, id) < ($last, $last_id) ORDER BY sort_column DESC, id DESC LIMIT n, with an index on (sort_column, id); every page then costs the same.",
                Evidence = Figures.Rows(plan, impact, ("rows skipped", skipped, "rows"), ("rows returned", node.TotalRows, "rows")),
                // What is done for rows that are skipped goes away with them.
                Echoes = [.. plan.Subtree(child).SelectMany(n => ((string, int)[])[("sort-spill", n.Number), ("sort-near-spill", n.Number), ("sort-avoidable-limit", n.Number),
                    ("memoize-thrash", n.Number), ("index-lookups-many", n.Number), ("index-only-possible", n.Number), ("read-amplification", n.Number)])],
            };
        }
    }
}
