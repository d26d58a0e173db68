namespace AgentHost.Skills.ExplainPlan.Detectors;

/// <summary>A loop, a subquery or a recursion reads a whole table (or its copy in memory) again at every turn.</summary>
internal sealed class InnerScanRepeated : IPlanDetector
{
    private const string Name = "inner-scan-repeated";

    public string Id => Name;

    public IEnumerable<Suspicion> Detect(QueryPlan plan)
    {
        foreach (var node in plan.Nodes)
        {
            if (Repeater(plan, node) is { } repeater && plan.Matters(Impact(plan, node, repeater)))
                yield return Suspect(plan, node, repeater);
        }
    }

    /// <summary>The node that has a scan run again and again, where that is the scan's problem; null where it is not, or has another name.</summary>
    public static PlanNode? Repeater(QueryPlan plan, PlanNode node)
    {
        if (node.Type is not ("Seq Scan" or "Materialize" or "CTE Scan" or "Function Scan") || !node.Executed)
            return null;
        var turns = node.Loops!.Value / plan.Times.Processes(node);
        var read = node.TotalRows + node.TotalRemovedByFilter;
        if (turns < Thresholds.RepeatedLoops)
        {
            // Fewer turns count where each reads a large table and together they are most of the time.
            if (turns < 2 || read < turns * Thresholds.RemovedRows || plan.SelfShare(node) < Thresholds.Dominant || DiscardingSeqScan.IsBlamed(plan, node))
                return null;
        }
        else if (read < Thresholds.RepeatedRows)
        {
            return null;
        }
        var repeater = LoopAbove(plan, node);
        return repeater is null || (repeater.Inner == node && repeater.Type == "Nested Loop" && !JoinsByEquality(repeater)) ? null : repeater;
    }

    /// <summary>Whether an index or a hash join could answer the join's condition; otherwise the pairs themselves are the problem.</summary>
    internal static bool JoinsByEquality(PlanNode loop) =>
        loop.JoinFilter is { } filter && JoinClause.Equalities(filter).Any();

    // The comparison of every pair is done by the join, the reading by the scan.
    private static double Impact(QueryPlan plan, PlanNode node, PlanNode repeater) =>
        plan.Times.Total(node) + (repeater.Inner == node ? plan.Times.Self(repeater) : 0);

    private static Suspicion Suspect(QueryPlan plan, PlanNode node, PlanNode repeater)
    {
        var impact = Impact(plan, node, repeater);
        var turns = node.Loops!.Value;
        var rows = (node.TotalRows + node.TotalRemovedByFilter) / turns;
        return new Suspicion
        {
            Id = Name,
            Node = node,
            Impact = impact,
            Message = $"{node.Title} runs {Figures.Count(turns)} times, {Figures.Count(rows)} rows each: {Figures.Count(rows * turns)} rows read for {Whom(plan, repeater)}.",
            Advice = Advise(plan, node, repeater),
            Evidence = Figures.Rows(plan, impact, ("loops", turns, "loops"), ("rows read", rows * turns, "rows")),
            Echoes = Reading.Echoes(plan, node),
        };
    }

    private static string Advise(QueryPlan plan, PlanNode node, PlanNode repeater)
    {
        var scan = plan.Subtree(node).FirstOrDefault(n => n.Relation is not null);
        var condition = (repeater.Inner == node ? repeater.JoinFilter : null) ?? node.Filter ?? scan?.Filter;
        var keys = scan?.Alias is { } alias && condition is not null ? PlanNames.Keys(FilterClause.Split(condition, alias)) : [];
        var settings = PlanSettings.Disabled(plan, repeater.IsJoin ? PlanSettings.OtherJoins : PlanSettings.Indexes);
        if (scan is not null && plan.Catalog.IndexOn(scan, keys) is { } index)
            return $"{settings}The index {index} is there, and was not used: compare the types of both sides and the estimate, and explain again with enable_seqscan = off.";
        if (scan is not null && keys.Count > 0)
            return $"{settings}{PlanNames.CreateIndex(scan, keys)} makes each turn a lookup.";
        if (node.Type == "CTE Scan")
            return settings + "A CTE has no index: write it as a subquery (or NOT MATERIALIZED) so that the condition reaches its tables, or keep it in a temporary table with an index and ANALYZE.";
        if (repeater.Type == "Recursive Union")
            return settings + "An index on the column by which the recursion finds its next rows makes each step a lookup.";
        return settings + (repeater.IsSubPlan
            ? "An index on the column that the subquery compares makes each turn a lookup; or write it as a join on the grouped subquery, which reads the table once."
            : "An index on the column that joins makes each turn a lookup; so does a condition with = that a hash join can use.");
    }

    private static string Whom(QueryPlan plan, PlanNode repeater) => repeater switch
    {
        { IsSubPlan: true } => $"{repeater.SubplanName ?? "the subquery"} of {plan.ParentOf(repeater)?.Label}",
        { Type: "Recursive Union" } => $"the recursion #{repeater.Number}",
        _ => $"the loop #{repeater.Number}",
    };

    private static PlanNode? LoopAbove(QueryPlan plan, PlanNode node)
    {
        if (node.IsSubPlan)
            return node;
        var below = node;
        foreach (var above in plan.AncestorsOf(node))
        {
            if (above.Type is "Nested Loop" or "Recursive Union" && below.Relationship == "Inner" && below.Loops > above.Loops)
                return above;
            if (below.IsInitPlan)
                return null;
            if (above.IsSubPlan)
                return above;
            below = above;
        }
        return null;
    }
}
