using System.Collections.Immutable;
using System.Globalization;

namespace AgentHost.Skills.ExplainPlan;

/// <summary>Figures as they are written in messages.</summary>
internal static class Figures
{
    public static string Count(double value) => value switch
    {
        >= 1e9 => (value / 1e9).ToString("0.0", CultureInfo.InvariantCulture) + " billion",
        >= 1e7 => (value / 1e6).ToString("0", CultureInfo.InvariantCulture) + " million",
        >= 1e6 => (value / 1e6).ToString("0.0", CultureInfo.InvariantCulture) + " million",
        _ => Math.Round(value).ToString("N0", CultureInfo.InvariantCulture),
    };

    public static string Ms(double ms) => ms switch
    {
        >= 10_000 => (ms / 1000).ToString("0.0", CultureInfo.InvariantCulture) + " s",
        >= 100 => ms.ToString("0", CultureInfo.InvariantCulture) + " ms",
        >= 1 => ms.ToString("0.0", CultureInfo.InvariantCulture) + " ms",
        _ => ms.ToString("0.00", CultureInfo.InvariantCulture) + " ms",
    };

    public static string Percent(double share) => (100 * share).ToString(share is > 0 and < 0.1 ? "0.0" : "0", CultureInfo.InvariantCulture) + " %";

    public static string Kb(double kb) => kb switch
    {
        >= 1024 * 1024 => (kb / (1024 * 1024)).ToString("0.0", CultureInfo.InvariantCulture) + " GB",
        >= 1024 => (kb / 1024).ToString("0", CultureInfo.InvariantCulture) + " MB",
        _ => kb.ToString("0", CultureInfo.InvariantCulture) + " kB",
    };

    public static string Factor(double factor) => factor.ToString(factor >= 10 ? "N0" : "0.0", CultureInfo.InvariantCulture) + "×";

    /// <summary>The time of a problem as evidence; where nothing was timed, an estimate that says so.</summary>
    public static Evidence Time(QueryPlan plan, double impact) => plan.Timed
        ? new Measured("time", Math.Round(impact, 3), "ms")
        : new Estimated(
            $"{Percent(plan.Times.SumOfSelf > 0 ? impact / plan.Times.SumOfSelf : 0)} of the {(plan.Estimated ? "estimated cost" : "rows handled")}",
            plan.Estimated ? "planner's cost times measured loops; the plan was run without TIMING" : "rows read, kept and thrown away; the plan was run without TIMING and COSTS");

    public static ImmutableArray<Evidence> Rows(QueryPlan plan, double impact, params ReadOnlySpan<(string What, double Value, string Unit)> figures)
    {
        var evidence = ImmutableArray.CreateBuilder<Evidence>(figures.Length + 1);
        foreach (var (what, value, unit) in figures)
            evidence.Add(new Measured(what, Math.Round(value, 2), unit));
        evidence.Add(Time(plan, impact));
        return evidence.ToImmutable();
    }
}
