using System.Collections.Immutable;
using AgentHost.Postgres;
using AgentHost.Skills.RecommendIndex;
using AgentHost.Skills.RecommendIndex.Rewrites;
using AgentHost.Sql;
using AgentHost.Sql.Queries;

namespace AgentHost.Skills.ExplainPlan;

/// <summary>
/// Asks the planner whether a problem's remedy is one: the query is given to the index advice, which prices indexes and rewrites on a twin of the database.
/// What it recommends is told with the problem, and that nothing helps is told as well.
/// </summary>
internal static class TwinRemedies
{
    private const double Seconds = 20;
    private const string Name = "the query";

    /// <summary>Problems that an index is the first remedy of: if none helps, that is worth knowing.</summary>
    private static readonly ImmutableHashSet<string> Wanting =
    [
        "seq-scan-selective-filter", "seq-scan-expression-filter", "seq-scan-leading-wildcard", "missing-gin-gist", "index-filter-discard", "index-leading-col-missing",
        "order-by-limit-wrong-index", "sort-avoidable-limit", "bitmapand-composite", "inner-scan-repeated",
    ];

    /// <summary>Problems that an index may mend besides.</summary>
    private static readonly ImmutableHashSet<string> Mendable =
        Wanting.Union(["seq-scan-implicit-cast", "bitmapor-union", "index-only-possible", "join-filter-discard", "merge-sort-join", "correlated-subplan", "sort-spill", "read-amplification", "index-searches-high"]);

    private static readonly ImmutableDictionary<string, ImmutableArray<RewriteKind>> Rewritable = new Dictionary<string, ImmutableArray<RewriteKind>>
    {
        ["large-offset"] = [RewriteKind.LargeOffset],
        ["not-in-subplan"] = [RewriteKind.NotInQuery],
        ["seq-scan-implicit-cast"] = [RewriteKind.CastColumn],
        ["seq-scan-expression-filter"] = [RewriteKind.WrappedColumn],
        ["partition-pruning-missing"] = [RewriteKind.WrappedColumn],
        ["cartesian-product"] = [RewriteKind.MissingJoin],
        ["distinct-after-fanout"] = [RewriteKind.DistinctFanOut],
        ["correlated-subplan"] = [RewriteKind.CountForExistence, RewriteKind.CorrelatedIn],
        ["join-filter-discard"] = [RewriteKind.OrAcrossTables],
        ["bitmapor-union"] = [RewriteKind.OrAcrossTables],
    }.ToImmutableDictionary(StringComparer.Ordinal);

    /// <summary>The problems, those with a remedy that can be priced with what came of it; and what kept it from being asked.</summary>
    public static async Task<(ImmutableArray<PlanProblem> Problems, string? Note)> CheckAsync(ExplainRequest request, QueryPlan plan, ImmutableArray<PlanProblem> problems, CancellationToken ct)
    {
        if (request is { Target: null, Snapshot: null } || !problems.Any(p => Mendable.Contains(p.Id) || Rewritable.ContainsKey(p.Id)))
            return (problems, null);
        if ((request.Query ?? plan.QueryText) is not { } query)
            return (problems, "With the query's text its indexes and rewrites would have been priced on a twin of the database.");
        IndexResult advice;
        try
        {
            advice = await RecommendIndexEngine.RunAsync(
                new IndexRequest { Target = request.Snapshot is null ? request.Target : null, Snapshot = request.Snapshot, Queries = [new WeightedQuery(Name, query, 1)], BudgetSeconds = Seconds }, ct);
        }
        // The plan is explained all the same: what cannot be priced is said.
        catch (Exception refused) when (refused is SkillInputException or SqlInputException or TargetRefusedException or PostgresUnavailableException)
        {
            return (problems, $"No remedy was priced on a twin of the database: {refused.Message}");
        }

        var open = advice.Recommendations.ToList();
        return ([.. problems.Select(problem => problem with { Remedy = Of(plan, problem, advice, open) })], null);
    }

    private static RemedyCheck? Of(QueryPlan plan, PlanProblem problem, IndexResult advice, List<IndexRecommendation> open)
    {
        if (Rewritable.TryGetValue(problem.Id, out var kinds) && advice.Rewrites.FirstOrDefault(r => kinds.Contains(r.Kind)) is { CostBefore: { } before, CostAfter: { } after } rewrite)
        {
            return new RemedyCheck(true, $"Written differently, the query's cost falls from {Figures.Count(before)} to {Figures.Count(after)} on a twin of the database. {rewrite.What}{(rewrite.IsExact ? "" : " Look first: " + rewrite.Why)}")
            {
                Sql = rewrite.Index is null ? rewrite.Sql : $"{rewrite.Index}\n{rewrite.Sql}", CostBefore = before, CostAfter = after,
            };
        }

        if (!Mendable.Contains(problem.Id))
            return null;
        var tables = plan.Subtree(plan[problem.NodeNumber]).Select(n => n.Relation).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var found = open.Where(r => tables.Contains(Relation(r.Table))).ToList();
        if (found.Count > 0)
        {
            // An index is told with the costliest problem that it mends.
            open.RemoveAll(found.Contains);
            var cost = found.SelectMany(r => r.Costs).First();
            return new RemedyCheck(true, $"{(found.Count == 1 ? "With this index" : "With these indexes")} the query's cost falls from {Figures.Count(cost.Before)} to {Figures.Count(cost.After)} on a twin of the database.")
            {
                Sql = string.Join('\n', found.SelectMany(r => r.Requires.Append(r.Sql))), CostBefore = cost.Before, CostAfter = cost.After,
            };
        }

        if (!Wanting.Contains(problem.Id) || advice.Recommendations.Any(r => tables.Contains(Relation(r.Table))))
            return null;
        var why = advice.Withheld.FirstOrDefault() is { } withheld ? $"{withheld.Index} was rejected by {withheld.RejectedBy}: {withheld.Title}." : advice.Unpriced.FirstOrDefault()?.Why;
        return new RemedyCheck(false, $"On a twin of the database no index lowers the query's cost by enough to be worth having. {why}".TrimEnd());
    }

    private static string Relation(string qualified) => qualified[(qualified.LastIndexOf('.') + 1)..].Trim('"');
}
