using System.Collections.Immutable;

namespace AgentHost.Skills.ExplainPlan.Detectors;

/// <summary>An OR of many arms: each is looked up in an index, and every row that any of them found is tried again.</summary>
internal sealed class BitmapOrUnion : IPlanDetector
{
    private const string Name = "bitmapor-union";

    public string Id => Name;

    public IEnumerable<Suspicion> Detect(QueryPlan plan)
    {
        foreach (var node in plan.Nodes)
        {
            if (node is not { Type: "BitmapOr", Executed: true } || plan.AncestorsOf(node).FirstOrDefault(a => a.Type == "Bitmap Heap Scan") is not { } heap)
                continue;
            var entries = node.Children.Sum(c => c.TotalRows);
            var impact = plan.Times.Self(heap) + plan.Times.Total(node);
            if (node.Children.Length < Thresholds.OrArms || entries < Thresholds.BitmapEntries || !plan.Matters(impact))
                continue;
            var columns = node.Children.SelectMany(c => FilterClause.Split(c.IndexCond ?? "", heap.Alias)).Select(c => c.Subject).Where(s => s.Length > 0).Distinct(StringComparer.Ordinal).ToImmutableArray();
            yield return new Suspicion
            {
                Id = Name,
                Node = node,
                Impact = impact,
                Message = $"An OR of {node.Children.Length} arms reads {Figures.Count(entries)} index entries and then {Figures.Count(heap.TotalRows + heap.TotalRemovedByFilter)} rows in the table's order, each tried on the whole condition again.",
                Advice = columns.Length == 1
                    ? $"Write {columns[0]} = ANY ('{{…}}') (or IN): one walk of the index instead of {node.Children.Length}."
                    : "Write each arm as a SELECT of its own, joined by UNION (UNION ALL where no row meets two arms): each takes its own index, and a LIMIT or ORDER BY can stop in every arm. Where one arm gives most of the rows, its condition is what to narrow.",
                Evidence = Figures.Rows(plan, impact, ("arms", node.Children.Length, "arms"), ("index entries", entries, "rows"), ("rows kept", heap.TotalRows, "rows")),
                Echoes = Reading.Echoes(plan, heap),
            };
        }
    }
}
