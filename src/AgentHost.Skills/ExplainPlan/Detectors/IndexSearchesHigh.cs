namespace AgentHost.Skills.ExplainPlan.Detectors;

/// <summary>An index is descended again and again for one scan: once for each value of a column that the condition leaves out (from version 18 on).</summary>
internal sealed class IndexSearchesHigh : IPlanDetector
{
    private const string Name = "index-searches-high";

    public string Id => Name;

    public IEnumerable<Suspicion> Detect(QueryPlan plan)
    {
        foreach (var node in plan.Nodes)
        {
            // A list in the condition is looked up value by value on purpose.
            if (!node.Executed || node.IndexSearches is not { } searches || searches < Thresholds.SearchesPerLoop * node.Loops
                || node.IndexCond?.Contains("ANY (", StringComparison.Ordinal) == true)
                continue;
            var impact = plan.Times.Self(node);
            if (!plan.Matters(impact))
                continue;
            var table = node.Relation is null ? plan.AncestorsOf(node).FirstOrDefault(a => a.Type == "Bitmap Heap Scan") : node;
            if (table is null)
                continue;
            var keys = PlanNames.Keys(FilterClause.Split(node.IndexCond ?? "", table.Alias));
            yield return new Suspicion
            {
                Id = Name,
                Node = node,
                Impact = impact,
                Message = $"{node.Index} is descended {Figures.Count(searches / node.Loops!.Value)} times a scan, once for each value of a column that {PlanNames.Shorten(node.IndexCond ?? "the query")} leaves out, to find {Figures.Count(node.TotalRows / node.Loops.Value)} entries.",
                Advice = (keys.Count > 0 ? $"{PlanNames.CreateIndex(table, keys)} finds them in one descent" : "An index that begins with the condition's column finds them in one descent")
                    + $"; or give the query a condition with = on the first column of {node.Index}. The skip scan that came with 18 pays only for a first column with few values.",
                Evidence = Figures.Rows(plan, impact, ("index searches", searches, "searches"), ("loops", node.Loops.Value, "loops"), ("rows", node.TotalRows, "rows")),
                Echoes = Reading.Echoes(plan, node).Union([("index-leading-col-missing", node.Number), ("index-bloat", node.Number)]),
            };
        }
    }
}
