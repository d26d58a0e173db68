using System.Collections.Immutable;

namespace AgentHost.Skills.RecommendIndex.Verification;

/// <summary>What a set of indexes costs or saves the statements.</summary>
/// <param name="Milliseconds">Weighted milliseconds.</param>
/// <param name="Work">The same by pages and rows.</param>
/// <param name="IsFelt">Whether a single statement depends on the difference.</param>
internal readonly record struct Difference(double Milliseconds, double Work, bool IsFelt)
{
    /// <summary>Weighted milliseconds of the statements concerned where they are slower.</summary>
    public double Slow { get; init; }

    /// <summary>A statement that was cut off with the indexes and without them, so that nothing is known of it; null where there is none.</summary>
    public string? Unknown { get; init; }
}

/// <summary>Decides which of the indexes are worth having: first between alternatives, then by taking away.</summary>
internal sealed class Elimination
{
    private readonly MeasuringBench bench;
    private readonly ImmutableArray<BoundQuery> queries;
    private readonly Func<BuiltIndex, double> writes;
    private readonly double allWeight;

    /// <param name="bench">Where statements run.</param>
    /// <param name="queries">The statements.</param>
    /// <param name="writes">Weighted milliseconds that keeping an index up costs.</param>
    public Elimination(MeasuringBench bench, ImmutableArray<BoundQuery> queries, Func<BuiltIndex, double> writes) =>
        (this.bench, this.queries, this.writes, allWeight) = (bench, queries, writes, queries.Sum(query => query.Weight));

    /// <summary>Why each index that is not kept is not.</summary>
    public Dictionary<BuiltIndex, string> Reasons { get; } = [];

    /// <summary>What the removal of a kept index would cost.</summary>
    public Dictionary<BuiltIndex, Difference> Gains { get; } = [];

    /// <summary>Why nothing can be said of an index.</summary>
    public Dictionary<BuiltIndex, string> Unmeasured { get; } = [];

    /// <summary>What statements take without any of the indexes.</summary>
    public Dictionary<BoundQuery, Measurement> Before { get; private set; } = [];

    /// <summary>What statements take with those that are kept.</summary>
    public Dictionary<BoundQuery, Measurement> After { get; private set; } = [];

    /// <summary>The kept indexes; those about which there was no time to decide are kept.</summary>
    public async Task<HashSet<BuiltIndex>> RunAsync(IReadOnlyList<BuiltIndex> indexes, CancellationToken ct)
    {
        await MeasureBeforeAsync(indexes, ct);
        var kept = indexes.GroupBy(index => index.Set).Select(set => set.MinBy(index => index.Alternative)!).ToHashSet();
        foreach (var set in indexes.GroupBy(index => index.Set).Where(set => set.Count() > 1).OrderBy(set => set.Key))
            await ChooseAsync([.. set.OrderBy(index => index.Alternative)], kept, ct);

        while (!bench.IsOver && await WeakestAsync(kept, ct) is { } weakest)
            kept.Remove(weakest);
        After = await bench.MeasureAsync(queries, kept, ct);
        return kept;
    }

    /// <summary>Measures first the statements that some index gives another plan, then, each once, those that only count for the sum.</summary>
    private async Task MeasureBeforeAsync(IReadOnlyList<BuiltIndex> indexes, CancellationToken ct)
    {
        var none = new HashSet<BuiltIndex>();
        var without = await bench.PlansAsync(queries, none, ct);
        var changed = new HashSet<BoundQuery>();
        foreach (var place in indexes.Select(index => index.Alternative).Distinct().Order())
        {
            var with = await bench.PlansAsync(queries, indexes.Where(index => index.Alternative == place).ToHashSet(), ct);
            changed.UnionWith(queries.Where(query => without.TryGetValue(query, out var plan) && with.TryGetValue(query, out var other) && plan != other));
        }

        Before = await bench.MeasureAsync(queries.Where(changed.Contains).OrderByDescending(query => query.Weight), none, ct);
        foreach (var (query, once) in await bench.MeasureAsync(queries.Where(query => !changed.Contains(query)).OrderByDescending(query => query.Weight), none, ct, isBrief: true))
            Before[query] = once;
    }

    /// <summary>Weighted milliseconds without any index.</summary>
    private double All => Before.Sum(entry => entry.Key.Weight * entry.Value.Milliseconds);

    private double AllWork => Before.Sum(entry => entry.Key.Weight * entry.Value.Work);

    /// <summary>Weighted milliseconds from which on a gain counts for the workload.</summary>
    private double Least => Math.Max(Thresholds.WorkloadShare * All, Thresholds.AverageMilliseconds * allWeight);

    private double LeastWork => Math.Max(Thresholds.WorkloadShare * AllWork, Thresholds.AverageMilliseconds * allWeight);

    /// <summary>Of several that would serve the same, the one with which statements and writes take least.</summary>
    private async Task ChooseAsync(ImmutableArray<BuiltIndex> alternatives, HashSet<BuiltIndex> kept, CancellationToken ct)
    {
        var best = alternatives[0];
        foreach (var other in alternatives.Skip(1))
        {
            if (bench.IsOver)
                return;
            var with = Swapped(kept, best, other);
            var change = await DifferenceAsync(queries, kept, with, ct);
            if (bench.IsOver)
                return;
            var gain = change.Milliseconds - (writes(other) - writes(best));
            // Where statements take about as long, the smaller one is better. What the rest of the workload takes does not matter between the two.
            var least = Math.Max(Thresholds.Noise * change.Slow, Thresholds.Noise * Thresholds.AverageMilliseconds * allWeight);
            var (larger, smaller) = gain > 0 ? (other.Bytes, best.Bytes) : (best.Bytes, other.Bytes);
            if (larger >= Thresholds.MuchLarger * smaller)
                least *= Thresholds.Doubt;
            var isBetter = Math.Abs(gain) > least ? gain > 0 : Smaller(other, best);
            var (winner, loser) = isBetter ? (other, best) : (best, other);
            Reasons[loser] = $"{winner.BareName} serves the same statements {(Math.Abs(gain) > least ? $"better by {Math.Abs(gain):0.##} weighted ms" : "as well and is no larger")}";
            if (isBetter)
                (kept, best) = (Replace(kept, best, other), other);
        }

        Reasons.Remove(best);
    }

    /// <summary>The index whose removal costs least, where that is too little to keep it.</summary>
    private async Task<BuiltIndex?> WeakestAsync(HashSet<BuiltIndex> kept, CancellationToken ct)
    {
        var found = new List<(BuiltIndex Index, double Net, string Reason)>();
        var plans = await bench.PlansAsync(queries, kept, ct);
        foreach (var index in kept.OrderBy(index => index.Index.Sql, StringComparer.Ordinal))
        {
            if (bench.IsOver)
                return null;
            var without = kept.Where(other => other != index).ToHashSet();
            // Only a plan that uses an index can be another without it.
            var users = queries.Where(query => plans.TryGetValue(query, out var plan) && plan.Contains(index.BareName, StringComparison.Ordinal));
            var change = await DifferenceAsync(users, without, kept, ct);
            if (bench.IsOver)
                return null; // some of its statements were not run
            Unmeasured.Remove(index);
            Gains[index] = change;
            if (change.Unknown is { } statement && Refusal(index, change) is not null)
            {
                Unmeasured[index] = $"'{statement}' was cut off with it and without it";
                continue;
            }

            if (Refusal(index, change) is { } reason)
                found.Add((index, change.Milliseconds - writes(index), reason));
        }

        if (found.Count == 0)
            return null;
        // Of two that can stand in for each other the larger goes.
        var weakest = found.OrderBy(entry => Math.Round(entry.Net, 2)).ThenByDescending(entry => entry.Index.Bytes).ThenBy(entry => entry.Index.Index.Sql, StringComparer.Ordinal).First();
        Reasons[weakest.Index] = weakest.Reason;
        return weakest.Index;
    }

    private string? Refusal(BuiltIndex index, Difference change)
    {
        var price = writes(index);
        if (change is { Milliseconds: 0, Work: 0, Unknown: null })
            return "no statement's plan is another without it";
        var isWorth = IsWorth(change.Milliseconds - price, Least, change.Work - price, LeastWork);
        if (isWorth || (change.IsFelt && change.Milliseconds > price))
            return null;
        return change.Milliseconds <= 0 ? $"statements take {-change.Milliseconds:0.##} weighted ms less without it"
            : change.Milliseconds <= price ? $"it saves {change.Milliseconds:0.##} weighted ms and costs writes {price:0.##}"
            : $"it saves {change.Milliseconds:0.##} weighted ms of {All:0.##} ({change.Milliseconds / Math.Max(1e-9, All):P1}), which is not worth an index";
    }

    /// <summary>Whether a gain is as much as it has to be: by times where they are clear, else by pages and rows.</summary>
    private static bool IsWorth(double gain, double least, double gainOfWork, double leastWork) =>
        gain > least * Thresholds.Doubt || (gain > least / Thresholds.Doubt && gainOfWork > leastWork);

    /// <summary>What statements take longer with some indexes than with others.</summary>
    private async Task<Difference> DifferenceAsync(IEnumerable<BoundQuery> concerned, HashSet<BuiltIndex> without, HashSet<BuiltIndex> with, CancellationToken ct)
    {
        var some = concerned.ToList();
        if (some.Count == 0)
            return default;
        var one = await bench.PlansAsync(some, without, ct);
        var other = await bench.PlansAsync(some, with, ct);
        var changed = some.Where(query => one.TryGetValue(query, out var plan) && other.TryGetValue(query, out var next) && plan != next).ToList();
        if (changed.Count == 0)
            return default;
        var slow = await bench.MeasureAsync(changed, without, ct);
        var fast = await bench.MeasureAsync(changed, with, ct);
        var (time, work, isFelt, slower) = (0.0, 0.0, false, 0.0);
        string? unknown = null;
        foreach (var query in changed.Where(query => slow.ContainsKey(query) && fast.ContainsKey(query)))
        {
            if (slow[query].WasCutOff && fast[query].WasCutOff)
            {
                unknown ??= query.Name;
                continue;
            }

            var above = slow[query].Above(fast[query]);
            slower += query.Weight * Math.Max(slow[query].Milliseconds, fast[query].Milliseconds);
            time += query.Weight * above;
            work += query.Weight * (slow[query].WasCutOff || fast[query].WasCutOff ? above : slow[query].Work - fast[query].Work);
            isFelt |= above >= Thresholds.QueryShare * slow[query].Milliseconds && above >= Thresholds.QueryMilliseconds && Weight(query) >= Thresholds.QueryWeight * allWeight;
        }

        return new Difference(time, work, isFelt) { Slow = slower, Unknown = unknown };
    }

    /// <summary>The weight of a statement with all of its literals.</summary>
    private double Weight(BoundQuery query) => queries.Where(other => other.Name == query.Name).Sum(other => other.Weight);

    private static bool Smaller(BuiltIndex one, BuiltIndex other) => one.Bytes != other.Bytes ? one.Bytes < other.Bytes * 0.9 : one.Alternative < other.Alternative;

    private static HashSet<BuiltIndex> Swapped(HashSet<BuiltIndex> kept, BuiltIndex gone, BuiltIndex come) => [.. kept.Where(index => index != gone), come];

    private static HashSet<BuiltIndex> Replace(HashSet<BuiltIndex> kept, BuiltIndex gone, BuiltIndex come)
    {
        kept.Remove(gone);
        kept.Add(come);
        return kept;
    }
}
