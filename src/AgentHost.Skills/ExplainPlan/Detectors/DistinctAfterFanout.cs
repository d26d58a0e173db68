using System.Collections.Immutable;
using System.Globalization;

namespace AgentHost.Skills.ExplainPlan.Detectors;

/// <summary>A join multiplies rows by those of a table that is only asked about, and DISTINCT takes the copies out again.</summary>
internal sealed class DistinctAfterFanout : IPlanDetector
{
    private const string Name = "distinct-after-fanout";

    public string Id => Name;

    public IEnumerable<Suspicion> Detect(QueryPlan plan)
    {
        foreach (var node in plan.Nodes)
        {
            if (!node.Executed || !IsDistinct(plan, node) || JoinBelow(node) is not { Executed: true } join || node.Outer is not { } input)
                continue;
            var (taken, given) = (input.TotalRows, node.TotalRows);
            if (taken < Thresholds.RemovedRows || taken < Thresholds.DistinctFactor * Math.Max(1, given) || Multiplier(plan, node, join) is not { } asked)
                continue;
            var between = plan.Subtree(node).TakeWhile(n => n != join).ToList();
            var impact = between.Sum(plan.Times.Self) + plan.Times.Self(join);
            if (!plan.Matters(impact))
                continue;
            yield return new Suspicion
            {
                Id = Name,
                Node = node,
                Impact = impact,
                Message = $"{join.Label} makes {Figures.Count(taken)} rows, of which {Figures.Count(given)} are left when duplicates are taken out; of {asked.Relation} no column is kept.",
                Advice = $"Ask whether a row exists instead of joining: WHERE EXISTS (SELECT FROM {PlanNames.Table(asked)} {asked.Alias} WHERE {PlanNames.Shorten(Condition(join))}), without DISTINCT; the semi join stops at the first match.",
                Evidence = Figures.Rows(plan, impact, ("rows joined", taken, "rows"), ("rows kept", given, "rows")),
                Echoes = [.. between.SelectMany(n => ((string, int)[])[("sort-spill", n.Number), ("hashagg-spill", n.Number), ("sort-near-spill", n.Number)])],
            };
        }
    }

    private static string Condition(PlanNode join) => join.HashCond ?? join.MergeCond ?? join.JoinFilter ?? join.Inner?.IndexCond ?? "…";

    /// <summary>Whether a node only takes duplicates out. A GROUP BY with sums looks the same but for its output, and its price.</summary>
    private static bool IsDistinct(QueryPlan plan, PlanNode node)
    {
        if (node.Type is "Unique" or "Group")
            return true;
        if (node is not { Type: "Aggregate", Strategy: "Hashed", PartialMode: null or "Simple", GroupKey.Length: > 0, Outer: { } input })
            return false;
        if (node.Output.Length > 0)
            return node.Output.All(o => node.GroupKey.Any(k => k.Trim('(', ')') == o.Trim('(', ')')));
        // Hashing costs cpu_operator_cost for each key of each row, and each sum as much again (costsize.c, cost_agg).
        const double DefaultOperatorCost = 0.0025;
        var price = plan.Settings.TryGetValue("cpu_operator_cost", out var text) && double.TryParse(text, CultureInfo.InvariantCulture, out var set) ? set : DefaultOperatorCost;
        if (input.PlanRows is not { } rows || rows * price < 1)
            return false;
        var operations = (node.StartupCost - input.TotalCost) / (rows * price);
        return Math.Abs(operations - node.GroupKey.Length) < 0.2;
    }

    private static PlanNode? JoinBelow(PlanNode node)
    {
        var at = node.Outer;
        while (at is not null && !at.IsJoin)
            at = at.Type is "Sort" or "Incremental Sort" or "Gather" or "Gather Merge" or "Unique" or "Aggregate" or "Materialize" or "Subquery Scan" ? at.Outer : null;
        return at is { JoinType: null or "Inner" or "Left" or "Right" } ? at : null;
    }

    /// <summary>The table on the side of a join that no key comes from and that gives most rows; null where both sides are kept, or the kept side has the duplicates itself.</summary>
    private static PlanNode? Multiplier(QueryPlan plan, PlanNode node, PlanNode join)
    {
        var keys = node.Type == "Aggregate" ? node.GroupKey : node.Type == "Group" && node.GroupKey.Length > 0 ? node.GroupKey : node.Outer!.SortKey;
        var kept = keys.SelectMany(FilterClause.Qualifiers).ToImmutableHashSet(StringComparer.Ordinal);
        if (kept.IsEmpty || kept.Contains("") || join.Outer is not { } outer || join.Inner is not { } inner)
            return null;
        var (asked, source) = kept.IsSubsetOf(Aliases(plan, outer)) ? (inner, outer) : kept.IsSubsetOf(Aliases(plan, inner)) ? (outer, inner) : (null, null);
        if (asked is null || source is null)
            return null;
        // A side that is looked up in a loop counts each lookup; the rows there are no measure.
        var lookedUp = source.Loops > join.Loops;
        if (!lookedUp && join.TotalRows < Thresholds.FanoutFactor * Math.Max(1, source.TotalRows))
            return null;
        return plan.Subtree(asked).Where(n => n.Relation is not null).MaxBy(n => n.TotalRows);
    }

    private static HashSet<string> Aliases(QueryPlan plan, PlanNode node) => plan.Subtree(node).Select(n => n.Alias).OfType<string>().ToHashSet(StringComparer.Ordinal);
}
