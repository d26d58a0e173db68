using System.Collections.Immutable;

namespace AgentHost.Skills.ExplainPlan;

/// <summary>A problem that a detector sees, before echoes of the same cause are taken out.</summary>
internal sealed record Suspicion
{
    public required string Id { get; init; }

    public required PlanNode Node { get; init; }

    /// <summary>What it costs, in the unit of <see cref="PlanTimes"/>.</summary>
    public required double Impact { get; init; }

    public required string Message { get; init; }

    public required string Advice { get; init; }

    public ImmutableArray<Evidence> Evidence { get; init; } = [];

    /// <summary>Problems that go away with this one: an id, and the number of the node.</summary>
    public ImmutableHashSet<(string Id, int Node)> Echoes { get; init; } = [];
}
