using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace AgentHost.Postgres.Twins;

/// <summary>The constants in a schema's text: they are nobody's data.</summary>
internal static partial class SchemaConstants
{
    public static FrozenSet<string> Of(string ddl) =>
        Strings().Matches(ddl).Select(m => m.Groups["text"].Value.Replace("''", "'", StringComparison.Ordinal)).Concat(["t", "f", ""]).ToFrozenSet(StringComparer.Ordinal);

    [GeneratedRegex("'(?<text>(?:[^']|'')*)'", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Strings();
}
