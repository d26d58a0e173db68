using System.Text.RegularExpressions;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Fixing;

/// <summary>Reads an UPDATE or DELETE of many rows, if each row is changed by itself, so that it may as well be done in batches.</summary>
internal static partial class MassChangeReader
{
    /// <summary>The change; null where rows depend on one another, where rows are given back, or where the key itself changes.</summary>
    public static MassChange? Read(StatementContext context, RowStatement row)
    {
        string text = context.Text;
        if (row.Target is not { } target || Head().Match(text) is not { Success: true } head || text.Contains("$batches$", StringComparison.Ordinal) || HasComment(text))
            return null;
        int start = row.Where is { } where ? text.LastIndexOf("WHERE", where.Span.Start - row.Span.Start, StringComparison.OrdinalIgnoreCase) : text.Length;
        int end = row.Where is { } condition ? condition.Span.End - row.Span.Start : text.Length;
        if (start < 0 || text[end..].Trim() is not ("" or ";" or ")") || Returning().IsMatch(text) || NamesAgain(target).IsMatch(text, head.Length))
            return null;
        var change = new MassChange(target, text[..start].TrimEnd(), row.Where is null ? null : text[(start + "WHERE".Length)..end].Trim())
        {
            Alias = head.Groups["alias"] is { Success: true } alias ? alias.Value : null,
        };
        if (row.Verb == RowVerb.Delete)
            return change with { IsRepeatable = true, Exhausts = true };
        var key = context.Schema.Table(target)?.PrimaryKey?.Columns ?? [];
        string set = text[head.Length..start];
        if (From().Match(set) is { Success: true } from)
            set = set[..from.Index];
        if (Assignments(set) is not { } assigned || assigned.Exists(assignment => key.Contains(assignment.Column)))
            return null;
        return change with
        {
            IsRepeatable = !assigned.Exists(one => assigned.Exists(other => Word(one.Column).IsMatch(other.Value))),
            Exhausts = change.Condition is { } only && !Or().IsMatch(only) && assigned.Exists(one => Regex.IsMatch(only, $@"(?<![\w"".]){Regex.Escape(SqlIdentifier.Quote(one.Column))}\s+IS\s+NULL\b", RegexOptions.IgnoreCase, TimeSpan.FromSeconds(1))
                && !one.Value.Equals("NULL", StringComparison.OrdinalIgnoreCase)),
        };
    }

    /// <summary>The columns of SET and what they become; null where it is more than a list of those.</summary>
    private static List<(string Column, string Value)>? Assignments(string set)
    {
        var found = new List<(string, string)>();
        int depth = 0, from = 0;
        bool quoted = false;
        for (int i = 0; i <= set.Length; i++)
        {
            char c = i < set.Length ? set[i] : ',';
            quoted ^= c == '\'';
            depth += quoted ? 0 : c is '(' or '[' ? 1 : c is ')' or ']' ? -1 : 0;
            if (c != ',' || ((depth != 0 || quoted) && i < set.Length))
                continue;
            if (Assignment().Match(set[from..i]) is not { Success: true } one)
                return null;
            string column = one.Groups["column"].Value;
            found.Add((column.StartsWith('"') ? column[1..^1].Replace("\"\"", "\"", StringComparison.Ordinal) : column.ToLowerInvariant(), one.Groups["value"].Value.Trim()));
            from = i + 1;
        }

        return found;
    }

    /// <summary>A comment to the end of a line would swallow what is put behind it.</summary>
    private static bool HasComment(string text) => text.Contains("--", StringComparison.Ordinal);

    private static Regex Word(string column) => new($@"(?<!\w){Regex.Escape(column)}(?!\w)", RegexOptions.IgnoreCase, TimeSpan.FromSeconds(1));

    /// <summary>The table in a FROM, JOIN or USING.</summary>
    private static Regex NamesAgain(QualifiedName table) =>
        new($@"(?:\b(?:FROM|JOIN|USING|ONLY)|,)\s*(?:""?\w+""?\.)?""?{Regex.Escape(table.Name)}""?(?!\w)(?!\s*[.=])", RegexOptions.IgnoreCase, TimeSpan.FromSeconds(1));

    [GeneratedRegex("""^(?:UPDATE|DELETE\s+FROM)\s+(?:ONLY\s+)?(?:"[^"]+"|[\w$]+)(?:\.(?:"[^"]+"|[\w$]+))?(?:\s+(?:AS\s+)?(?!(?:SET|USING|WHERE)\b)(?<alias>"[^"]+"|[\w$]+))?(?:\s+SET\b)?""",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Head();

    [GeneratedRegex(@"\b(?:RETURNING|CURRENT\s+OF)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Returning();

    [GeneratedRegex(@"\bFROM\b(?![^()]*\))", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex From();

    [GeneratedRegex(@"\bOR\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Or();

    [GeneratedRegex("""^\s*(?<column>"(?:[^"]|"")+"|[\w$]+)\s*=(?<value>.+)$""", RegexOptions.Singleline | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Assignment();
}
