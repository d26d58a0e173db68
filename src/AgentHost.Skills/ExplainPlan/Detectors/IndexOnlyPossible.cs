using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace AgentHost.Skills.ExplainPlan.Detectors;

/// <summary>A hot index scan visits the table for one or two columns that the index could carry (needs EXPLAIN's VERBOSE).</summary>
internal sealed partial class IndexOnlyPossible : IPlanDetector
{
    private const string Name = "index-only-possible";
    private const int MostColumns = 2;

    public string Id => Name;

    public IEnumerable<Suspicion> Detect(QueryPlan plan)
    {
        foreach (var node in plan.Nodes)
        {
            if (node.Type != "Index Scan" || node.Loops is not >= Thresholds.HotLoops || node.TotalRows < Thresholds.HotLoops || node.IndexCond is null)
                continue;
            // Rows as wide as that do not belong into an index; a cache that forgets is the reason for that many loops.
            if (node.Width > Thresholds.IncludedBytes || plan.ParentOf(node) is { Type: "Memoize", CacheEvictions: > 0 } cache && cache.CacheMisses > cache.CacheHits)
                continue;
            var impact = plan.Times.Self(node);
            // One row for each lookup is a visit that weighs little against the descent: it must be what the plan does.
            if (plan.SelfShare(node) < (node.TotalRows < Thresholds.HotRowsPerLoop * node.Loops ? Thresholds.Dominant : Thresholds.LookupShare) || !plan.Matters(impact) || Needed(plan, node) is not { Count: > 0 } needed)
                continue;
            var held = Columns(node, [node.IndexCond]).Concat(plan.Catalog.KeysOf(node, node.Index ?? "")).ToHashSet(StringComparer.Ordinal);
            var missing = needed.Where(c => !held.Contains(c)).Order(StringComparer.Ordinal).ToImmutableArray();
            if (missing.Length is 0 or > MostColumns)
                continue;
            var keys = PlanNames.Keys(FilterClause.Split(node.IndexCond, node.Alias));
            if (keys.Count == 0)
                continue;
            yield return new Suspicion
            {
                Id = Name,
                Node = node,
                Impact = impact,
                Message = $"Visits {node.Relation} for {Figures.Count(node.TotalRows)} rows in {Figures.Count(node.Loops.Value)} loops, only to fetch {string.Join(" and ", missing)}; the rest is in {node.Index}.",
                Advice = $"{PlanNames.CreateIndex(node, keys)} INCLUDE ({string.Join(", ", missing)}), in place of {node.Index}, answers it without the table once VACUUM {PlanNames.Table(node)} has marked its pages. "
                    + "Not where those columns are updated often: the index then has to follow each change.",
                Evidence = Figures.Rows(plan, impact, ("rows", node.TotalRows, "rows"), ("loops", node.Loops.Value, "loops")),
            };
        }
    }

    // A scan hands up whole rows where that is cheaper; what is needed is what its ancestors mention, up to the first that makes rows of its own.
    private static HashSet<string>? Needed(QueryPlan plan, PlanNode node)
    {
        if (node.Output.IsEmpty)
            return null;
        var needed = Columns(node, node.Filter is { } filter ? [filter] : []);
        var above = plan.ParentOf(node);
        while (above is { Type: "Memoize" or "Materialize" or "Limit" or "Gather" })
            above = plan.ParentOf(above);
        if (above is null || above.Output.IsEmpty || above.Type is "Append" or "Merge Append")
            return null;
        // The condition of a nested loop is in the index condition already.
        needed.UnionWith(Columns(node, [.. above.Output, .. new[] { above.JoinFilter, above.HashCond, above.MergeCond, above.Filter }.OfType<string>()]));
        return needed;
    }

    private static HashSet<string> Columns(PlanNode node, IEnumerable<string> expressions) =>
        expressions.SelectMany(e => Reference().Matches(e)).Where(m => m.Groups["alias"].Value.Trim('"') == node.Alias).Select(m => m.Groups["column"].Value).ToHashSet(StringComparer.Ordinal);

    [GeneratedRegex("""(?<![\w$."])(?<alias>"([^"]|"")+"|[a-z_][\w$]*)\.(?<column>"([^"]|"")+"|[a-z_][\w$]*)""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Reference();
}
