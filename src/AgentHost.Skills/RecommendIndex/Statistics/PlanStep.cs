using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace AgentHost.Skills.RecommendIndex.Statistics;

/// <summary>A node of a plan that was run, as auto_explain logs it with <c>log_analyze</c>: what was expected of it, and what came.</summary>
/// <param name="Parent">The place of the node above, -1 for the first.</param>
/// <param name="Type">Its name, as <c>Seq Scan</c>.</param>
/// <param name="Expected">Rows a loop that the planner expected.</param>
/// <param name="Actual">Rows a loop that came.</param>
/// <param name="Loops">How often it ran.</param>
internal sealed partial record PlanStep(int Parent, string Type, double Expected, double Actual, double Loops)
{
    /// <summary>The schema of <see cref="Relation"/>, where the plan tells it.</summary>
    public string? Schema { get; init; }

    public string? Relation { get; init; }

    public string? Alias { get; init; }

    /// <summary>Index condition, recheck and filter: all that rows must meet.</summary>
    public ImmutableArray<string> Conditions { get; init; } = [];

    public ImmutableArray<string> GroupKeys { get; init; } = [];

    /// <summary>Whether workers share its rows.</summary>
    public bool IsParallel { get; init; }

    /// <summary>The nodes from top to bottom; none where the plan was not run to tell rows, or was cut off.</summary>
    public static ImmutableArray<PlanStep> Read(string plan)
    {
        if (!plan.AsSpan().TrimStart().StartsWith("{"))
            return plan.Contains(" rows=", StringComparison.Ordinal) && plan.Contains("(actual ", StringComparison.Ordinal) ? Text(plan) : [];
        if (!plan.Contains("\"Actual Rows\"", StringComparison.Ordinal))
            return [];
        using var document = JsonDocument.Parse(plan);
        var steps = ImmutableArray.CreateBuilder<PlanStep>();
        return document.RootElement.TryGetProperty("Plan", out var top) && Json(top, -1, steps) ? steps.ToImmutable() : [];
    }

    private static bool Json(JsonElement node, int parent, ImmutableArray<PlanStep>.Builder steps)
    {
        if (!node.TryGetProperty("Actual Rows", out var actual) || !node.TryGetProperty("Plan Rows", out var expected) || !node.TryGetProperty("Actual Loops", out var loops))
            return false;
        string? Word(string name) => node.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        var place = steps.Count;
        steps.Add(new PlanStep(parent, Word("Node Type") ?? "", expected.GetDouble(), actual.GetDouble(), loops.GetDouble())
        {
            Schema = Word("Schema"),
            Relation = Word("Relation Name"),
            Alias = Word("Alias"),
            Conditions = [.. new[] { Word("Index Cond"), Word("Recheck Cond"), Word("Filter") }.OfType<string>()],
            GroupKeys = node.TryGetProperty("Group Key", out var keys) && keys.ValueKind == JsonValueKind.Array ? [.. keys.EnumerateArray().Select(k => k.GetString() ?? "")] : [],
            IsParallel = node.TryGetProperty("Parallel Aware", out var shared) && shared.ValueKind == JsonValueKind.True,
        });
        return !node.TryGetProperty("Plans", out var below) || below.EnumerateArray().All(child => Json(child, place, steps));
    }

    private static ImmutableArray<PlanStep> Text(string plan)
    {
        var steps = ImmutableArray.CreateBuilder<PlanStep>();
        var open = new Stack<(int Indent, int Place)>();
        foreach (var line in plan.Split('\n'))
        {
            if (Node().Match(line) is { Success: true } node)
            {
                var indent = node.Groups["indent"].Length + node.Groups["arrow"].Length;
                while (open.TryPeek(out var above) && above.Indent >= indent)
                    open.Pop();
                var title = Title().Match(node.Groups["title"].Value);
                double Number(string name) => double.Parse(node.Groups[name].Value, CultureInfo.InvariantCulture);
                steps.Add(new PlanStep(open.TryPeek(out var parent) ? parent.Place : -1, title.Groups["type"].Value, Number("expected"), Number("actual"), Number("loops"))
                {
                    Schema = Name(title.Groups["schema"]),
                    Relation = Name(title.Groups["relation"]),
                    Alias = Name(title.Groups["alias"]) ?? Name(title.Groups["relation"]),
                    IsParallel = title.Groups["parallel"].Success,
                });
                open.Push((indent, steps.Count - 1));
            }
            else if (steps.Count > 0 && Condition().Match(line) is { Success: true } condition)
            {
                steps[^1] = condition.Groups["what"].Value == "Group Key"
                    ? steps[^1] with { GroupKeys = [.. condition.Groups["text"].Value.Split(", ")] }
                    : steps[^1] with { Conditions = steps[^1].Conditions.Add(condition.Groups["text"].Value) };
            }
        }
        return steps.ToImmutable();
    }

    private static string? Name(Group group) => !group.Success ? null : group.Value.StartsWith('"') ? group.Value[1..^1].Replace("\"\"", "\"", StringComparison.Ordinal) : group.Value;

    [GeneratedRegex(@"^(?<indent> *)(?<arrow>->  )?(?<title>\S.*?)  \(cost=[\d.]+ rows=(?<expected>\d+) width=\d+\) \(actual (time=[\d.]+ )?rows=(?<actual>[\d.]+) loops=(?<loops>\d+)\)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 2000)]
    private static partial Regex Node();

    [GeneratedRegex("""^(?<parallel>Parallel )?(?<type>.*?)( (Backward ))?( using \S+)?( on ((?<schema>"([^"]|"")+"|[\w$]+)\.)?(?<relation>"([^"]|"")+"|[\w$]+)( (?<alias>"([^"]|"")+"|[\w$]+))?)?$""", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 2000)]
    private static partial Regex Title();

    [GeneratedRegex(@"^ +(?<what>Index Cond|Recheck Cond|Filter|Group Key): (?<text>.+)$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 2000)]
    private static partial Regex Condition();
}
