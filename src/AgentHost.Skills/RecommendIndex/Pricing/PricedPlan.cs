using System.Collections.Immutable;

namespace AgentHost.Skills.RecommendIndex.Pricing;

/// <summary>What the planner makes of a query.</summary>
/// <param name="Cost">Its total cost, put right where the planner is known to be wrong (<see cref="PlanReader"/>).</param>
/// <param name="Used">The definitions of the candidates that it uses.</param>
/// <param name="WholeReads">The tables that it reads from end to end, with the schema unless that is not known.</param>
internal sealed record PricedPlan(double Cost, ImmutableArray<string> Used, ImmutableArray<string> WholeReads)
{
    /// <summary>Existing indexes that it uses, by name.</summary>
    public ImmutableArray<string> Existing { get; init; } = [];

    /// <summary>The dearest of the plans that <see cref="Cost"/> is the mean of; 0 where it is the plan of one text.</summary>
    public double WorstCost { get; init; }

    /// <summary>Plans of one query with different values as one: what they cost on average, and all that any of them uses.</summary>
    public static PricedPlan Mean(IReadOnlyList<PricedPlan> plans) => plans is [var only] ? only : new PricedPlan(
        plans.Average(p => p.Cost), [.. plans.SelectMany(p => p.Used).Distinct()], [.. plans.SelectMany(p => p.WholeReads).Distinct()])
    {
        Existing = [.. plans.SelectMany(p => p.Existing).Distinct()],
        ModifiedRows = plans.Average(p => p.ModifiedRows),
        WorstCost = plans.Max(p => p.Cost),
    };

    /// <summary>Rows that it writes, as the planner expects them; 0 for reads.</summary>
    public double ModifiedRows { get; init; }
}
