using System.Globalization;

namespace AgentHost.Skills.ReviewMigration.Sizes;

/// <summary>Sizes, durations and rates in few words.</summary>
internal static class SizeText
{
    private const double BusyWrites = 1;

    private static readonly string[] Counts = ["", " k", " M", " G"];
    private static readonly string[] Sizes = [" bytes", " kB", " MB", " GB", " TB"];

    /// <summary>What a finding's message adds about the very table.</summary>
    public static string Clause(TableSize table, RelationSize size, bool isSmall)
    {
        if (size.Rows is null)
            return "Here: never analyzed, so assume that it is large.";
        string is_ = $"Here: {Count(size.Rows.Value)} rows, {Bytes(size.Bytes)}";
        if (isSmall)
            return $"{is_}: over in a moment, though the lock is taken all the same{Waits(table)}.";
        return is_ + (table.IsStale ? " when last analyzed, and much has changed since" : "")
            + (table.Seconds is { } seconds ? $", {Duration(seconds)} (estimate: {table.Basis})" : "")
            + (table.WritesPerSecond >= BusyWrites ? $", {Count(table.WritesPerSecond.Value)} writes/s" : "") + Waits(table) + ".";
    }

    /// <summary>4.1 GB.</summary>
    public static string Bytes(double bytes) => Scaled(bytes, Sizes);

    /// <summary>12 M.</summary>
    public static string Count(double count) => Scaled(count, Counts);

    /// <summary>About 40 s.</summary>
    public static string Duration(double seconds) => seconds switch
    {
        < 1 => "under 1 s",
        < 120 => $"about {Number(seconds)} s",
        < 7200 => $"about {Number(seconds / 60)} min",
        _ => $"about {Number(seconds / 3600)} h",
    };

    private static string Waits(TableSize table) =>
        table.OpenTransactionSeconds is { } open ? $"; a transaction open for {Duration(open)["about ".Length..]} held a lock on it" : "";

    private static string Scaled(double value, string[] units)
    {
        int unit = 0;
        for (; value >= 999.5 && unit < units.Length - 1; unit++)
            value /= 1000;
        return Number(value) + units[unit];
    }

    private static string Number(double value) => value.ToString(value < 10 ? "0.#" : "0", CultureInfo.InvariantCulture);
}
