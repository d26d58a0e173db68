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
            var kb = node.HashBatches * node.PeakMemoryKb;
            yield return new Suspicion
            {
                Id = Name,
                Node = node,
                Impact = impact,
                Message = $"The hash table of {Figures.Count(node.TotalRows)} rows did not fit in memory: {node.HashBatches:0} batches of about {Figures.Kb(node.PeakMemoryKb)}"
                    + (grew ? $" where {node.OriginalHashBatches:0} were planned, so there were more rows than estimated." : "; both inputs of the join go through temporary files."),
                Advice = $"SET LOCAL work_mem so that work_mem × hash_mem_multiplier reaches about {Figures.Kb(kb)}, or hash fewer and narrower rows (filter before the join, select fewer columns)."
                    + (grew ? " Mend the estimate too: ANALYZE, a higher statistics target, extended statistics." : ""),
                Evidence = Figures.Rows(plan, impact, ("batches", node.HashBatches, "batches"), ("planned batches", node.OriginalHashBatches, "batches"), ("peak memory", node.PeakMemoryKb, "kB")),
            };
        }
    }
}
