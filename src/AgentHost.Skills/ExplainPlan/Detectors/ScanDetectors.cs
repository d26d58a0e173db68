using System.Collections.Immutable;

namespace AgentHost.Skills.ExplainPlan.Detectors;

/// <summary>How tables and indexes are read.</summary>
internal static class ScanDetectors
{
    public static ImmutableArray<IPlanDetector> All =>
    [
        new SortAvoidableLimit(), new BitmapLossy(), new BitmapRecheckWaste(), new BitmapAndComposite(), new BitmapOrUnion(), new CteMaterializedFilter(), new DisabledNode(),
    ];
}
