using System.Collections.Immutable;

namespace AgentHost.Skills.ExplainPlan.Detectors;

/// <summary>How tables and indexes are read.</summary>
internal static class ScanDetectors
{
    public static ImmutableArray<IPlanDetector> All => [];
}
