using System.Collections.Immutable;
using AgentHost.Skills.RecommendIndex.Pricing;
using AgentHost.Skills.RecommendIndex.Search;

namespace AgentHost.Skills.RecommendIndex;

/// <summary>Puts a selection into the words of the answer.</summary>
internal sealed class SelectionReport(IReadOnlyList<AnalysedQuery> queries, ImmutableArray<PricedPlan> before, Selection selection, WriteCharge charge, WithheldSearch search)
{
    /// <summary>The workload's cost now and with the selection.</summary>
    public WorkloadCost Workload => new(
        Round(queries.Select((q, i) => q.Query.Weight * before[i].Cost).Sum()),
        Round(queries.Select((q, i) => q.Query.Weight * selection.Plans[i].Cost).Sum()),
        queries.Count);

    /// <summary>The recommendations, the most useful first.</summary>
    public ImmutableArray<(IndexCandidate Index, IndexRecommendation Recommendation)> Recommendations(IReadOnlySet<string> taken) =>
    [
        .. selection.Indexes.Select(index => (Index: index, Recommendation: Recommendation(index, taken)!)).Where(r => r.Recommendation is not null)
            .OrderByDescending(r => r.Recommendation.CostBefore - r.Recommendation.CostAfter).ThenBy(r => r.Recommendation.Sql, StringComparer.Ordinal),
    ];

    /// <summary>Queries that the planner prices higher with the selection than without it.</summary>
    public ImmutableArray<QueryCost> Regressions =>
        [.. queries.Select((q, i) => new QueryCost(q.Query.Name, Round(before[i].Cost), Round(selection.Plans[i].Cost))).Where(c => c.After > 1.05 * c.Before && c.After - c.Before > WorthRule.LeastSaving)];

    private IndexRecommendation? Recommendation(IndexCandidate index, IReadOnlySet<string> taken)
    {
        var users = Enumerable.Range(0, queries.Count).Where(q => selection.Plans[q].Used.Contains(index.Definition)).ToList();
        if (users.Count == 0)
            return null;
        return new IndexRecommendation(
            index.CreateStatement(taken), index.Table.Name.ToString(),
            Round(users.Sum(q => queries[q].Query.Weight * before[q].Cost)), Round(users.Sum(q => queries[q].Query.Weight * selection.Plans[q].Cost)),
            index.SizeBytes, [.. users.Select(q => queries[q].Query.Name)],
            Reasons.Of(index, [.. users.Select(q => (queries[q].Query.Name, before[q].Cost, selection.Plans[q].Cost))], charge.Of(index, selection.Indexes)))
        {
            Requires = [.. index.Extensions.Select(e => $"CREATE EXTENSION {AgentHost.Sql.SqlIdentifier.Quote(e)};")],
            Costs = [.. users.Select(q => new QueryCost(queries[q].Query.Name, Round(before[q].Cost), Round(selection.Plans[q].Cost)))],
            WriteCost = Round(charge.Of(index, selection.Indexes)),
            EndsHot = charge.EndsHot(index),
            Replaces = [.. index.Table.Indexes.Where(i => index.Replaces(i) && i is { BacksConstraint: false, IsReplicaIdentity: false, IsClustered: false, IsPartitionMember: false }).Select(i => i.Name.ToString())],
            Citation = new Citation(Page(index)),
            Rejection = Rejection.Line(index, search.Figures(index, selection)!),
            Changed = search.Changed(index, selection),
        };
    }

    private static string Page(IndexCandidate index) => index.Method switch
    {
        "gin" when index.Keys.Any(k => k.Role == KeyRole.Pattern) => "trigram-search",
        "gin" when index.Keys.Any(k => k.Facts.BaseType == "tsvector" || k.Facts.Name.Contains("tsvector", StringComparison.Ordinal)) => "gin-for-full-text",
        "gin" => "gin-for-jsonb",
        "gist" or "spgist" => "gist-and-ranges",
        "brin" => "brin-for-append-only",
        "hash" => "hash-indexes",
        _ when index.Predicate is not null => "partial-indexes",
        _ when index.Keys.Any(k => k.Facts.IsExpression) => "expression-indexes",
        _ when !index.Include.IsEmpty => "covering-indexes-include",
        _ when index.Keys is [{ Role: KeyRole.Join }] => "index-foreign-keys",
        _ => "btree-column-order",
    };

    private static double Round(double cost) => Math.Round(cost, 2);
}
