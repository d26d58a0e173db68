using System.Collections.Immutable;

namespace AgentHost.Skills.RecommendIndex;

/// <summary>Puts a selection into the words of the answer.</summary>
internal sealed class SelectionReport(IReadOnlyList<AnalysedQuery> queries, ImmutableArray<PricedPlan> before, Selection selection, WriteCharge charge)
{
    /// <summary>The workload's cost now and with the selection.</summary>
    public WorkloadCost Workload => new(
        Round(queries.Select((q, i) => q.Query.Weight * before[i].Cost).Sum()),
        Round(queries.Select((q, i) => q.Query.Weight * selection.Plans[i].Cost).Sum()),
        queries.Count);

    /// <summary>The recommendations, the most useful first.</summary>
    public ImmutableArray<IndexRecommendation> Recommendations(IReadOnlySet<string> taken) =>
    [
        .. selection.Indexes.Select(index => Recommendation(index, taken)).OfType<IndexRecommendation>()
            .OrderByDescending(r => r.CostBefore - r.CostAfter).ThenBy(r => r.Sql, StringComparer.Ordinal),
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
        };
    }

    private static double Round(double cost) => Math.Round(cost, 2);
}
