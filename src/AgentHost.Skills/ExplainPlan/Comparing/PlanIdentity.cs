using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace AgentHost.Skills.ExplainPlan;

/// <summary>Tells a query and the shape of its plan again, whatever its constants.</summary>
/// <param name="Query">The query's fingerprint, 16 hexadecimal digits: of its text without constants, comments and layout; without a text, of the plan's relations and conditions.</param>
/// <param name="Shape">The plan's fingerprint: its nodes, relations and indexes, without figures.</param>
/// <param name="Outline">The plan's joins and scans in a line, for a reader.</param>
public sealed partial record PlanIdentity(string Query, string Shape, string Outline)
{
    private const int LongestOutline = 160;

    /// <summary>The identity of a plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="query">The query's text where it is known; else the plan's own <see cref="QueryPlan.QueryText"/> is taken.</param>
    public static PlanIdentity Of(QueryPlan plan, string? query)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var text = query ?? plan.QueryText;
        return new PlanIdentity(Hash(text is null ? Conditions(plan) : Bare(text)), Hash(string.Join('\n', plan.Nodes.Select(n => $"{Depth(plan, n)} {n.Title}"))), PlanNames.Shorten(Outlined(plan, plan.Root), LongestOutline));
    }

    /// <summary>A statement without constants, comments, layout and case.</summary>
    internal static string Bare(string sql) => Blanks().Replace(Constants().Replace(Comments().Replace(sql, " "), "?"), " ").Trim(' ', ';').ToLowerInvariant();

    // Which of a node's conditions answers a part of the query changes with the plan; that they are asked does not.
    private static string Conditions(QueryPlan plan)
    {
        var relations = plan.Nodes.Where(n => n.Relation is not null).Select(n => n.Relation!).Order(StringComparer.Ordinal);
        var clauses = plan.Nodes.SelectMany(n => (string?[])[n.Filter, n.IndexCond, n.JoinFilter, n.HashCond, n.MergeCond, n.RecheckCond]).OfType<string>()
            .SelectMany(c => Names().Matches(Constants().Replace(c, "?")).Select(m => m.Value)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        return string.Join(' ', relations.Append("|").Concat(clauses));
    }

    private static int Depth(QueryPlan plan, PlanNode node) => plan.ParentOf(node)?.Number ?? 0;

    private static string Outlined(QueryPlan plan, PlanNode node)
    {
        // Deeper plans than a line can hold are cut anyway.
        const int Deepest = 40;
        return Write(node, 0);

        string Write(PlanNode at, int depth)
        {
            var below = depth > Deepest ? [] : at.Children.Select(c => Write(c, depth + 1)).Where(t => t.Length > 0).ToImmutableArray();
            var isNamed = at.IsJoin || at.Relation is not null || at.Index is not null || at.Function is not null;
            var title = at.Type is "Bitmap Heap Scan" ? $"{at.Title} by {string.Join(" and ", plan.Subtree(at).Select(n => n.Index).OfType<string>().Distinct(StringComparer.Ordinal))}" : isNamed ? at.Title.Replace(" using ", " ", StringComparison.Ordinal) : "";
            return title.Length == 0 ? string.Join(", ", below) : below.IsEmpty || at.Type is "Bitmap Heap Scan" ? title : $"{title} ({string.Join(", ", below)})";
        }
    }

    // FNV-1a (Fowler, Noll, Vo): it tells apart, and keeps nothing secret.
    private static string Hash(string text)
    {
        var hash = 14695981039346656037UL;
        foreach (var b in Encoding.UTF8.GetBytes(text))
            hash = unchecked((hash ^ b) * 1099511628211UL);
        return hash.ToString("x16", CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"--[^\n]*|/\*.*?\*/", RegexOptions.Singleline, 1000)]
    private static partial Regex Comments();

    // ANY ('{1,2}') and IN (1, 2) are one constant, however many values they hold.
    [GeneratedRegex(@"E?'(?:[^']|'')*'(?:::[\w ]+(?:\[\])?)?|\$\d+|(?<![\w.""])-?\d+(?:\.\d+)?(?:e[+-]?\d+)?(?:\s*,\s*-?\d+(?:\.\d+)?)*", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Constants();

    [GeneratedRegex(@"\s+", RegexOptions.None, 1000)]
    private static partial Regex Blanks();

    [GeneratedRegex(@"[\p{L}_][\p{L}\p{N}_$]*", RegexOptions.None, 1000)]
    private static partial Regex Names();
}
