using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;

namespace AgentHost.Skills.ExplainPlan.Detectors;

/// <summary>All rows are numbered within their groups, and only the first of each is kept.</summary>
internal sealed partial class WindowTop1 : IPlanDetector
{
    private const string Name = "window-top1";

    private const int MostKept = 10;

    public string Id => Name;

    public IEnumerable<Suspicion> Detect(QueryPlan plan)
    {
        foreach (var node in plan.Nodes)
        {
            if (node is not { Type: "WindowAgg", Executed: true, Outer: { Executed: true } input } || Kept(plan, node) is not { } kept)
                continue;
            var (taken, given) = (input.TotalRows, Math.Min(kept.TotalRows, node.TotalRows));
            var impact = plan.Times.Total(node) * (1 - (given / Math.Max(1, taken)));
            if (taken < Thresholds.RemovedRows || taken < Thresholds.DistinctFactor * Math.Max(1, given) || !plan.Matters(impact))
                continue;
            yield return new Suspicion
            {
                Id = Name,
                Node = node,
                Impact = impact,
                Message = $"Numbers {Figures.Count(taken)} rows{(input.Type.Contains("Sort", StringComparison.Ordinal) ? ", sorted for it," : "")} to keep {Figures.Count(given)} of them: {PlanNames.Shorten(kept.Filter ?? node.RunCondition ?? "", 80)}.",
                Advice = Advise(plan, input, given),
                Evidence = Figures.Rows(plan, impact, ("rows numbered", taken, "rows"), ("rows kept", given, "rows")),
                Echoes = [.. ((string[])["sort-spill", "sort-near-spill", "temp-spill"]).SelectMany(id => ((int[])[node.Number, input.Number]).Select(n => (id, n)))],
            };
        }
    }

    /// <summary>The node that keeps the first rows only: a subquery's filter on the number, or the window itself since version 15.</summary>
    private static PlanNode? Kept(QueryPlan plan, PlanNode window)
    {
        var above = plan.ParentOf(window);
        if (above is { Type: "Subquery Scan", Filter: { } filter } && FilterClause.Split(filter, above.Alias).Any(c => IsFirst(c.Text)))
            return above;
        return window.RunCondition is { } run && IsFirst(run) ? window : null;
    }

    // (x.rn = 1), (x.rn <= 3), (row_number() OVER (?) <= 1)
    private static bool IsFirst(string condition) => Bound().Match(condition) is { Success: true } bound
        && int.TryParse(bound.Groups["n"].Value, CultureInfo.InvariantCulture, out var n) && n >= 1
        && (bound.Groups["op"].Value == "=" ? n == 1 : n <= MostKept);

    private static string Advise(QueryPlan plan, PlanNode input, double groups)
    {
        var scan = plan.Subtree(input).FirstOrDefault(n => n.Relation is not null);
        var keys = input.SortKey.Select(k => k[(k.LastIndexOf('.') + 1)..]).ToImmutableArray();
        var index = scan is not null && !keys.IsEmpty && keys.All(k => !k.Contains('(', StringComparison.Ordinal)) && plan.Subtree(input).All(n => !n.IsJoin)
            ? $"{PlanNames.CreateIndex(scan, keys)}, and "
            : "With an index on (group, order), ";
        return $"{index}for each group one lookup: FROM groups g CROSS JOIN LATERAL (SELECT … WHERE key = g.key ORDER BY … LIMIT 1) x, {Figures.Count(groups)} lookups instead of a sort of all. "
            + "Without a table of groups, SELECT DISTINCT ON (key) … ORDER BY key, … does it in one pass, and reads the index in order.";
    }

    [GeneratedRegex(@" (?<op>=|<=|<) '?(?<n>\d{1,4})'?(::bigint|::integer)?\)*$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Bound();
}
