namespace AgentHost.Skills.ExplainPlan.Detectors;

/// <summary>A hashed GROUP BY or DISTINCT had more groups than memory and went through temporary files.</summary>
internal sealed class HashAggregateSpill : IPlanDetector
{
    private const string Name = "hashagg-spill";

    public string Id => Name;

    public IEnumerable<Suspicion> Detect(QueryPlan plan)
    {
        foreach (var node in plan.Nodes)
        {
            var impact = plan.Times.Self(node);
            if (node.AggregateBatches <= 1 || node.DiskUsageKb <= 0 || !node.Executed || !plan.Matters(impact))
                continue;
            yield return new Suspicion
            {
                Id = Name,
                Node = node,
                Impact = impact,
                Message = $"{Figures.Count(node.TotalRows)} groups did not fit in memory: {node.AggregateBatches:0} batches, {Figures.Kb(node.DiskUsageKb)} on disk.",
                Advice = $"SET LOCAL work_mem so that work_mem × hash_mem_multiplier reaches about {Figures.Kb(node.PeakMemoryKb + (2 * node.DiskUsageKb))}; or aggregate a smaller input first, or group by fewer and narrower columns.",
                Evidence = Figures.Rows(plan, impact, ("batches", node.AggregateBatches, "batches"), ("disk usage", node.DiskUsageKb, "kB"), ("peak memory", node.PeakMemoryKb, "kB")),
            };
        }
    }
}
