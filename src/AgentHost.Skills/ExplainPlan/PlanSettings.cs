using System.Collections.Immutable;

namespace AgentHost.Skills.ExplainPlan;

/// <summary>Planner settings (EXPLAIN's SETTINGS) that forbid the better plan, so that no index or rewrite is the first thing to do.</summary>
internal static class PlanSettings
{
    /// <summary>What joins without comparing every pair.</summary>
    public static ImmutableArray<string> OtherJoins => ["enable_hashjoin", "enable_mergejoin"];

    /// <summary>What finds rows without reading the table.</summary>
    public static ImmutableArray<string> Indexes => ["enable_indexscan", "enable_bitmapscan"];

    /// <summary>A sentence, with a space behind it, that names those of the settings that are off; empty where none is.</summary>
    public static string Disabled(QueryPlan plan, ImmutableArray<string> settings)
    {
        var off = settings.Where(s => plan.Settings.TryGetValue(s, out var value) && value is "off" or "false" or "0" or "no").ToList();
        return off.Count == 0 ? "" : $"{string.Join(" and ", off)} {(off.Count == 1 ? "is" : "are")} off for this plan; first RESET {(off.Count == 1 ? "it" : "them")} and explain again. ";
    }
}
