using System.Collections.Immutable;

namespace AgentHost.Skills.RecommendIndex;

/// <summary>
/// Chooses indexes for the whole weighted workload as Extend does (Schlosser, Kossmann, Boissier: Efficient scalable multi-attribute index
/// selection, ICDE 2019): each step adds the index, or extends a chosen one, with the most benefit per byte; then drops and swaps polish the set.
/// Ties are broken on the definition, so that the same input has the same answer.
/// </summary>
internal sealed class IndexSearch(HypotheticalPlanner planner, IReadOnlyList<AnalysedQuery> queries, IReadOnlyList<AnalysedWrite> writes, IndexRequest request)
{
    /// <summary>An index must save this share of the workload's cost …</summary>
    private const double WorkloadShare = 0.005;

    /// <summary>… or this share of a query …</summary>
    private const double QueryShare = 0.30;

    /// <summary>… that has this share of the workload's weight.</summary>
    private const double WeightShare = 0.01;

    /// <summary>Nothing is recommended for a saving that is within the noise of the planner's own estimates: in cost units …</summary>
    private const double LeastSaving = 10;

    /// <summary>… and as a share of the query that saves most.</summary>
    private const double LeastShare = 0.10;

    private readonly double totalWeight = queries.Sum(q => q.Query.Weight);
    private readonly WriteCharge charge = new(writes);
    private double firstCost;

    /// <summary>The chosen indexes with their plans; <paramref name="candidates"/> in the order of their definitions.</summary>
    public async Task<Selection> RunAsync(ImmutableArray<IndexCandidate> candidates, CancellationToken ct)
    {
        var start = await SelectAsync([], ct) ?? throw new InvalidOperationException("The baseline was priced before.");
        firstCost = start.Cost;
        var useful = await UsefulAsync(start, candidates, ct);
        var chosen = start;
        while (!planner.IsExhausted && await BestStepAsync(chosen, useful, ct) is { } next)
            chosen = next;
        return await PolishAsync(chosen, useful, ct);
    }

    // What saves nothing alone saves nothing beside others, but for intersections of bitmaps, which a wider index beats.
    private async Task<ImmutableArray<IndexCandidate>> UsefulAsync(Selection start, ImmutableArray<IndexCandidate> candidates, CancellationToken ct)
    {
        var useful = ImmutableArray.CreateBuilder<IndexCandidate>();
        for (var i = 0; i < candidates.Length && !planner.IsExhausted; i++)
        {
            if (i % 10 == 0)
                request.Progress?.Report($"Pricing candidate {i + 1} of {candidates.Length}");
            if (await SelectAsync([candidates[i]], ct) is { } alone && IsWorth(start, alone))
                useful.Add(candidates[i]);
        }
        return useful.ToImmutable();
    }

    private async Task<Selection?> BestStepAsync(Selection chosen, ImmutableArray<IndexCandidate> candidates, CancellationToken ct)
    {
        (Selection Next, double Score)? best = null;
        foreach (var candidate in candidates.Where(c => !chosen.Indexes.Contains(c) && !chosen.Indexes.Any(i => i.Extends(c))))
        {
            if (planner.IsExhausted)
                break;
            var next = await SelectAsync([.. chosen.Indexes.Where(i => !candidate.Extends(i)), candidate], ct);
            if (next is null || !Fits(next) || !IsWorth(chosen, next))
                continue;
            var score = (chosen.Cost - next.Cost) / Math.Max(next.SizeBytes - chosen.SizeBytes, 64 * 1024);
            if (best is not { } b || score > b.Score * (1 + 1e-9))
                best = (next, score);
        }
        return best?.Next;
    }

    private async Task<Selection> PolishAsync(Selection chosen, ImmutableArray<IndexCandidate> candidates, CancellationToken ct)
    {
        // Each move leaves fewer indexes, less cost or less size; the bound keeps two of them from undoing each other for ever.
        for (var round = 0; round < 20 && !planner.IsExhausted; round++)
        {
            if (await DropAsync(chosen, ct) is { } smaller)
                chosen = smaller;
            else if (await MergeAsync(chosen, candidates, ct) is { } fewer)
                chosen = fewer;
            else if (await SwapAsync(chosen, candidates, ct) is { } better)
                chosen = better;
            else
                break;
        }
        return chosen;
    }

    private async Task<Selection?> DropAsync(Selection chosen, CancellationToken ct)
    {
        foreach (var index in chosen.Indexes.OrderByDescending(i => i.SizeBytes).ThenBy(i => i.Definition, StringComparer.Ordinal))
        {
            if (await SelectAsync(chosen.Indexes.Remove(index), ct) is { } without && !IsWorth(without, chosen))
                return without;
        }
        return null;
    }

    // One wider index in the place of two: a write pays once, and bytes alone do not tell that.
    private async Task<Selection?> MergeAsync(Selection chosen, ImmutableArray<IndexCandidate> candidates, CancellationToken ct)
    {
        foreach (var (first, second) in chosen.Indexes.SelectMany((a, i) => chosen.Indexes.Skip(i + 1).Where(b => b.Table.Oid == a.Table.Oid).Select(b => (a, b))))
        {
            foreach (var candidate in candidates.Where(c => !chosen.Indexes.Contains(c) && (c.Extends(first) || c.Extends(second))))
            {
                if (planner.IsExhausted)
                    return null;
                var merged = await SelectAsync([.. chosen.Indexes.Where(i => i != first && i != second), candidate], ct);
                if (merged is not null && Fits(merged) && merged.Cost <= chosen.Cost + WorkloadShare * firstCost)
                    return merged;
            }
        }
        return null;
    }

    private async Task<Selection?> SwapAsync(Selection chosen, ImmutableArray<IndexCandidate> candidates, CancellationToken ct)
    {
        foreach (var index in chosen.Indexes)
        {
            foreach (var candidate in candidates.Where(c => c.Table.Oid == index.Table.Oid && !chosen.Indexes.Contains(c)))
            {
                if (planner.IsExhausted)
                    return null;
                var swapped = await SelectAsync(chosen.Indexes.Replace(index, candidate), ct);
                if (swapped is null || !Fits(swapped))
                    continue;
                var cheaper = swapped.Cost < chosen.Cost - WorkloadShare * firstCost;
                var leaner = swapped.Cost <= chosen.Cost + 1e-4 * firstCost && swapped.SizeBytes < 0.8 * chosen.SizeBytes;
                if (cheaper || leaner)
                    return swapped;
            }
        }
        return null;
    }

    private bool Fits(Selection selection) =>
        (request.MaxIndexes is not { } max || selection.Indexes.Length <= max)
        && (request.BudgetMb is not { } megabytes || selection.SizeBytes <= megabytes * 1024 * 1024);

    private bool IsWorth(Selection before, Selection after)
    {
        var gain = before.Cost - after.Cost;
        if (gain <= 0)
            return false;
        var (felt, strong) = (false, false);
        for (var q = 0; q < queries.Count; q++)
        {
            var (old, now) = (before.Plans[q].Cost, after.Plans[q].Cost);
            if (old - now < LeastSaving || old - now < LeastShare * old)
                continue;
            felt = true;
            strong |= old - now >= QueryShare * old && queries[q].Query.Weight >= WeightShare * totalWeight;
        }
        return felt && (strong || gain >= WorkloadShare * firstCost);
    }

    private async Task<Selection?> SelectAsync(ImmutableArray<IndexCandidate> indexes, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        if (await planner.PriceAsync(queries, indexes, ct) is not { } plans)
            return null;
        var reads = queries.Zip(plans).Sum(p => p.First.Query.Weight * p.Second.Cost);
        return new Selection(indexes, plans, reads + indexes.Sum(charge.Of), indexes.Sum(i => i.SizeBytes));
    }
}

/// <summary>A set of indexes and what the planner makes of the workload with it.</summary>
/// <param name="Indexes">The set.</param>
/// <param name="Plans">The plan of each query, in the workload's order.</param>
/// <param name="Cost">Weighted cost of the reads, and of keeping the indexes under the workload's writes.</param>
/// <param name="SizeBytes">Estimated size of the set.</param>
internal sealed record Selection(ImmutableArray<IndexCandidate> Indexes, ImmutableArray<PricedPlan> Plans, double Cost, long SizeBytes);
