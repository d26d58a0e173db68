using System.Text.RegularExpressions;
using AgentHost.Sql;

namespace AgentHost.Skills.ReviewMigration.Fixing;

/// <summary>UPDATE and DELETE with a LIMIT, which PostgreSQL does not have: the rows are picked by a subquery.</summary>
internal static partial class LimitedChange
{
    /// <summary>The fix of a refused statement; null where it is no such one.</summary>
    /// <param name="statement">Its text.</param>
    /// <param name="span">Where it stands.</param>
    public static Fix? Of(string statement, SourceSpan span)
    {
        if (!statement.Contains("LIMIT", StringComparison.OrdinalIgnoreCase) || Pattern().Match(statement) is not { Success: true } match)
            return null;
        string where = match.Groups["where"] is { Success: true } condition ? $" WHERE {condition.Value}" : "";
        string sql = $"{match.Groups["head"].Value} WHERE ctid = ANY (ARRAY(SELECT ctid FROM {match.Groups["table"].Value}{where}{match.Groups["order"].Value} LIMIT {match.Groups["count"].Value}))";
        try
        {
            _ = SqlParser.Parse(sql);
            return Fix.Of("Pick the rows by a subquery", span, new FixStep(sql));
        }
        catch (SqlInputException)
        {
            return null; // more is wrong with it than the LIMIT
        }
    }

    [GeneratedRegex("""
        ^\s*(?<head>(?:DELETE\s+FROM|UPDATE)\s+(?<table>(?:"[^"]+"|[\w$]+)(?:\.(?:"[^"]+"|[\w$]+))?)(?:\s+SET\s+(?:(?!\bWHERE\b|\bORDER\b|\bLIMIT\b).)+?)?)
        (?:\s+WHERE\s+(?<where>(?:(?!\bORDER\b|\bLIMIT\b).)+?))?(?<order>\s+ORDER\s+BY\s+(?:(?!\bLIMIT\b).)+?)?\s+LIMIT\s+(?<count>\d+)\s*;?\s*$
        """, RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.IgnorePatternWhitespace, 1000)]
    private static partial Regex Pattern();
}
