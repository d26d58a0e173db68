using System.Collections.Immutable;
using AgentHost.Skills.RecommendIndex.Pricing;

namespace AgentHost.Skills.RecommendIndex.Search;

/// <summary>A set of indexes and what the planner makes of the workload with it.</summary>
/// <param name="Indexes">The set.</param>
/// <param name="Plans">The plan of each query, in the workload's order.</param>
/// <param name="Cost">Weighted cost of the reads, of keeping the indexes under the workload's writes, and of their space.</param>
/// <param name="SizeBytes">Estimated size of the set.</param>
internal sealed record Selection(ImmutableArray<IndexCandidate> Indexes, ImmutableArray<PricedPlan> Plans, double Cost, long SizeBytes);
