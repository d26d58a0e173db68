using System.Text.RegularExpressions;

namespace AgentHost.Skills.ExplainPlan.Detectors;

/// <summary>Conditions between two relations, as EXPLAIN prints them: <c>(o.customer_id = c.id)</c>.</summary>
internal static partial class JoinClause
{
    private const int LongestThatIsRead = 4000;

    /// <summary>The AND-ed conditions that compare two columns with =.</summary>
    public static IEnumerable<FilterClause> Equalities(string condition) =>
        condition.Length > LongestThatIsRead ? [] : FilterClause.Split(condition).Where(c => ColumnsEqual().IsMatch(c.Text));

    /// <summary>The columns of the relation with that alias which are compared with =, without duplicates.</summary>
    public static IReadOnlyList<string> ColumnsOf(string alias, string condition)
    {
        if (condition.Length > LongestThatIsRead)
            return [];
        var columns = new List<string>();
        foreach (var clause in FilterClause.Split(condition))
        {
            var match = ColumnsEqual().Match(clause.Text);
            if (!match.Success)
                continue;
            if (match.Groups["a"].Value == alias)
                columns.Add(match.Groups["x"].Value);
            else if (match.Groups["b"].Value == alias)
                columns.Add(match.Groups["y"].Value);
            else if (match.Groups["a"].Value.Length == 0)
                columns.Add(match.Groups["x"].Value);
        }
        return [.. columns.Distinct(StringComparer.Ordinal)];
    }

    [GeneratedRegex("""^\(?((?<a>[\w$"]+)\.)?(?<x>[\w$"]+)(\)::[a-z ]+)? = \(?((?<b>[\w$"]+)\.)?(?<y>[\w$"]+)(\)::[a-z ]+)?$""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ColumnsEqual();
}
