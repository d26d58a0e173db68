namespace AgentHost.Skills.ExplainPlan.Detectors;

/// <summary>Hash joins in temporary files, shared by the detectors that tell whether that was foreseen.</summary>
internal abstract class HashSpill : IPlanDetector
{
    public abstract string Id { get; }

    /// <summary>Whether the detector is about tables that grew beyond what was planned.</summary>
    protected abstract bool Grew { get; }

    public IEnumerable<Suspicion> Detect(QueryPlan plan)
    {
        foreach (var node in plan.Nodes)
        {
            if (node.Type != "Hash" || node.HashBatches <= 1 || !node.Executed || plan.ParentOf(node) is not { } join || HasGrown(plan, node) != Grew)
                continue;
            var impact = plan.Times.Self(node) + plan.Times.Self(join);
            if (plan.Matters(impact))
                yield return Suspect(plan, node, impact);
        }
    }

    // A doubling alone comes of what the planner forgets: the overhead of each row.
    private static bool HasGrown(QueryPlan plan, PlanNode node) => node.OriginalHashBatches > 0 && node.HashBatches > node.OriginalHashBatches
        && (HasMoreRows(plan, node) || node.HashBatches >= Thresholds.BatchesGrown * node.OriginalHashBatches);

    private static bool HasMoreRows(QueryPlan plan, PlanNode node) => Misestimate.Ratio(plan, node) >= Thresholds.HashRowsFactor;

    private Suspicion Suspect(QueryPlan plan, PlanNode node, double impact)
    {
        var grew = node.OriginalHashBatches > 0 && node.HashBatches > node.OriginalHashBatches;
        var more = grew && HasMoreRows(plan, node);
        var kb = node.HashBatches * node.PeakMemoryKb;
        return new Suspicion
        {
            Id = Id,
            Node = node,
            Impact = impact,
            Message = $"The hash table of {Figures.Count(node.TotalRows)} rows did not fit in memory: {node.HashBatches:0} batches of about {Figures.Kb(node.PeakMemoryKb)}"
                + (more ? $" where {node.OriginalHashBatches:0} {(node.OriginalHashBatches == 1 ? "was" : "were")} planned, since {Figures.Factor(Misestimate.Ratio(plan, node)!.Value)} more rows came than estimated."
                    : grew ? $" where {node.OriginalHashBatches:0} {(node.OriginalHashBatches == 1 ? "was" : "were")} planned{(plan.Estimated ? ", with the rows as estimated" : "")}: rows took more memory than foreseen, or many have the same key."
                    : "; both inputs of the join go through temporary files."),
            Advice = Advise(plan, node, kb, more),
            Evidence = Figures.Rows(plan, impact, ("batches", node.HashBatches, "batches"), ("planned batches", node.OriginalHashBatches, "batches"), ("peak memory", node.PeakMemoryKb, "kB")),
        };
    }

    private static string Advise(QueryPlan plan, PlanNode node, double kb, bool more)
    {
        const string Less = "hash fewer and narrower rows (filter before the join, select fewer columns)";
        var memory = kb <= WorkMemory.LargestKb ? $"{WorkMemory.SetForHash(plan, kb)} for this query, or {Less}." : $"About {Figures.Kb(kb)} would be needed, too much for a setting: {Less}.";
        if (!more)
            return memory;
        var origin = Misestimate.Origin(plan, node, under: true);
        return $"Mend the estimate, so that the planner foresees it: it begins at {origin.Label}. {EstimateCause.Of(plan, origin, under: true).Advice} If it still spills: {memory}";
    }
}
