using System.Collections.Immutable;
using System.Globalization;
using AgentHost.Sql;

namespace AgentHost.Postgres.Catalog;

/// <summary>What is different between two snapshots of a database.</summary>
/// <param name="Before">When the first was taken.</param>
/// <param name="After">When the second was.</param>
/// <param name="Removed">Statements of the schema that only the first has.</param>
/// <param name="Added">Statements of the schema that only the second has.</param>
/// <param name="Settings">Settings that differ: <c>random_page_cost: 4 -> 1.1</c>.</param>
/// <param name="Tables">Tables and indexes whose size changed by a fifth or more: <c>public.orders: 1,200,000 rows -> 1,800,000, …</c>.</param>
/// <param name="Columns">Columns whose statistics changed so that plans may: <c>public.orders.status: 4 values -> 6; …</c>.</param>
public sealed record SnapshotDifference(
    DateTimeOffset Before, DateTimeOffset After, ImmutableArray<string> Removed, ImmutableArray<string> Added, ImmutableArray<string> Settings, ImmutableArray<string> Tables, ImmutableArray<string> Columns)
{
    /// <summary>Growth below this is the way of databases.</summary>
    private const double Notable = 0.2;

    /// <summary>A share of the rows that moves by less changes no plan.</summary>
    private const double NotableShare = 0.05;

    /// <summary>Whether they are the same but for what is too small to matter.</summary>
    public bool IsEmpty => Removed.IsEmpty && Added.IsEmpty && Settings.IsEmpty && Tables.IsEmpty && Columns.IsEmpty;

    /// <summary>Compares two snapshots.</summary>
    /// <exception cref="SnapshotFileException">The schema of one cannot be parsed.</exception>
    public static SnapshotDifference Between(CatalogSnapshot before, CatalogSnapshot after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        var (old, now) = (Statements(before), Statements(after));
        var earlier = before.Relations.ToDictionary(r => (r.Schema, r.Name));
        var both = after.Relations.Where(r => earlier.ContainsKey((r.Schema, r.Name))).Select(r => (Old: earlier[(r.Schema, r.Name)], Now: r)).ToList();
        return new SnapshotDifference(before.TakenAt, after.TakenAt, [.. old.Except(now, StringComparer.Ordinal)], [.. now.Except(old, StringComparer.Ordinal)],
            [.. SettingsBetween(before, after)], [.. both.SelectMany(r => Sizes(r.Old, r.Now))], [.. both.SelectMany(r => StatisticsBetween(r.Old, r.Now, before.RedactionCheck == after.RedactionCheck))]);
    }

    private static List<string> Statements(CatalogSnapshot snapshot)
    {
        try
        {
            var script = SqlParser.Parse(snapshot.Ddl);
            return [.. script.Statements.Select(script.TextOf)];
        }
        catch (SqlInputException e)
        {
            throw new SnapshotFileException($"The schema in the snapshot of {snapshot.Database}, taken {snapshot.TakenAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC, cannot be read: {e.Message} Make it anew with agenthost twin.", e);
        }
    }

    private static IEnumerable<string> SettingsBetween(CatalogSnapshot before, CatalogSnapshot after) =>
        before.Settings.Keys.Union(after.Settings.Keys).Order(StringComparer.Ordinal)
            .Select(name => (Name: name, Old: before.Settings.GetValueOrDefault(name, "(none)"), Now: after.Settings.GetValueOrDefault(name, "(none)")))
            .Where(s => s.Old != s.Now).Select(s => $"{s.Name}: {s.Old} -> {s.Now}")
            .Concat(before.MajorVersion == after.MajorVersion ? [] : [$"version: {before.MajorVersion.ToString(CultureInfo.InvariantCulture)} -> {after.MajorVersion.ToString(CultureInfo.InvariantCulture)}"]);

    private static IEnumerable<string> Sizes(RelationFigures old, RelationFigures now)
    {
        if (Moved(old.Rows ?? 0, now.Rows ?? 0) || Moved(Pages(old), Pages(now)))
            yield return $"{now.Schema}.{now.Name}: {Count(old.Rows)} rows -> {Count(now.Rows)}, {Count(Pages(old))} pages -> {Count(Pages(now))}";
        foreach (var index in now.Indexes)
        {
            if (old.Indexes.FirstOrDefault(i => i.Name == index.Name) is { } earlier && Moved(earlier.CurrentPages ?? earlier.Pages, index.CurrentPages ?? index.Pages))
                yield return $"{now.Schema}.{index.Name} (index): {Count(earlier.CurrentPages ?? earlier.Pages)} pages -> {Count(index.CurrentPages ?? index.Pages)}";
        }
    }

    private static double Pages(RelationFigures relation) => relation.CurrentPages ?? relation.Pages;

    private static bool Moved(double old, double now) => Math.Abs(now - old) > Notable * Math.Max(Math.Max(old, now), 1) && Math.Max(old, now) >= 10;

    private static IEnumerable<string> StatisticsBetween(RelationFigures old, RelationFigures now, bool sameValues)
    {
        foreach (var column in now.Statistics)
        {
            var parts = old.Statistics.FirstOrDefault(s => s.Column == column.Column && s.Inherited == column.Inherited) is { } earlier ? Parts(earlier, column, sameValues).ToList() : ["analyzed for the first time"];
            if (parts.Count > 0)
                yield return $"{now.Schema}.{now.Name}.{column.Column}: {string.Join("; ", parts)}";
        }
    }

    private static IEnumerable<string> Parts(ColumnStatistics old, ColumnStatistics now, bool sameValues)
    {
        if (Math.Sign(old.Distinct) != Math.Sign(now.Distinct) || Math.Abs(now.Distinct - old.Distinct) > Notable * Math.Max(Math.Abs(old.Distinct), Math.Abs(now.Distinct)))
            yield return $"{Distinct(old)} -> {Distinct(now)}";
        if (Math.Abs(old.NullFraction - now.NullFraction) > NotableShare)
            yield return $"{Share(old.NullFraction)} null -> {Share(now.NullFraction)}";
        if (old.Correlation is { } was && now.Correlation is { } value && Math.Abs(was - value) > Notable)
            yield return $"correlation {was.ToString("0.00", CultureInfo.InvariantCulture)} -> {value.ToString("0.00", CultureInfo.InvariantCulture)}";
        if (!sameValues)
            yield break; // two redactions call one value by two names
        var frequencies = old.CommonValues.Zip(old.CommonFrequencies).ToDictionary(c => c.First, c => c.Second, StringComparer.Ordinal);
        foreach (var (common, frequency) in now.CommonValues.Zip(now.CommonFrequencies))
        {
            if (Math.Abs(frequencies.GetValueOrDefault(common) - frequency) > NotableShare)
                yield return $"'{common}' {Share(frequencies.GetValueOrDefault(common))} -> {Share(frequency)}";
        }
    }

    private static string Distinct(ColumnStatistics s) => s.Distinct switch { 0 => "values not counted", < 0 => $"{Share(-s.Distinct)} of values distinct", _ => $"{Count(s.Distinct)} values" };

    private static string Share(double share) => share.ToString("P0", CultureInfo.InvariantCulture).Replace(" ", "", StringComparison.Ordinal);

    private static string Count(double? count) => count is { } known ? known.ToString("N0", CultureInfo.InvariantCulture) : "unknown";
}
