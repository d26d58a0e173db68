using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace AgentHost.Skills.ExplainPlan.Detectors;

/// <summary>Sort keys as EXPLAIN prints them: <c>o.total DESC NULLS LAST</c>, <c>(lower(o.name))</c>.</summary>
internal static partial class SortKeys
{
    private const int LongestThatIsRead = 400;

    /// <summary>Whether an index of one relation can hold the keys: its columns, or expressions that always give the same.</summary>
    /// <param name="keys">The keys.</param>
    /// <param name="alias">The relation's alias; null where any single one will do, as for the partitions of a table.</param>
    public static bool AreIndexable(ImmutableArray<string> keys, string? alias)
    {
        if (keys.IsEmpty || keys.Any(k => k.Length > LongestThatIsRead || Changing().IsMatch(k)))
            return false;
        var relations = keys.SelectMany(FilterClause.Qualifiers).Where(q => q.Length > 0).Distinct(StringComparer.Ordinal).ToList();
        return relations.Count <= 1 && (alias is null || relations.All(r => r == alias)) && keys.All(k => FilterClause.Qualifiers(k).Count > 0);
    }

    /// <summary>The keys for an index: without the relation, and without DESC where all have it, since an index is read from both ends.</summary>
    public static ImmutableArray<string> Columns(ImmutableArray<string> keys)
    {
        var backward = keys.All(k => k.EndsWith(" DESC", StringComparison.Ordinal));
        return [.. keys.Select(k => Relation().Replace(backward ? k[..^" DESC".Length] : k, ""))];
    }

    public static bool IsDistance(string key) => Distance().IsMatch(key);

    public static string DistanceColumn(string key) => Distance().Match(key) is { Success: true } found ? Relation().Replace(found.Groups["column"].Value, "") : "…";

    [GeneratedRegex(@"random\(|now\(|CURRENT_|LOCALTIME|clock_timestamp\(|statement_timestamp\(|gen_random_uuid\(|SubPlan|InitPlan|\$\d", RegexOptions.None, 1000)]
    private static partial Regex Changing();

    [GeneratedRegex("""(?<![\w$"'])("([^"]|"")+"|[a-z_][\w$]*)\.(?=["a-z_])""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Relation();

    [GeneratedRegex("""(?<column>[\w$".]+) <(->|=>|#>|\+>)""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Distance();
}
