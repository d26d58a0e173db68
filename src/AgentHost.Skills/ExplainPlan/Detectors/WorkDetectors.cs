using System.Collections.Immutable;

namespace AgentHost.Skills.ExplainPlan.Detectors;

/// <summary>What is done with the rows, and around them.</summary>
internal static class WorkDetectors
{
    public static ImmutableArray<IPlanDetector> All =>
    [
        new CorrelatedColumnsUnderestimate(), new StatsStale(), new DefaultGuess(), new NestedLoopMisestimate(), new RowUnderestimate(), new RowOverestimate(),
    ];
}
