namespace AgentHost.Skills.ExplainPlan.Detectors;

/// <summary>The plan waited for blocks that were not in memory: told once, at the node that waited longest.</summary>
internal sealed class ColdCache : IPlanDetector
{
    private const string Name = "cold-cache";

    public string Id => Name;

    public IEnumerable<Suspicion> Detect(QueryPlan plan)
    {
        if (plan.Root.Buffers is null || !plan.Timed)
            yield break;
        var timed = plan.Root.Buffers.ReadMs > 0;
        Suspicion? worst = null;
        foreach (var node in plan.Nodes)
        {
            if (node is not { Executed: true, Relation: not null } || Reading.Own(node) is not { } own || own.SharedRead < Thresholds.ColdBlocks)
                continue;
            var share = own.SharedRead / (own.SharedHit + own.SharedRead);
            var self = plan.Times.Self(node);
            var waited = own.ReadMs / plan.Times.Processes(node);
            var handled = node.TotalRows + node.TotalRemovedByFilter + (node.RemovedByRecheck * node.Loops!.Value);
            // Without I/O timings, blocks from the kernel's cache look like blocks from the disk: only a node that is slow for its rows is taken for one that waited.
            var impact = timed ? Math.Min(waited, self) : node.Filter is null ? self : 0;
            if (timed ? !Dominates(plan, node, own) && (share < Thresholds.ColdShare || waited < Thresholds.ColdWait * self)
                : share < Thresholds.ColdShareUntimed || self < Thresholds.SlowBlockMs * own.SharedRead / plan.Times.Processes(node) || self < Thresholds.SlowRowMs * handled / plan.Times.Processes(node))
                continue;
            if (plan.Matters(impact) && impact > (worst?.Impact ?? 0))
                worst = Suspect(plan, node, own, impact, timed);
        }
        if (worst is not null)
            yield return worst;
    }

    /// <summary>Whether a node did little but wait for blocks, so that nothing can be said of its plan before it ran warm.</summary>
    public static bool Dominates(QueryPlan plan, PlanNode node, PlanBuffers own) => own.ReadMs > 0 && own.ReadMs / plan.Times.Processes(node) >= Thresholds.Dominant * plan.Times.Self(node);

    private static Suspicion Suspect(QueryPlan plan, PlanNode node, PlanBuffers own, double impact, bool timed) => new()
    {
        Id = Name,
        Node = node,
        Impact = impact,
        Message = $"{Figures.Count(own.SharedRead)} of {Figures.Count(own.SharedHit + own.SharedRead)} blocks ({Figures.Kb(own.SharedRead * PlanBuffers.BlockBytes / 1024)}) were not in shared buffers"
            + (timed ? $"; reading them took {Figures.Ms(impact)}." : ", and the scan is slow for its rows: it waited for the disk."),
        Advice = "Run it twice and judge by the second run; if it is slow only at first, nothing in the plan is wrong (after a restart: pg_prewarm). If it stays, it reads more than memory holds: read less (a narrower condition, an index that holds the columns, fewer columns), "
            + $"or give the working set more memory (shared_buffers, up to a quarter of the RAM).{(timed ? "" : " SET track_io_timing = on shows how long reading took.")}",
        Evidence = Figures.Rows(plan, impact, ("blocks read", own.SharedRead, "blocks"), ("blocks found in shared buffers", own.SharedHit, "blocks")),
        Echoes = timed ? [("read-amplification", node.Number), ("index-only-possible", node.Number)] : [],
    };
}
