namespace AgentHost.Skills.ExplainPlan.Detectors;

/// <summary>A hash join's table did not fit in memory and was split into batches on disk.</summary>
internal sealed class HashBatchesSpill : IPlanDetector
{
    private const string Name = "hash-batches-spill";

    public string Id => Name;

    public IEnumerable<Suspicion> Detect(QueryPlan plan)
    {
        foreach (var node in plan.Nodes)
        {
            if (node.Type != "Hash" || node.HashBatches <= 1 || !node.Executed || plan.ParentOf(node) is not { } join)
                continue;
            var impact = plan.Times.Self(node) + plan.Times.Self(join);
            if (!plan.Matters(impact))
                continue;
            var grew = node.OriginalHashBatches > 0 && node.HashBatches > node.OriginalHashBatches;
            // Batches also grow where the rows are as planned: the planner forgets a part of the tuples' overhead, and keys may be skewed.
            var more = grew && Misestimate.Ratio(plan, node) >= Thresholds.HashRowsFactor;
            var kb = node.HashBatches * node.PeakMemoryKb;
            yield return new Suspicion
            {
                Id = Name,
                Node = node,
                Impact = impact,
                Message = $"The hash table of {Figures.Count(node.TotalRows)} rows did not fit in memory: {node.HashBatches:0} batches of about {Figures.Kb(node.PeakMemoryKb)}"
                    + (more ? $" where {node.OriginalHashBatches:0} were planned, since {Figures.Factor(Misestimate.Ratio(plan, node)!.Value)} more rows came than estimated."
                        : grew ? $" where {node.OriginalHashBatches:0} were planned{(plan.Estimated ? ", with the rows as estimated" : "")}: rows took more memory than foreseen, or many have the same key."
                        : "; both inputs of the join go through temporary files."),
                Advice = $"SET LOCAL work_mem so that work_mem × hash_mem_multiplier reaches about {Figures.Kb(kb)}, or hash fewer and narrower rows (filter before the join, select fewer columns)."
                    + (more ? " Mend the estimate too: ANALYZE, a higher statistics target, extended statistics." : ""),
                Evidence = Figures.Rows(plan, impact, ("batches", node.HashBatches, "batches"), ("planned batches", node.OriginalHashBatches, "batches"), ("peak memory", node.PeakMemoryKb, "kB")),
            };
        }
    }
}
