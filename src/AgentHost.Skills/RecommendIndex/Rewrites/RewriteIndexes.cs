using System.Collections.Immutable;
using AgentHost.Postgres.Twins;
using AgentHost.Skills.RecommendIndex.Pricing;
using AgentHost.Skills.RecommendIndex.Search;
using AgentHost.Skills.RecommendIndex.Workloads;
using AgentHost.Sql.Queries;
using Npgsql;

namespace AgentHost.Skills.RecommendIndex.Rewrites;

/// <summary>Prices rewritten queries as if they were the workload: what they cost beside the original, and which index they want that is not there and not recommended.</summary>
internal sealed class RewriteIndexes(Twin twin, NpgsqlConnection open, IndexPlanner planner, StagedIndexes staged, SchemaFacts schema, IndexEnvironment environment, IndexRequest request)
{
    /// <summary>More are not priced; those of the dearest queries come first.</summary>
    private const int Most = 8;

    /// <summary>The share of the cost that an index must save to be wanted.</summary>
    private const double WantedShare = 0.5;

    /// <summary>A smaller gain is not told.</summary>
    private const double ToldShare = 0.8;

    /// <summary>An index that saves no more than this is not needed.</summary>
    private const double NeededFactor = 1.2;

    /// <summary>The rewrites, with prices where the planner proves a gain.</summary>
    /// <param name="rewrites">Those that PostgreSQL plans.</param>
    /// <param name="costs">What a call of each query costs now.</param>
    /// <param name="recommended">The recommended indexes.</param>
    /// <param name="taken">Names that are not free for a new index.</param>
    /// <param name="ct">Ends it.</param>
    public async Task<ImmutableArray<QueryRewrite>> PricedAsync(
        ImmutableArray<QueryRewrite> rewrites, IReadOnlyDictionary<string, double> costs, ImmutableArray<(IndexCandidate Index, IndexRecommendation Recommendation)> recommended, IReadOnlySet<string> taken, CancellationToken ct)
    {
        // One look-up for many keys costs more than one for a single key.
        var priced = rewrites.Where(r => r is { Sql: not null, Kind: not RewriteKind.RepeatedLookUp } && costs.ContainsKey(r.Query)).OrderByDescending(r => costs[r.Query]).ThenBy(r => r.Query, StringComparer.Ordinal).Take(Most).ToHashSet();
        var all = ImmutableArray.CreateBuilder<QueryRewrite>();
        foreach (var rewrite in rewrites)
            all.Add(priced.Contains(rewrite) && !planner.IsExhausted ? await PricedAsync(rewrite, costs[rewrite.Query], recommended, taken, ct) : rewrite);
        return all.ToImmutable();
    }

    private async Task<QueryRewrite> PricedAsync(QueryRewrite rewrite, double before, ImmutableArray<(IndexCandidate Index, IndexRecommendation Recommendation)> recommended, IReadOnlySet<string> taken, CancellationToken ct)
    {
        if (await ReadAsync(rewrite, ct) is not { } query)
            return rewrite;
        var candidates = await new CandidateStage(twin, open, staged).StageAsync(new CandidateGenerator([query], [], environment).Generate(), ct);
        var pricing = new WorkloadPricing(planner, [query], new WriteCharge([]));
        await pricing.BeginAsync(ct);
        var chosen = await new IndexSearch(pricing, request with { Progress = null, BudgetMb = null, MaxIndexes = 1 }).RunAsync(candidates, ct);

        async Task<PricedPlan?> With(IEnumerable<IndexCandidate> indexes) => (await pricing.SelectAsync(pricing.Start, [.. indexes], ct))?.Plans[0];
        var all = recommended.Select(r => r.Index).ToList();
        // What only the query as it is uses may not be needed any more.
        var own = recommended.Where(r => r.Recommendation.Queries.All(q => q == rewrite.Query)).ToList();
        var rest = all.Except(own.Select(o => o.Index)).ToList();
        var wanted = chosen.Indexes.Except(all).ToList();
        if (await With(all) is not { } plan || await With(rest) is not { } lean)
            return rewrite;
        var isWanted = false;
        if (wanted.Count > 0 && await With([.. all, .. wanted]) is { } better && better.Cost <= WantedShare * plan.Cost && await With([.. rest, .. wanted]) is { } leaner)
            (plan, lean, isWanted) = (better, leaner, true);
        var isLean = own.Count > 0 && lean.Cost <= NeededFactor * plan.Cost;
        var after = isLean ? lean : plan;
        return after.Cost > ToldShare * before ? rewrite : rewrite with
        {
            CostBefore = Math.Round(before, 2),
            CostAfter = Math.Round(after.Cost, 2),
            Index = isWanted ? wanted.Find(i => after.Used.Contains(i.Definition))?.CreateStatement(taken) : null,
            InsteadOf = isLean ? [.. own.Select(o => o.Recommendation.Sql.Split('\n')[0])] : [],
        };
    }

    // The rewritten query resolved and planned, with values for its parameters.
    private async Task<AnalysedQuery?> ReadAsync(QueryRewrite rewrite, CancellationToken ct)
    {
        await using var transaction = await open.BeginTransactionAsync(ct);
        var workload = await Workload.ReadAsync(open, [new WeightedQuery(rewrite.Query, rewrite.Sql!)], ct);
        await transaction.RollbackAsync(ct);
        if (workload.Queries is not [var query])
            return null;
        query.Bound = ParameterDraws.Of(query.Query, schema);
        return (await planner.BaselineAsync(query, ct)).Plan is null ? null : query;
    }
}
