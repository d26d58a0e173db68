namespace AgentHost.Skills.ExplainPlan.Detectors;

/// <summary>The condition says nothing of an index's first column, so that all of the index is walked for few entries.</summary>
internal sealed class IndexLeadingColumnMissing : IPlanDetector
{
    private const string Name = "index-leading-col-missing";

    public string Id => Name;

    public IEnumerable<Suspicion> Detect(QueryPlan plan)
    {
        foreach (var node in plan.Nodes)
        {
            if (IndexPages.Of(plan, node) is not { Clauses.IsEmpty: false } pages || !IsWalked(node, pages))
                continue;
            var impact = plan.Times.Self(node);
            if (!plan.Matters(impact))
                continue;
            var table = node.Relation is null ? plan.AncestorsOf(node).First(a => a.Type == "Bitmap Heap Scan") : node;
            var keys = PlanNames.Keys(pages.Clauses);
            yield return new Suspicion
            {
                Id = Name,
                Node = node,
                Impact = impact,
                Message = $"Walks {Figures.Count(pages.PerTurn)} pages of {node.Index} to find {Figures.Count(pages.RowsPerTurn)} entries: {PlanNames.Shorten(node.IndexCond!)} {(pages.FirstKey == FirstKey.Missing ? "leaves its first column out." : "seems to leave its first column out.")}",
                Advice = (plan.Catalog.IndexOn(table, keys) is { } other ? $"The index {other} begins with {string.Join(", ", keys)} and was not used: compare the estimates. "
                    : $"{PlanNames.CreateIndex(table, keys)}, or give the query a condition with = on the first column of {node.Index}. ")
                    + (pages.FirstKey == FirstKey.Unknown ? $"Look at the index's definition first: where the column does come first, the entries are dead ones and VACUUM {PlanNames.Table(table)} is the cure. " : "")
                    + "From 18 on a first column with few values is skipped through; with many it is not.",
                Evidence = Figures.Rows(plan, impact, ("index pages per loop", pages.PerTurn, "blocks"), ("entries found per loop", pages.RowsPerTurn, "rows")),
                Echoes = Reading.Echoes(plan, node).Union([("index-bloat", node.Number), ("index-filter-discard", node.Number)]),
            };
        }
    }

    /// <summary>Whether far more pages were walked than hold the entries. Entries of a first column's value stand side by side, so fewer than one a page tells of another.</summary>
    private static bool IsWalked(PlanNode node, IndexPages pages) => pages.PerTurn >= Thresholds.WalkedPages && pages.FirstKey switch
    {
        FirstKey.Given => false,
        FirstKey.Missing => pages.RowsPerTurn < Thresholds.WalkedRowsPerPage * pages.PerTurn,
        // An Index Scan visits the table for dead entries too, which look like pages of the index.
        _ => pages.RowsPerTurn * (node.Type == "Index Scan" ? Thresholds.DeadPerRow : 1) < pages.PerTurn,
    };
}
