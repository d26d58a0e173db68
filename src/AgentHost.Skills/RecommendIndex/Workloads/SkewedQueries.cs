using System.Collections.Immutable;
using AgentHost.Skills.RecommendIndex.Pricing;

namespace AgentHost.Skills.RecommendIndex.Workloads;

/// <summary>A query whose cost depends on its values.</summary>
/// <param name="Query">Its name.</param>
/// <param name="Cost">What a call costs on average with the other values, all recommendations in place.</param>
/// <param name="WorstCost">What it costs with the dearest.</param>
public sealed record SkewedQuery(string Query, double Cost, double WorstCost);

/// <summary>Finds queries that the mean of their drawn values tells little of.</summary>
internal static class SkewedQueries
{
    private const double LeastFactor = 10;

    /// <summary>Cheaper ones are not noticed (about ten milliseconds).</summary>
    private const double LeastCost = 1_000;

    public static ImmutableArray<SkewedQuery> Of(IReadOnlyList<AnalysedQuery> queries, ImmutableArray<PricedPlan> plans)
    {
        var found = ImmutableArray.CreateBuilder<SkewedQuery>();
        foreach (var (query, plan) in queries.Zip(plans))
        {
            // The mean of three cannot be a tenth of the worst of them; that of the others can.
            var others = query.Bound.Length > 1 ? ((query.Bound.Length * plan.Cost) - plan.WorstCost) / (query.Bound.Length - 1) : plan.Cost;
            if (plan.WorstCost >= LeastCost && plan.WorstCost >= LeastFactor * others)
                found.Add(new SkewedQuery(query.Query.Name, Math.Round(others, 2), Math.Round(plan.WorstCost, 2)));
        }
        return found.DrainToImmutable();
    }
}
