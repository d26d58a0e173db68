using System.Collections.Immutable;

namespace AgentHost.Skills.ExplainPlan.Detectors;

/// <summary>How tables and indexes are read.</summary>
internal static class ScanDetectors
{
    public static ImmutableArray<IPlanDetector> All =>
    [
        new SortAvoidableLimit(), new BitmapLossy(), new BitmapRecheckWaste(), new BitmapAndComposite(), new BitmapOrUnion(), new CteMaterializedFilter(), new DisabledNode(),
        new IndexLeadingColumnMissing(), new IndexSearchesHigh(), new IndexLookupsMany(), new IndexOnlyPossible(), new PartitionPruningMissing(), new ColdCache(), new ReadAmplification(), new TableBloat(), new DirtiedBySelect(), new IndexBloat(),
    ];
}
