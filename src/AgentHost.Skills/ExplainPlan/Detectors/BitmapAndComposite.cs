using System.Collections.Immutable;

namespace AgentHost.Skills.ExplainPlan.Detectors;

/// <summary>Several indexes find many rows each, of which few are in all of them.</summary>
internal sealed class BitmapAndComposite : IPlanDetector
{
    private const string Name = "bitmapand-composite";

    public string Id => Name;

    public IEnumerable<Suspicion> Detect(QueryPlan plan)
    {
        foreach (var node in plan.Nodes)
        {
            if (node is not { Type: "BitmapAnd", Executed: true } || plan.ParentOf(node) is not { Type: "Bitmap Heap Scan" } heap
                || node.Children.Any(c => c is not { Type: "Bitmap Index Scan", Executed: true, IndexCond: not null }))
                continue;
            var found = heap.TotalRows + heap.TotalRemovedByFilter;
            var fewest = node.Children.Min(c => c.TotalRows);
            var impact = plan.Times.Total(node);
            if (fewest < Thresholds.BitmapEntries || fewest < Thresholds.AndPerResult * found || !plan.Matters(impact))
                continue;
            var clauses = node.Children.SelectMany(c => FilterClause.Split(c.IndexCond!, heap.Alias)).ToImmutableArray();
            // Two ranges, or an operator of GIN or GiST, do not fit one B-tree.
            if (clauses.Any(c => c.Kind is not (ClauseKind.Equality or ClauseKind.Range)) || clauses.Where(c => c.Kind == ClauseKind.Range).DistinctBy(c => c.Subject).Count() > 1)
                continue;
            var keys = PlanNames.Keys(clauses);
            if (keys.Count < 2)
                continue;
            yield return new Suspicion
            {
                Id = Name,
                Node = node,
                Impact = impact,
                Message = $"{string.Join(" and ", node.Children.Select(c => $"{c.Index} finds {Figures.Count(c.TotalRows)}"))} rows; {Figures.Count(found)} are in {(node.Children.Length == 2 ? "both" : "all")}.",
                Advice = plan.Catalog.IndexOn(heap, keys) is { } index
                    ? $"The index {index} on ({string.Join(", ", keys)}) is there, and was not used: ANALYZE {PlanNames.Table(heap)}, and compare its price with enable_bitmapscan = off."
                    : $"{PlanNames.CreateIndex(heap, keys)} finds just those; an index on its first column alone is then not needed any more.",
                Evidence = Figures.Rows(plan, impact, ("entries read", node.Children.Sum(c => c.TotalRows), "rows"), ("rows in all", found, "rows")),
                Echoes = Reading.Echoes(plan, node).Union(node.Children.Select(c => ("index-bloat", c.Number))),
            };
        }
    }
}
