namespace AgentHost.Skills.ExplainPlan.Detectors;

/// <summary>A join compares pairs of rows one by one and throws nearly all away: its condition is none that an index or a hash can answer.</summary>
internal sealed class JoinFilterDiscard : IPlanDetector
{
    private const string Name = "join-filter-discard";

    public string Id => Name;

    public IEnumerable<Suspicion> Detect(QueryPlan plan)
    {
        foreach (var node in plan.Nodes)
        {
            if (!node.IsJoin || !node.Executed || node.JoinFilter is not { } filter)
                continue;
            var removed = node.RemovedByJoinFilter * node.Loops!.Value;
            if (removed < Thresholds.JoinRemovedPairs || removed < Thresholds.JoinRemovedPerKept * Math.Max(1, node.TotalRows))
                continue;
            if (node.Type == "Nested Loop" && InnerScanRepeated.JoinsByEquality(node) && node.Inner?.Type is "Seq Scan" or "Materialize")
                continue;
            var impact = plan.Times.Self(node) + (node is { Type: "Nested Loop", Inner: { } inner } ? plan.Times.Total(inner) : 0);
            if (!plan.Matters(impact))
                continue;
            yield return new Suspicion
            {
                Id = Name,
                Node = node,
                Impact = impact,
                Message = $"Compares {Figures.Count(removed + node.TotalRows)} pairs of rows one by one to keep {Figures.Count(node.TotalRows)}: {PlanNames.Shorten(filter)}",
                Advice = "Join on an equality as well (a key, a day, a bucket) so that a hash or an index narrows the pairs first; for ranges a GiST index on a range column answers && and @>; an OR between columns becomes a UNION of two joins.",
                Evidence = Figures.Rows(plan, impact, ("pairs removed by join filter", removed, "pairs"), ("pairs kept", node.TotalRows, "pairs")),
            };
        }
    }
}
