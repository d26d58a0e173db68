using System.Collections.Immutable;

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

    private IndexRecommendation? Recommendation(IndexCandidate index, IReadOnlySet<string> taken)
    {
        var users = Enumerable.Range(0, queries.Count).Where(q => selection.Plans[q].Used.Contains(index.Definition)).ToList();
        if (users.Count == 0)
            return null;
        return new IndexRecommendation(
            index.CreateStatement(taken), index.Table.Name.ToString(),
            Round(users.Sum(q => queries[q].Query.Weight * before[q].Cost)), Round(users.Sum(q => queries[q].Query.Weight * selection.Plans[q].Cost)),
            index.SizeBytes, [.. users.Select(q => queries[q].Query.Name)],
            Reasons.Of(index, [.. users.Select(q => (queries[q].Query.Name, before[q].Cost, selection.Plans[q].Cost))], charge.Of(index)))
        {
            Citation = new Citation(index.Predicate is not null ? "partial-indexes" : index.Keys.Length > 1 ? "btree-column-order"
                : index.Keys[0].Role == KeyRole.Join ? "index-foreign-keys" : "btree-column-order"),
            Rejection = Rejection.Line(index, search.Figures(index, selection)!),
            Changed = search.Changed(index, selection),
        };
    }

    private static double Round(double cost) => Math.Round(cost, 2);
}
