using System.Text.Json;
using System.Text.RegularExpressions;

namespace AgentHost.Bench.Twin;

/// <summary>A node of a plan: what makes its shape, what it costs, and its children.</summary>
internal sealed partial record PlanNode(string What, double Startup, double Total, double Rows, IReadOnlyList<PlanNode> Children)
{
    private static readonly string[] Shaping =
        ["Node Type", "Parent Relationship", "Subplan Name", "Strategy", "Partial Mode", "Join Type", "Scan Direction", "Parallel Aware", "Workers Planned", "Relation Name", "Index Name", "CTE Name", "Function Name"];

    /// <summary>The plan that EXPLAIN (FORMAT JSON) gave.</summary>
    public static PlanNode Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        return Read(document.RootElement[0].GetProperty("Plan"));
    }

    /// <summary>The tree of node types, relations, indexes and joins, as one text.</summary>
    public string Shape => Children.Count == 0 ? What : $"{What} ({string.Join(", ", Children.Select(child => child.Shape))})";

    /// <summary>The deepest pair of nodes whose costs, rows or kinds differ while their children agree; null where nothing does.</summary>
    public static (PlanNode A, PlanNode B)? FirstDifference(PlanNode a, PlanNode b)
    {
        if (a.What != b.What || a.Children.Count != b.Children.Count)
            return (a, b);
        foreach (var (left, right) in a.Children.Zip(b.Children))
        {
            if (FirstDifference(left, right) is { } found)
                return found;
        }
        return Near(a.Startup, b.Startup) && Near(a.Total, b.Total) && Near(a.Rows, b.Rows) ? null : (a, b);
    }

    public override string ToString() => $"{What} (cost={Startup:F2}..{Total:F2} rows={Rows:F0})";

    private static bool Near(double a, double b) => Math.Abs(a - b) <= 0.001 * Math.Max(Math.Abs(a), Math.Abs(b)) + 0.01;

    private static PlanNode Read(JsonElement node) => new(
        string.Join(' ', Shaping.Select(name => node.TryGetProperty(name, out var value) ? Word(name, value) : null).Where(word => word is not null)),
        node.GetProperty("Startup Cost").GetDouble(), node.GetProperty("Total Cost").GetDouble(), node.GetProperty("Plan Rows").GetDouble(),
        node.TryGetProperty("Plans", out var plans) ? [.. plans.EnumerateArray().Select(Read)] : []);

    // HypoPG's names begin with a number that another session would not give; older versions number what an InitPlan returns.
    private static string? Word(string name, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => "parallel",
        JsonValueKind.False => null,
        JsonValueKind.Number => "workers=" + value.GetRawText(),
        _ => name switch
        {
            "Index Name" => HypotheticalNumber().Replace(value.GetString()!, "<>"),
            "Subplan Name" => Returned().Replace(value.GetString()!, ""),
            _ => value.GetString(),
        },
    };

    [GeneratedRegex(@" \(returns [^)]*\)$", RegexOptions.None, 1000)]
    private static partial Regex Returned();

    [GeneratedRegex(@"<\d+>", RegexOptions.None, 1000)]
    private static partial Regex HypotheticalNumber();
}
