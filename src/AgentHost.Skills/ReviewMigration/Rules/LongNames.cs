using System.Text;
using System.Text.RegularExpressions;
using AgentHost.Sql;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>Identifiers of more than 63 bytes; the parser's tree holds them cut already, so the text is read.</summary>
internal static partial class LongNames
{
    private const int MaxBytes = 63;

    /// <summary>The names as written, with their places; a name that stands several times is given once.</summary>
    public static IEnumerable<(string Name, SourceSpan Span)> Find(StatementContext context)
    {
        var span = context.Statement.Span;
        string text = context.Text;
        if (!MayHold(text))
            return [];
        return Words().Matches(text)
            .Where(match => match.Groups["name"].Success && Encoding.UTF8.GetByteCount(match.Groups["name"].Value) > MaxBytes)
            .Select(match => (match.Groups["name"].Value, Place(text, match.Groups["name"], span)))
            .DistinctBy(found => found.Value);
    }

    // Matching costs more than all else of a review, and hardly a statement holds such a name.
    private static bool MayHold(string text)
    {
        int bytes = 0;
        foreach (char c in text)
        {
            bytes = c == '"' || c > '\x7F' || char.IsAsciiLetterOrDigit(c) || c is '_' or '$' ? bytes + (c > '\x7F' ? 3 : 1) : 0;
            if (bytes > MaxBytes)
                return true;
        }

        return text.Contains('"', StringComparison.Ordinal) && text.Length > MaxBytes;
    }

    private static SourceSpan Place(string text, Group name, SourceSpan statement)
    {
        var before = text.AsSpan(0, name.Index);
        int line = before.Count('\n');
        return new(statement.Start + name.Index, name.Length, statement.Line + line, line == 0 ? statement.Column + name.Index : name.Index - before.LastIndexOf('\n'));
    }

    /// <summary>Comments, strings and dollar-quoted bodies are matched to be passed over.</summary>
    [GeneratedRegex("""--[^\n]*|/\*.*?\*/|'[^']*'|\$(?<tag>\w*)\$.*?\$\k<tag>\$|"(?<name>[^"]+)"|(?<name>[\p{L}_][\p{L}\p{N}_$]*)""", RegexOptions.Singleline | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Words();
}
