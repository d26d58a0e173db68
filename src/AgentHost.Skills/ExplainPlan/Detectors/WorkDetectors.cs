using System.Collections.Immutable;

namespace AgentHost.Skills.ExplainPlan.Detectors;

/// <summary>What is done with the rows, and around them.</summary>
internal static class WorkDetectors
{
    public static ImmutableArray<IPlanDetector> All =>
    [
        new CorrelatedColumnsUnderestimate(), new StatsStale(), new DefaultGuess(), new NestedLoopMisestimate(), new RowUnderestimate(), new RowOverestimate(),
        new HashBatchesGrew(), new HashBuildSide(), new TempSpill(), new SortNearSpill(), new MergeSortJoin(), new MemoizeThrash(), new DistinctAfterFanout(), new WindowTop1(),
        new JitOverhead(), new PlanningDominates(), new SerializationCost(), new TriggerForeignKeyUnindexed(), new WorkersNotLaunched(), new ParallelSkew(),
    ];
}
