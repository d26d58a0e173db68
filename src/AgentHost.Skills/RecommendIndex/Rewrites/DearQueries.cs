using AgentHost.Skills.RecommendIndex.Pricing;
using AgentHost.Skills.RecommendIndex.Search;
using AgentHost.Sql.Queries;

namespace AgentHost.Skills.RecommendIndex.Rewrites;

/// <summary>What each query costs the workload as the database is: an index may be recommended for it, and yet another text needs none.</summary>
internal sealed class DearQueries
{
    private readonly Dictionary<string, double> shares;

    public DearQueries(IReadOnlyList<AnalysedQuery> queries, IReadOnlyList<PricedPlan> plans)
    {
        var total = Math.Max(queries.Zip(plans).Sum(p => p.First.Query.Weight * p.Second.Cost), double.Epsilon);
        Costs = queries.Zip(plans).DistinctBy(p => p.First.Query.Name).ToDictionary(p => p.First.Query.Name, p => p.Second.Cost, StringComparer.Ordinal);
        shares = queries.Zip(plans).DistinctBy(p => p.First.Query.Name).ToDictionary(p => p.First.Query.Name, p => p.First.Query.Weight * p.Second.Cost / total, StringComparer.Ordinal);
    }

    /// <summary>The cost of a call, by the query's name.</summary>
    public IReadOnlyDictionary<string, double> Costs { get; }

    /// <summary>Whether a query costs what is felt, and a share of the workload that an index would be worth; null where it was not priced.</summary>
    public bool? IsDear(WeightedQuery query) => !Costs.TryGetValue(query.Name, out var cost) ? null : cost >= WorthRule.LeastSaving && shares[query.Name] >= WorthRule.WorkloadShare;
}
