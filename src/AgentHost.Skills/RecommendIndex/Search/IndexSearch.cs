using System.Collections.Immutable;

namespace AgentHost.Skills.RecommendIndex.Search;

/// <summary>
/// Chooses indexes for the whole weighted workload. First each query says which candidates it would use if all were there; what no query gains by is left out.
/// Then the best step is taken again and again (add an index, add all of an OR, extend a chosen one), each step's gain taken from the last time it was
/// priced until it comes to the top; then drops, merges and swaps polish the set. Ties are broken on the definition, so that the same input has the same answer.
/// </summary>
internal sealed class IndexSearch(WorkloadPricing pricing, IndexRequest request)
{
    private readonly WorthRule worth = new(pricing.Queries, pricing.Start.Cost);

    /// <summary>The chosen indexes with their plans; <paramref name="candidates"/> in the order in which ties are to be broken.</summary>
    public async Task<Selection> RunAsync(Candidates candidates, CancellationToken ct)
    {
        var moves = await MovesAsync(candidates, ct);
        request.Progress?.Report($"{moves.Count} of {candidates.All.Length} candidate indexes are of use");
        var chosen = await GrowAsync(moves, ct);
        request.Progress?.Report($"{chosen.Indexes.Length} indexes chosen, polishing");
        return await new SearchPolish(pricing, worth, Fits).RunAsync(chosen, [.. moves.SelectMany(m => m.Adds).Distinct()], ct);
    }

    // What a query does not use where it may choose freely, and does not gain by alone either, is left out.
    private async Task<List<Move>> MovesAsync(Candidates candidates, CancellationToken ct)
    {
        var start = pricing.Start;
        var hopeful = new HashSet<int>();
        var moves = new Dictionary<string, Move>(StringComparer.Ordinal);
        for (var q = 0; q < pricing.Queries.Count && !pricing.IsExhausted; q++)
        {
            ImmutableArray<IndexCandidate> own = [.. candidates.All.Where(c => pricing.Users(c).Contains(q))];
            if (own.IsEmpty)
                continue;
            if (q % 25 == 0)
                request.Progress?.Report($"Query {q + 1} of {pricing.Queries.Count}");
            // Refused as a whole: each is asked about by itself.
            if (await pricing.PlanAsync(q, own, ct) is not { } best)
            {
                hopeful.Add(q);
            }
            else if (WorthRule.IsFelt(start.Plans[q].Cost, best.Cost))
            {
                hopeful.Add(q);
                if (best.Used.Length > 1)
                    Note(own.Where(c => best.Used.Contains(c.Definition)));
            }
        }
        foreach (var group in candidates.Together.Where(g => g.Any(c => pricing.Users(c).Any(hopeful.Contains))))
            Note(group);
        foreach (var candidate in candidates.All)
        {
            if (!pricing.IsExhausted && pricing.Users(candidate).Any(hopeful.Contains))
                Note([candidate]);
        }

        var useful = new List<Move>();
        foreach (var move in moves.Values)
        {
            if (pricing.IsExhausted)
                break;
            if (await pricing.SelectAsync(start, move.Adds, ct) is { } alone && worth.IsPromising(start, alone) && (move.Adds.All(i => i.Extensions.IsEmpty) || WorthRule.IsWorthAnExtension(start, alone)))
                useful.Add(move with { Gain = start.Cost - alone.Cost, Size = alone.SizeBytes });
        }
        // A set that is no better than its best member says nothing.
        return [.. useful.Where(m => m.Adds.Length == 1 || !useful.Exists(o => o.Adds.Length == 1 && m.Adds.Contains(o.Adds[0]) && o.Gain >= 0.98 * m.Gain))];

        void Note(IEnumerable<IndexCandidate> adds)
        {
            ImmutableArray<IndexCandidate> set = [.. adds];
            moves.TryAdd(string.Join('\n', set.Select(c => c.Definition)), new Move(set, 0, 0));
        }
    }

    private async Task<Selection> GrowAsync(List<Move> moves, CancellationToken ct)
    {
        var chosen = pricing.Start;
        // The order of the list breaks ties: it is sorted anew, stably, with each price that is learnt.
        var open = moves.OrderByDescending(Score).ToList();
        while (open.Count > 0 && !pricing.IsExhausted)
        {
            var (top, price) = (open[0], await ApplyAsync(chosen, open[0], ct));
            open.RemoveAt(0);
            if (price is null || !worth.IsWorth(chosen, price))
                continue;
            var fresh = top with { Gain = chosen.Cost - price.Cost, Size = Math.Max(0, price.SizeBytes - chosen.SizeBytes) };
            if (!Fits(price))
                continue;
            if (open.Count > 0 && Score(fresh) < Score(open[0]) * (1 - 1e-9))
            {
                var place = open.FindIndex(m => Score(m) < Score(fresh));
                open.Insert(place < 0 ? open.Count : place, fresh);
                continue;
            }
            chosen = price;
        }
        return chosen;
    }

    private async Task<Selection?> ApplyAsync(Selection chosen, Move move, CancellationToken ct)
    {
        ImmutableArray<IndexCandidate> adds = [.. move.Adds.Where(c => !chosen.Indexes.Contains(c) && !chosen.Indexes.Any(i => i.Extends(c)))];
        return adds.IsEmpty ? null : await pricing.SelectAsync(chosen, [.. chosen.Indexes.Where(i => !adds.Any(a => a.Extends(i))), .. adds], ct);
    }

    // Where space is short, what is gained by the byte counts; very small indexes are not worth more for being smaller still.
    private double Score(Move move) => request.BudgetMb is null ? move.Gain : move.Gain / Math.Max(move.Size, 256 * 1024);

    private bool Fits(Selection selection) =>
        (request.MaxIndexes is not { } max || selection.Indexes.Length <= max)
        && (request.BudgetMb is not { } megabytes || selection.SizeBytes <= megabytes * 1024 * 1024);

    private sealed record Move(ImmutableArray<IndexCandidate> Adds, double Gain, long Size);
}
