using System.Text.RegularExpressions;

namespace AgentHost.Skills.ExplainPlan.Detectors;

/// <summary>Conditions between two relations, as EXPLAIN prints them: <c>(o.customer_id = c.id)</c>.</summary>
internal static partial class JoinClause
{
    private const int LongestThatIsRead = 4000;

    /// <summary>The AND-ed conditions that compare two columns with =.</summary>
    public static IEnumerable<FilterClause> Equalities(string condition) =>
        condition.Length > LongestThatIsRead ? [] : FilterClause.Split(condition).Where(c => ColumnsEqual().IsMatch(c.Text));

    [GeneratedRegex("""^\(?((?<a>[\w$"]+)\.)?(?<x>[\w$"]+)(\)::[a-z ]+)? = \(?((?<b>[\w$"]+)\.)?(?<y>[\w$"]+)(\)::[a-z ]+)?$""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ColumnsEqual();
}
