namespace AgentHost.Skills.ExplainPlan.Detectors;

/// <summary>An index's pages hold few entries each: what was deleted left them half empty.</summary>
internal sealed class IndexBloat : IPlanDetector
{
    private const string Name = "index-bloat";

    public string Id => Name;

    public IEnumerable<Suspicion> Detect(QueryPlan plan)
    {
        foreach (var node in plan.Nodes)
        {
            // An Index Scan also visits the table for dead entries, which look like pages of the index.
            if (node.Type == "Index Scan" || IndexPages.Of(plan, node) is not { FirstKey: FirstKey.Given } pages || pages.PerTurn < Thresholds.BloatedBlocks)
                continue;
            var perPage = pages.RowsPerTurn / pages.PerTurn;
            var full = pages.RowsOfAFullPage(node);
            var impact = plan.Times.Self(node);
            if (perPage * Thresholds.BloatFactor > full || !plan.Matters(impact))
                continue;
            var index = AgentHost.Sql.SqlIdentifier.Quote(node.Index ?? "");
            yield return new Suspicion
            {
                Id = Name,
                Node = node,
                Impact = impact,
                Message = $"Reads {Figures.Count(pages.PerTurn)} pages of {node.Index} for {Figures.Count(pages.RowsPerTurn)} entries, {(perPage >= 1 ? perPage.ToString("0", System.Globalization.CultureInfo.InvariantCulture) : "less than one")} a page where {full:0} fit.",
                Advice = $"REINDEX INDEX CONCURRENTLY {index} (from 12 on; it needs room for a second copy). VACUUM makes pages usable again but does not join half-empty ones. It comes back where old entries are deleted all the time but for a few: see that autovacuum keeps up.",
                Evidence = Figures.Rows(plan, impact, ("index pages", pages.PerTurn, "blocks"), ("entries", pages.RowsPerTurn, "rows"), ("entries per page", perPage, "rows")),
                Echoes = [("cold-cache", node.Number), ("dirtied-by-select", node.Number)],
            };
        }
    }
}
