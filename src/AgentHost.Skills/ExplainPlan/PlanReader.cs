using System.Collections.Immutable;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace AgentHost.Skills.ExplainPlan;

/// <summary>Reads plans of PostgreSQL 12 to 18 from EXPLAIN (FORMAT JSON) as it is pasted from psql, a client or auto_explain's log.</summary>
public static class PlanReader
{
    /// <summary>The deepest plan that is read; real plans stay below 100.</summary>
    public const int MaxDepth = 400;

    /// <summary>The largest plan that is read, in nodes.</summary>
    public const int MaxNodes = 50_000;

    /// <summary>Reads the plan in the text; of several the one that took the longest.</summary>
    /// <exception cref="SkillInputException">The text holds no plan; the message says where it breaks and what to do.</exception>
    public static QueryPlan Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        try
        {
            return ReadStatements(text);
        }
        catch (InvalidOperationException e)
        {
            // System.Text.Json finds half a surrogate pair only when a string is asked for.
            throw new SkillInputException("The plan holds a string with a broken \\u escape: it was cut or re-encoded on the way. Paste EXPLAIN's output as it came.", e);
        }
        catch (RegexMatchTimeoutException e)
        {
            throw new SkillInputException($"The text is too irregular to find a plan in it. {PlanText.HowToExplain}", e);
        }
    }

    private static QueryPlan ReadStatements(string text)
    {
        var statements = Statements(PlanText.FindJson(text), 0).Take(MaxNodes).ToList();
        if (statements.Count == 0)
            throw new SkillInputException($"The JSON has no \"Plan\" with a \"Node Type\". {PlanText.HowToExplain}");
        var slowest = statements.MaxBy(s => Number(s, "Execution Time") ?? 0);
        var plan = Statement(slowest.ValueKind == JsonValueKind.Undefined ? statements[0] : slowest);
        return statements.Count == 1 ? plan
            : plan with { Notes = [.. plan.Notes, $"The text holds {statements.Count} plans; the slowest is explained."] };
    }

    private static IEnumerable<JsonElement> Statements(JsonElement value, int depth)
    {
        if (value.ValueKind == JsonValueKind.Array && depth < 4)
            return value.EnumerateArray().SelectMany(v => Statements(v, depth + 1));
        if (value.ValueKind != JsonValueKind.Object)
            return [];
        // Drivers hand out rows: [{"QUERY PLAN": [{"Plan": …}]}], the column as JSON or as its text.
        if (value.TryGetProperty("QUERY PLAN", out var column) && depth < 4)
            return Statements(column.ValueKind == JsonValueKind.String ? PlanText.FindJson(column.GetString()!) : column, depth + 1);
        return IsNode(value) || (value.TryGetProperty("Plan", out var plan) && IsNode(plan)) ? [value] : [];
    }

    private static bool IsNode(JsonElement value) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty("Node Type", out var type) && type.ValueKind == JsonValueKind.String;

    private static QueryPlan Statement(JsonElement statement)
    {
        var plan = IsNode(statement) ? statement : statement.GetProperty("Plan");
        var builder = new Builder();
        var root = builder.Node(plan, parent: 0, depth: 1);
        var nodes = builder.Nodes.ToImmutable();
        var triggers = Items(statement, "Triggers").Select(t => new PlanTrigger(Text(t, "Trigger Name") ?? "", Text(t, "Constraint Name"), Text(t, "Relation"), Number(t, "Time") ?? 0, Number(t, "Calls") ?? 0)).ToImmutableArray();
        var triggerMs = triggers.Sum(t => t.Ms);
        return new QueryPlan
        {
            Root = root,
            Nodes = nodes,
            PlanningMs = Number(statement, "Planning Time"),
            ExecutionMs = Number(statement, "Execution Time") ?? (root.ActualMs is { } ms ? ms * (root.Loops ?? 1) + triggerMs : null),
            TriggerMs = triggerMs,
            Triggers = triggers,
            JitFunctions = Group(statement, "JIT") is { } jit ? Number(jit, "Functions") ?? 0 : 0,
            PlanningMemoryKb = Group(statement, "Planning") is { } planning ? Number(planning, "Memory Used") : null,
            SerializationMs = Group(statement, "Serialization") is { } serialized ? Number(serialized, "Time") ?? 0 : null,
            SerializationKb = Group(statement, "Serialization") is { } sent ? Number(sent, "Output Volume") ?? 0 : 0,
            QueryId = statement.TryGetProperty("Query Identifier", out var id) ? id.ToString() : null,
            JitMs = Jit(statement),
            Settings = Settings(statement),
            QueryText = Text(statement, "Query Text"),
        };
    }

    private static JsonElement? Group(JsonElement e, string name) => e.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object ? value : null;

    private static double Jit(JsonElement statement) =>
        Group(statement, "JIT") is { } jit && Group(jit, "Timing") is { } timing ? Number(timing, "Total") ?? 0 : 0;

    private static ImmutableSortedDictionary<string, string> Settings(JsonElement statement)
    {
        if (!statement.TryGetProperty("Settings", out var settings) || settings.ValueKind != JsonValueKind.Object)
            return ImmutableSortedDictionary<string, string>.Empty;
        var read = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var setting in settings.EnumerateObject())
            read[setting.Name] = setting.Value.ValueKind == JsonValueKind.String ? setting.Value.GetString()! : setting.Value.GetRawText();
        return read.ToImmutable();
    }

    internal static string? Text(JsonElement e, string name) =>
        e.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    internal static bool Flag(JsonElement e, string name) => e.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    /// <summary>A figure, never negative and never beyond what arithmetic on it can bear; null where there is none.</summary>
    internal static double? Number(JsonElement e, string name)
    {
        const double Most = 1e18;
        if (!e.TryGetProperty(name, out var value) || value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out var number) || double.IsNaN(number))
            return null;
        return Math.Clamp(number, 0, Most);
    }

    internal static IEnumerable<JsonElement> Items(JsonElement e, string name) =>
        e.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array
            ? value.EnumerateArray().Where(v => v.ValueKind == JsonValueKind.Object)
            : [];

    private sealed class Builder
    {
        public ImmutableArray<PlanNode>.Builder Nodes { get; } = ImmutableArray.CreateBuilder<PlanNode>();

        public PlanNode Node(JsonElement e, int parent, int depth)
        {
            if (depth > MaxDepth)
                throw new SkillInputException($"The plan is nested more than {MaxDepth} levels deep; explain a part of the query.");
            if (Nodes.Count >= MaxNodes)
                throw new SkillInputException($"The plan has more than {MaxNodes:N0} nodes; explain a part of the query.");
            if (!IsNode(e))
                throw new SkillInputException($"A node below node {parent} of the plan has no \"Node Type\". {PlanText.HowToExplain}");
            var number = Nodes.Count + 1;
            Nodes.Add(null!);
            var children = Items(e, "Plans").Select(child => Node(child, number, depth + 1)).ToImmutableArray();
            var node = PlanNodeReader.Read(e, number, parent) with { Children = children };
            Nodes[number - 1] = node;
            return node;
        }
    }
}
