using System.Collections.Immutable;

namespace AgentHost.Skills.ReviewMigration;

/// <summary>How two dumps of a schema differ.</summary>
/// <param name="Lost">Lines that only the first has.</param>
/// <param name="Added">Lines that only the second has; none with none lost where only an order differs, such as that of columns.</param>
internal sealed record CatalogDifference(ImmutableArray<string> Lost, ImmutableArray<string> Added)
{
    /// <summary>How many lines of each are shown.</summary>
    private const int Shown = 3;

    /// <summary>The longest line that is shown in full.</summary>
    private const int LongestLine = 100;

    /// <summary>Whether the same is there, in another order.</summary>
    public bool IsOrderOnly => Lost.IsEmpty && Added.IsEmpty;

    /// <summary>The difference between two dumps; null where there is none.</summary>
    public static CatalogDifference? Between(string before, string after)
    {
        if (before == after)
            return null;
        var (was, now) = (Lines(before), Lines(after));
        return new([.. Without(was, now)], [.. Without(now, was)]);
    }

    /// <summary>The first lines of it, as a patch writes them.</summary>
    public string Summary() => string.Join("; ", Few(Lost, "- ").Concat(Few(Added, "+ ")));

    private static IEnumerable<string> Few(ImmutableArray<string> lines, string mark) =>
        lines.Take(Shown).Select(line => mark + (line.Length > LongestLine ? line[..LongestLine] + "…" : line)).Concat(lines.Length > Shown ? [$"{mark}{lines.Length - Shown} more"] : []);

    /// <summary>Lines without what their place in a list gives them.</summary>
    private static List<string> Lines(string dump) => [.. dump.Split('\n').Select(line => line.Trim().TrimEnd(',')).Where(line => line.Length > 0)];

    private static IEnumerable<string> Without(List<string> lines, List<string> others)
    {
        var left = others.CountBy(line => line, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        foreach (string line in lines)
        {
            if (left.GetValueOrDefault(line) is var count and > 0)
                left[line] = count - 1;
            else
                yield return line;
        }
    }
}
