using System.Collections.Immutable;

namespace AgentHost.Skills.RecommendIndex.Search;

/// <summary>Makes a set smaller, leaner or better by dropping, merging and swapping its indexes until nothing is gained any more.</summary>
internal sealed class SearchPolish(WorkloadPricing pricing, WorthRule worth, Func<Selection, bool> fits)
{
    /// <summary>A payload stays where it saves this share of what the workload still costs, and so many units in a call.</summary>
    private const double PayloadShare = 0.02, PayloadSaving = 500;

    /// <summary>A swap that looks so much dearer is not tried.</summary>
    private const double Slack = 0.01;

    private readonly Dictionary<IndexCandidate, Alone?> alone = [];
    private readonly VainSteps vain = new(pricing);

    public async Task<Selection> RunAsync(Selection chosen, ImmutableArray<IndexCandidate> candidates, CancellationToken ct)
    {
        // Each move leaves fewer indexes, less cost or less size; the bound keeps two of them from undoing each other for ever.
        var rounds = 20 + (2 * chosen.Indexes.Length);
        for (var round = 0; round < rounds && !pricing.IsExhausted; round++)
        {
            if ((await DropAsync(chosen, ct) ?? await UncoverAsync(chosen, ct) ?? await SpareAsync(chosen, candidates, ct)
                ?? await MergeAsync(chosen, candidates, ct) ?? await SwapAsync(chosen, candidates, ct)) is not { } better)
            {
                break;
            }
            vain.Changed(chosen, better);
            chosen = better;
        }
        return chosen;
    }

    private async Task<Selection?> DropAsync(Selection chosen, CancellationToken ct)
    {
        foreach (var index in vain.Open("drop", chosen.Indexes.OrderByDescending(i => i.SizeBytes).ThenBy(i => i.Definition, StringComparer.Ordinal)))
        {
            if (await pricing.SelectAsync(chosen, chosen.Indexes.Remove(index), ct) is { } without && !worth.IsWorth(without, chosen))
                return without;
        }
        return null;
    }

    // A payload must pay for its width: for every change of the columns, and for what more rows a page of keys alone would hold.
    private async Task<Selection?> UncoverAsync(Selection chosen, CancellationToken ct)
    {
        foreach (var index in vain.Open("uncover", chosen.Indexes.Where(i => !i.Include.IsEmpty)))
        {
            var bare = new IndexCandidate(index.Table, index.Keys, index.Predicate) { EqualityKeys = index.EqualityKeys };
            if (chosen.Indexes.Contains(bare))
                continue;
            // Where an existing index has the same keys, the payload is all that would be new.
            var isThere = index.Table.Indexes.Any(bare.IsServedBy);
            var plain = await pricing.SelectAsync(chosen, isThere ? chosen.Indexes.Remove(index) : chosen.Indexes.Replace(index, bare), ct);
            if (plain is not null && Fits(plain) && !IsPayloadWorth(chosen, plain))
                return plain;
        }
        return null;
    }

    private static bool IsPayloadWorth(Selection with, Selection without) =>
        without.Cost - with.Cost >= PayloadShare * with.Cost && with.Plans.Zip(without.Plans).Any(p => p.Second.Cost - p.First.Cost >= PayloadSaving);

    // Somebody must be asked to create an extension: an index that needs none takes the place of one that gains little more.
    private async Task<Selection?> SpareAsync(Selection chosen, ImmutableArray<IndexCandidate> candidates, CancellationToken ct)
    {
        foreach (var index in vain.Open("spare", chosen.Indexes.Where(i => !i.Extensions.IsEmpty)))
        {
            foreach (var candidate in candidates.Where(c => c.Extensions.IsEmpty && c.Table.Oid == index.Table.Oid && !chosen.Indexes.Contains(c) && pricing.Users(c).Intersect(pricing.Users(index)).Any()))
            {
                if (pricing.IsExhausted)
                    return null;
                if (await pricing.SelectAsync(chosen, chosen.Indexes.Replace(index, candidate), ct) is { } spared && Fits(spared) && !WorthRule.IsWorthAnExtension(spared, chosen))
                    return spared;
            }
        }
        return null;
    }

    // One wider index in the place of two: a write pays once, and bytes alone do not tell that.
    private async Task<Selection?> MergeAsync(Selection chosen, ImmutableArray<IndexCandidate> candidates, CancellationToken ct)
    {
        foreach (var (first, second) in vain.Open("merge", Pairs(chosen)))
        {
            foreach (var candidate in candidates.Where(c => !chosen.Indexes.Contains(c) && (c.Extends(first) || c.Extends(second!))))
            {
                if (pricing.IsExhausted)
                    return null;
                var merged = await pricing.SelectAsync(chosen, [.. chosen.Indexes.Where(i => i != first && i != second), candidate], ct);
                if (merged is not null && Fits(merged) && merged.Cost <= chosen.Cost + (WorthRule.WorkloadShare * chosen.Cost) && !Hurts(chosen, merged))
                    return merged;
            }
        }
        return null;
    }

    private static IEnumerable<(IndexCandidate First, IndexCandidate? Second)> Pairs(Selection chosen) =>
        chosen.Indexes.GroupBy(i => i.Table.Oid).SelectMany(own => own.SelectMany((a, i) => own.Skip(i + 1).Select(b => (a, (IndexCandidate?)b))));

    private async Task<Selection?> SwapAsync(Selection chosen, ImmutableArray<IndexCandidate> candidates, CancellationToken ct)
    {
        foreach (var index in vain.Open("swap", chosen.Indexes))
        {
            if (await pricing.SelectAsync(chosen, chosen.Indexes.Remove(index), ct) is not { } without)
                continue;
            foreach (var candidate in candidates.Where(c => c.Table.Oid == index.Table.Oid && !chosen.Indexes.Contains(c) && pricing.Users(c).Intersect(pricing.Users(index)).Any()))
            {
                if (pricing.IsExhausted)
                    return null;
                if (!await IsHopefulAsync(chosen, without, candidate, ct))
                    continue;
                var swapped = await pricing.SelectAsync(chosen, chosen.Indexes.Replace(index, candidate), ct);
                if (swapped is null || !Fits(swapped) || (!candidate.Extensions.IsEmpty && index.Extensions.IsEmpty && !WorthRule.IsWorthAnExtension(chosen, swapped)))
                    continue;
                var cheaper = swapped.Cost < chosen.Cost - (WorthRule.WorkloadShare * chosen.Cost) && (candidate.Include.IsEmpty || !index.Include.IsEmpty || IsPayloadWorth(swapped, chosen));
                var leaner = swapped.Cost <= chosen.Cost + (1e-3 * chosen.Cost) && swapped.SizeBytes < 0.8 * chosen.SizeBytes && !Hurts(chosen, swapped);
                if (cheaper || leaner)
                    return swapped;
            }
        }
        return null;
    }

    // What a candidate does alone, known from before, is nearly what it does beside others: most are seen to be no better without asking the planner again.
    private async Task<bool> IsHopefulAsync(Selection chosen, Selection without, IndexCandidate candidate, CancellationToken ct)
    {
        if (!alone.TryGetValue(candidate, out var known))
            alone[candidate] = known = await AloneAsync(candidate, ct);
        return known is { } own && without.Cost + own.Upkeep - own.Costs.Sum(c => pricing.Queries[c.Query].Query.Weight * Math.Max(0, without.Plans[c.Query].Cost - c.Cost)) <= chosen.Cost * (1 + Slack);
    }

    private async Task<Alone?> AloneAsync(IndexCandidate candidate, CancellationToken ct)
    {
        if (await pricing.SelectAsync(pricing.Start, [candidate], ct) is not { } selection)
            return null;
        var reads = selection.Plans.Select((plan, q) => pricing.Queries[q].Query.Weight * plan.Cost).Sum();
        return new Alone(selection.Cost - reads, [.. pricing.Users(candidate).Select(q => (q, selection.Plans[q].Cost))]);
    }

    /// <summary>What an index costs by itself, and what its queries cost with it.</summary>
    private sealed record Alone(double Upkeep, ImmutableArray<(int Query, double Cost)> Costs);

    // What does not fit now may do so once another index has gone.
    private bool Fits(Selection selection)
    {
        if (fits(selection))
            return true;
        vain.Keep();
        return false;
    }

    // A saving for the whole must not be paid by one query that was served well.
    private static bool Hurts(Selection before, Selection after) => before.Plans.Zip(after.Plans).Any(p => p.Second.Cost - p.First.Cost > Math.Max(WorthRule.LeastSaving, 0.5 * p.First.Cost));
}
