namespace AgentHost.Skills.ExplainPlan.Detectors;

/// <summary>Rows that belong together lie scattered over the table: each costs a block.</summary>
internal sealed class ReadAmplification : IPlanDetector
{
    private const string Name = "read-amplification";

    public string Id => Name;

    public IEnumerable<Suspicion> Detect(QueryPlan plan)
    {
        foreach (var node in plan.Nodes)
        {
            if (node.Type is not ("Index Scan" or "Bitmap Heap Scan") || !node.Executed || (node.IndexCond ?? node.RecheckCond) is null || Reading.Own(node) is not { } own)
                continue;
            // What a merge join reads again for equal keys is counted anew each time.
            if (node.Relationship == "Inner" && plan.ParentOf(node)?.Type == "Merge Join")
                continue;
            var rows = node.TotalRows + node.TotalRemovedByFilter;
            var turns = node.ParallelAware ? node.Loops!.Value / plan.Times.Processes(node) : node.Loops!.Value;
            // A lookup of a few rows is all descent; what is judged is a range that could lie together.
            if (rows < Thresholds.RangeRows * turns)
                continue;
            var descents = node.Type == "Index Scan" ? IndexPages.Descent * Math.Max(turns, node.IndexSearches ?? 0) : 0;
            var blocks = own.SharedHit + own.SharedRead - descents;
            var impact = plan.Times.Self(node);
            if (blocks < Thresholds.AmplifiedBlocks || blocks < Thresholds.BlocksPerRow * rows || !plan.Matters(impact)
                || (plan.SelfShare(node) < Thresholds.AmplifiedShare && own.SharedRead < Thresholds.ColdShare * blocks))
                continue;
            var index = Reading.IndexOf(plan, node);
            yield return new Suspicion
            {
                Id = Name,
                Node = node,
                Impact = impact,
                Message = $"Touches {Figures.Count(blocks)} blocks ({Figures.Kb(blocks * PlanBuffers.BlockBytes / 1024)}) for {Figures.Count(rows)} rows: "
                    + (blocks >= Thresholds.MoreThanScattered * rows ? "more than a block for each, so rows that are dead or do not match are visited too." : "nearly every row lies in a block of its own."),
                Advice = (blocks >= Thresholds.MoreThanScattered * rows ? $"VACUUM {PlanNames.Table(node)} first; if it stays, see whether the condition holds the first column of {index}. " : "")
                    + $"An index that holds every column of the query (INCLUDE) spares the table; or bring rows into the index's order: CLUSTER {PlanNames.Table(node)} USING {AgentHost.Sql.SqlIdentifier.Quote(index)} (locks the table, and new rows are not kept in order; pg_repack does it without the lock), or partition by that column.",
                Evidence = Figures.Rows(plan, impact, ("blocks", blocks, "blocks"), ("rows", rows, "rows"), ("blocks per row", blocks / Math.Max(1, rows), "blocks")),
                Echoes = ColdCache.Dominates(plan, node, own) ? [] : [("cold-cache", node.Number), ("dirtied-by-select", node.Number)],
            };
        }
    }
}
