using System.Collections.Immutable;
using AgentHost.Skills.RecommendIndex.Pricing;

namespace AgentHost.Skills.RecommendIndex.Search;

/// <summary>Prices sets of indexes for the whole workload; of two sets that differ little only the queries that can tell are asked about.</summary>
internal sealed class WorkloadPricing(IndexPlanner planner, IReadOnlyList<AnalysedQuery> queries, WriteCharge charge)
{
    /// <summary>What space costs: indexes as large as all tables of the workload together are worth this share of its cost.</summary>
    private const double SpaceShare = 0.005;

    private readonly Dictionary<IndexCandidate, ImmutableArray<int>> users = [];
    private double pricePerByte;

    public IReadOnlyList<AnalysedQuery> Queries => queries;

    public bool IsExhausted => planner.IsExhausted;

    /// <summary>The workload as the database is.</summary>
    public Selection Start { get; private set; } = null!;

    /// <summary>Prices the workload as the database is.</summary>
    public async Task BeginAsync(CancellationToken ct)
    {
        var plans = await planner.PriceAsync(queries, [], ct) ?? throw new InvalidOperationException("The baseline was priced before.");
        var cost = queries.Zip(plans).Sum(p => p.First.Query.Weight * p.Second.Cost);
        var bytes = queries.SelectMany(q => q.Uses).Select(u => u.Table).DistinctBy(t => t.Oid).Sum(t => t.Pages * 8192.0);
        pricePerByte = SpaceShare * cost / Math.Max(bytes, 1);
        Start = new Selection([], plans, cost, 0);
    }

    /// <summary>The queries, by their place, that can use an index.</summary>
    public ImmutableArray<int> Users(IndexCandidate index)
    {
        if (!users.TryGetValue(index, out var places))
            users[index] = places = [.. Enumerable.Range(0, queries.Count).Where(q => queries[q].CanUse(index))];
        return places;
    }

    /// <summary>The plan of one query with a set; null where it is refused.</summary>
    public async Task<PricedPlan?> PlanAsync(int query, IReadOnlyCollection<IndexCandidate> indexes, CancellationToken ct) =>
        await planner.PriceAsync([queries[query]], indexes, ct) is [var plan] ? plan : null;

    /// <summary>The workload with a set, where it is known with another; null where the set is refused.</summary>
    public async Task<Selection?> SelectAsync(Selection from, ImmutableArray<IndexCandidate> indexes, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var changed = indexes.Except(from.Indexes).Concat(from.Indexes.Except(indexes)).SelectMany(i => Users(i)).Distinct().Order().ToList();
        var asked = changed.ConvertAll(q => queries[q]);
        if (await planner.PriceAsync(asked, indexes, ct) is not { } plans)
            return null;
        var all = from.Plans.ToBuilder();
        foreach (var (place, plan) in changed.Zip(plans))
            all[place] = plan;
        var reads = queries.Zip(all).Sum(p => p.First.Query.Weight * p.Second.Cost);
        var size = indexes.Sum(i => i.SizeBytes);
        return new Selection(indexes, all.MoveToImmutable(), reads + charge.Of(indexes) + (size * pricePerByte), size);
    }
}
