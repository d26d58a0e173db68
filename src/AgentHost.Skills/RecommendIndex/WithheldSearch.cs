using System.Collections.Immutable;
using AgentHost.Skills.RecommendIndex.Pricing;
using AgentHost.Skills.RecommendIndex.Search;

namespace AgentHost.Skills.RecommendIndex;

/// <summary>
/// Searches without what the team rejected: where the best set holds a rejected index, and nothing has changed since, the index is withheld and the search
/// goes on without it.
/// </summary>
internal sealed class WithheldSearch(IndexSearch search, Rejections rejections, IReadOnlyList<AnalysedQuery> queries, ImmutableArray<PricedPlan> before)
{
    /// <summary>The best set of what may be recommended, and what was withheld.</summary>
    public async Task<(Selection Selection, ImmutableArray<WithheldIndex> Withheld)> RunAsync(Candidates candidates, CancellationToken ct)
    {
        var withheld = ImmutableArray.CreateBuilder<WithheldIndex>();
        while (true)
        {
            var selection = await search.RunAsync(candidates, ct);
            var held = selection.Indexes.Where(index => rejections.Of(index) is { } rejection && Figures(index, selection) is { } now && ChangedEvidence.Between(rejection.Figures, now) is null).ToList();
            if (held.Count == 0)
                return (selection, withheld.ToImmutable());
            withheld.AddRange(held.Select(index => Withhold(index, rejections.Of(index)!, Figures(index, selection)!)));
            candidates = candidates.Without(candidate => held.Exists(index => rejections.Of(index)!.Covers(candidate)));
        }
    }

    /// <summary>What changed since an index was rejected; null where it never was.</summary>
    public string? Changed(IndexCandidate index, Selection selection) =>
        rejections.Of(index) is { } rejection && Figures(index, selection) is { } now && ChangedEvidence.Between(rejection.Figures, now) is { } change
            ? $"{rejection.Decision.Id} rejected it on {rejection.Decision.When:yyyy-MM-dd}, but {change}."
            : null;

    /// <summary>The decision that rejected an index.</summary>
    public Rejection? RejectionOf(IndexCandidate index) => rejections.Of(index);

    /// <summary>Today's figures of a chosen index; null where no plan uses it.</summary>
    public IndexFigures? Figures(IndexCandidate index, Selection selection)
    {
        var users = Enumerable.Range(0, queries.Count).Where(q => selection.Plans[q].Used.Contains(index.Definition)).ToList();
        var calls = users.Sum(q => queries[q].Query.Weight);
        return users.Count == 0 ? null : new IndexFigures(
            users.Sum(q => queries[q].Query.Weight * before[q].Cost) / calls, users.Sum(q => queries[q].Query.Weight * selection.Plans[q].Cost) / calls, index.Table.Rows, index.SizeBytes);
    }

    private static WithheldIndex Withhold(IndexCandidate index, Rejection rejection, IndexFigures now)
    {
        var then = rejection.Figures;
        var today = $"a call would cost {Reasons.Figure(now.Before)} → {Reasons.Figure(now.After)}";
        var why = then.IsEmpty ? $"It kept no figures to compare with, so it holds whatever changes; today {today}."
            : then is { Before: { } b, After: { } a } ? $"Cost {Reasons.Figure(b)} → {Reasons.Figure(a)} then; today {today}: not enough of a change."
            : $"Today {today}; what it kept has not changed enough.";
        return new WithheldIndex(Rejection.Name(index), rejection.Decision.Id, rejection.Decision.Title, why);
    }
}
