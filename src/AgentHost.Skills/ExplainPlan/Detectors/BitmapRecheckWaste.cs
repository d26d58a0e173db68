namespace AgentHost.Skills.ExplainPlan.Detectors;

/// <summary>An index gives candidates of which the condition itself, tried on the rows, throws most away.</summary>
internal sealed class BitmapRecheckWaste : IPlanDetector
{
    private const string Name = "bitmap-recheck-waste";

    public string Id => Name;

    public IEnumerable<Suspicion> Detect(QueryPlan plan)
    {
        foreach (var node in plan.Nodes)
        {
            if (node.Type is not ("Bitmap Heap Scan" or "Index Scan" or "Index Only Scan") || !node.Executed || BitmapMemory.RanOut(plan, node))
                continue;
            var removed = node.RemovedByRecheck * node.Loops!.Value;
            var kept = node.TotalRows + node.TotalRemovedByFilter;
            // Pages without rows come from a BRIN index where memory sufficed.
            var brin = node.LossyHeapBlocks > node.ExactHeapBlocks;
            var impact = plan.Times.Self(node);
            if (removed < (brin ? Thresholds.BrinRemovedRows : Thresholds.IndexRemovedRows) || removed < (brin ? Thresholds.BrinRemovedPerKept : Thresholds.RecheckRemovedPerKept) * kept || !plan.Matters(impact))
                continue;
            var condition = node.RecheckCond ?? node.IndexCond ?? "";
            yield return new Suspicion
            {
                Id = Name,
                Node = node,
                Impact = impact,
                Message = $"{Reading.IndexOf(plan, node)} gives {Figures.Count(removed + kept)} candidates; {Figures.Count(removed)} fail when the row itself is looked at: {PlanNames.Shorten(condition)}",
                Advice = Advise(node, condition, brin),
                Evidence = Figures.Rows(plan, impact, ("rows removed by recheck", removed, "rows"), ("rows kept", kept, "rows")),
                Echoes = Reading.Echoes(plan, node),
            };
        }
    }

    private static string Advise(PlanNode node, string condition, bool brin)
    {
        bool Has(string part) => condition.Contains(part, StringComparison.Ordinal);
        if (brin)
            return $"The index knows ranges of pages only (BRIN), and the table is not in its order: a B-tree on the column, or a smaller pages_per_range, or rows kept in that order (CLUSTER {PlanNames.Table(node)}). More work_mem does not help.";
        if (Has("~~") || Has(" ~ ") || Has(" ~* ") || Has(" % "))
            return "The pattern has few or common trigrams: ask for a longer one (six letters or more in a row), add a selective condition with a B-tree of its own, or order by similarity with LIMIT on a GiST index. More work_mem does not help.";
        if (Has("@>") && Has("::jsonb"))
            return $"The operator class indexes keys and values apart: CREATE INDEX CONCURRENTLY ON {PlanNames.Table(node)} USING gin ({Column(node, condition)} jsonb_path_ops) indexes the paths with their values; "
                + "for one key that is always asked for, a B-tree on its expression is exact. More work_mem does not help.";
        if (Has("@@"))
            return "A phrase or weight is not in the index (GIN holds words only): narrow by a rarer word or by a second condition with an index of its own, or keep the positions in a RUM index. More work_mem does not help.";
        return "The operator class holds an abridgement (a bounding box, a signature, a hash): take an exact one (a GiST range instead of a box, a B-tree on the compared expression), or simplify the shapes. More work_mem does not help.";
    }

    private static string Column(PlanNode node, string condition) =>
        FilterClause.Split(condition, node.Alias).FirstOrDefault(c => c.Kind == ClauseKind.Containment) is { Subject: var subject } ? subject.AsSpan().ContainsAny("( :") ? $"({subject})" : subject : "…";
}
