namespace AgentHost.Skills.ExplainPlan.Detectors;

/// <summary>A statement that only reads changes pages: it is the first to see them after a load, and notes in each row that its writer has committed.</summary>
internal sealed class DirtiedBySelect : IPlanDetector
{
    private const string Name = "dirtied-by-select";

    public string Id => Name;

    public IEnumerable<Suspicion> Detect(QueryPlan plan)
    {
        if (plan.Root.Buffers is not { SharedDirtied: >= Thresholds.DirtiedBlocks } || plan.Nodes.Any(n => n.Type is "ModifyTable" or "LockRows" or "Foreign Scan"))
            yield break;
        foreach (var table in plan.Nodes.Where(n => n is { Executed: true, Relation: not null }).GroupBy(n => n.Relation, StringComparer.Ordinal))
        {
            var node = table.MaxBy(n => Reading.Own(n)?.SharedDirtied ?? 0)!;
            var own = Reading.Own(node);
            var dirtied = own?.SharedDirtied ?? 0;
            var impact = plan.Times.Self(node);
            if (own is null || dirtied < Thresholds.DirtiedBlocks || dirtied < Thresholds.DirtiedShare * (own.SharedHit + own.SharedRead) || !plan.Matters(impact))
                continue;
            yield return new Suspicion
            {
                Id = Name,
                Node = node,
                Impact = impact,
                Message = $"Only reads, and yet changes {Figures.Count(dirtied)} blocks ({Figures.Kb(dirtied * PlanBuffers.BlockBytes / 1024)}) of {node.Relation}: it is the first to see rows that were written lately, and sets their hint bits or prunes dead ones.",
                Advice = $"VACUUM (ANALYZE) {PlanNames.Table(node)} right after a load or a large change, so that no reader pays for it; the next run of the query will be faster by itself. No index helps.",
                Evidence = Figures.Rows(plan, impact, ("blocks dirtied", dirtied, "blocks")),
                Echoes = [("cold-cache", node.Number)],
            };
        }
    }
}
