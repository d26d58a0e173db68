using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace AgentHost.Skills;

/// <summary>
/// Names of relations in SQL text, found by the keywords before them, for the question which entries of the memory bear on it. Unlike a parser it reads texts that are no whole script,
/// and one name too many does no harm there.
/// </summary>
internal static partial class MentionedRelations
{
    private const int Most = 200, Longest = 200_000;

    /// <summary>The names as <c>schema.table</c>, those without a schema as of <c>public</c>, in the order of their first mention.</summary>
    public static ImmutableArray<string> In(string sql) =>
        [.. Mention().Matches(Comment().Replace(sql.Length <= Longest ? sql : sql[..Longest], " ")).Select(Name).Distinct(StringComparer.Ordinal).Take(Most)];

    private static string Name(Match match)
    {
        var name = Fold(match.Groups["name"].Value);
        return match.Groups["schema"] is { Success: true } schema ? $"{Fold(schema.Value)}.{name}" : $"public.{name}";
    }

    private static string Fold(string identifier) => identifier.StartsWith('"') ? identifier.Trim('"').Replace("\"\"", "\"", StringComparison.Ordinal) : identifier.ToLowerInvariant();

    [GeneratedRegex(@"--[^\n]*|/\*.*?(?:\*/|\z)", RegexOptions.Singleline, 1000)]
    private static partial Regex Comment();

    [GeneratedRegex("""
        \b(?:table|view|on|from|join|into|update|references|truncate|analyze|vacuum|cluster|only)\s+
        (?:if\s+(?:not\s+)?exists\s+|only\s+|concurrently\s+|table\s+)*
        (?!(?:select|table|if|only|conflict|delete|update|lateral|set|values|concurrently|all|commit|true|false|null|constraint|column|schema|now|current_\w+)\b)
        (?:(?<schema>"(?:[^"]|"")+"|(?>[a-z_][\w$]*))\s*\.\s*)?(?<name>"(?:[^"]|"")+"|(?>[a-z_][\w$]*))
        """, RegexOptions.IgnoreCase | RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Mention();
}
