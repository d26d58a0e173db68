using System.Globalization;

namespace AgentHost.Skills.RecommendIndex;

/// <summary>Whether what spoke against an index when it was rejected still holds: the figures kept then against today's.</summary>
internal static class ChangedEvidence
{
    /// <summary>
    /// A call gains half as much again. The planner's costs move by a tenth or two from one ANALYZE to the next; a half is beyond that, and enough for a team
    /// that found the gain too small to look again.
    /// </summary>
    private const double MoreGain = 1.5;

    /// <summary>The table has twice the rows: what was read whole in passing is now twice the work, whether or not the workload's queries show it yet.</summary>
    private const double MoreRows = 2;

    /// <summary>The index takes half the space, and gains no less: what made it too large is gone.</summary>
    private const double FewerBytes = 0.5;

    /// <summary>What changed, in words; null where nothing that matters did, or nothing was kept to compare with.</summary>
    public static string? Between(RejectedFigures then, IndexFigures now)
    {
        if (then is { Before: { } before, After: { } after } && before - after is > 0 and var gain && now.Gain >= MoreGain * gain)
            return $"a call gains {Factor(now.Gain / gain)} of then: cost {Number(before)} → {Number(after)} then, {Number(now.Before)} → {Number(now.After)} now";
        if (then.Rows is > 0 and var rows && now.Rows >= MoreRows * rows)
            return $"{Factor(now.Rows / rows)} the rows: {rows.ToString("N0", CultureInfo.InvariantCulture)} then, {now.Rows.ToString("N0", CultureInfo.InvariantCulture)} now";
        if (then.Bytes is > 0 and var bytes && now.Bytes <= FewerBytes * bytes && !(then.Before - then.After > now.Gain))
            return $"it takes {Megabytes(now.Bytes)} instead of {Megabytes(bytes)}, and gains no less";
        return null;
    }

    private static string Factor(double factor) => factor.ToString(factor < 10 ? "0.0" : "N0", CultureInfo.InvariantCulture) + "×";

    private static string Number(double cost) => Reasons.Figure(cost);

    private static string Megabytes(double bytes) => (bytes / 1048576).ToString("0.#", CultureInfo.InvariantCulture) + " MB";
}

/// <summary>The figures that a rejection kept; null for each that it did not.</summary>
/// <param name="Before">Cost of a call without the index.</param>
/// <param name="After">Cost of a call with it.</param>
/// <param name="Rows">Rows of the table.</param>
/// <param name="Bytes">Size of the index.</param>
internal sealed record RejectedFigures(double? Before, double? After, double? Rows, double? Bytes)
{
    /// <summary>Whether there is none.</summary>
    public bool IsEmpty => this is { Before: null, Rows: null, Bytes: null };
}
