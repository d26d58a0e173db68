using System.Globalization;

namespace AgentHost.Skills.ExplainPlan.Detectors;

/// <summary>The size of <c>work_mem</c>: what it is, and what a node would need.</summary>
internal static class WorkMemory
{
    /// <summary>PostgreSQL's default, in KiB.</summary>
    public const double DefaultKb = 4096;

    /// <summary>More than this in each node of each session is no setting to advise.</summary>
    public const double LargestKb = 256 * 1024;

    /// <summary>The plan's <c>work_mem</c> in KiB; null where EXPLAIN did not list settings, so that nothing is known of it.</summary>
    public static double? Kb(QueryPlan plan) =>
        plan.Settings.TryGetValue("work_mem", out var set) ? Parse(set) : plan.SettingsTold || plan.Settings.Count > 0 ? DefaultKb : null;

    /// <summary>The statement that gives a sort or a store that much memory.</summary>
    public static string Set(double kb) => $"SET LOCAL work_mem = '{Megabytes(kb)}'";

    /// <summary>The statement that gives a hash that much memory: it may take work_mem × hash_mem_multiplier.</summary>
    public static string SetForHash(QueryPlan plan, double kb)
    {
        var told = plan.Settings.TryGetValue("hash_mem_multiplier", out var text) && double.TryParse(text, CultureInfo.InvariantCulture, out var set) ? set : (double?)null;
        return told is { } multiplier ? $"{Set(kb / Math.Max(1, multiplier))} (× hash_mem_multiplier {multiplier.ToString("0.#", CultureInfo.InvariantCulture)} = {Figures.Kb(kb)})"
            : $"{Set(kb / 2)} (hashes may take twice that, {Figures.Kb(kb)}; before version 15 set {Megabytes(kb)})";
    }

    private static string Megabytes(double kb) => Math.Max(1, Math.Ceiling(kb / 1024)).ToString("0", CultureInfo.InvariantCulture) + "MB";

    private static double? Parse(string text)
    {
        var digits = text.AsSpan().TrimEnd("kMGTB ");
        if (!double.TryParse(digits, CultureInfo.InvariantCulture, out var number))
            return null;
        return text[digits.Length..].Trim() switch { "MB" => number * 1024, "GB" => number * 1024 * 1024, "TB" => number * 1024 * 1024 * 1024, _ => number };
    }
}
