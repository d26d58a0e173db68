using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using AgentHost.Skills.ExplainPlan.Reading;

namespace AgentHost.Skills.ExplainPlan;

/// <summary>
/// Reads plans of PostgreSQL 12 to 18 in EXPLAIN's four formats as they are pasted from psql, a client or auto_explain's log. What was cut
/// off or damaged is read as far as it goes, and the plan's notes say what was left out.
/// </summary>
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
            return Slowest(PlanFinder.Find(text));
        }
        catch (RegexMatchTimeoutException e)
        {
            throw new SkillInputException($"The text is too irregular to find a plan in it. {PlanFinder.HowToExplain}", e);
        }
    }

    private static QueryPlan Slowest(PlansRead found)
    {
        var plan = Statement(found.Statements.MaxBy(Weight)!);
        var notes = plan.Notes;
        if (found.Statements.Count > 1)
            notes = notes.Add($"The text holds {found.Statements.Count} plans; the slowest is explained.");
        if (found.Trouble is { } trouble)
            notes = notes.Add(string.Create(CultureInfo.InvariantCulture, $"{trouble} What stands before it was read: {plan.Nodes.Length:N0} {(plan.Nodes.Length == 1 ? "node" : "nodes")}; the time of what is missing counts as its parent's own."));
        return plan with { IsCutOff = found.Trouble is not null, Notes = [.. notes, .. found.Notes] };
    }

    /// <summary>What the slowest is chosen by: measured time, and where nothing was run the planner's cost.</summary>
    private static (double Ms, double Cost) Weight(PlanGroup statement)
    {
        var top = Top(statement);
        return (statement.Number("Execution Time") ?? ((top.Number("Actual Total Time") ?? 0) * (top.Number("Actual Loops") ?? 1)), top.Number("Total Cost") ?? 0);
    }

    private static PlanGroup Top(PlanGroup statement) => statement.IsNode ? statement : statement.Group("Plan")!;

    private static QueryPlan Statement(PlanGroup statement)
    {
        var builder = new Builder();
        var root = builder.Node(Top(statement), parent: 0, depth: 1);
        var triggers = statement.Items("Triggers")
            .Select(t => new PlanTrigger(t.Text("Trigger Name") ?? "", t.Text("Constraint Name"), t.Text("Relation"), t.Number("Time") ?? 0, t.Number("Calls") ?? 0)).ToImmutableArray();
        var triggerMs = triggers.Sum(t => t.Ms);
        var serialization = statement.Group("Serialization");
        return new QueryPlan
        {
            Root = root,
            Nodes = builder.Nodes.ToImmutable(),
            PlanningMs = statement.Number("Planning Time"),
            ExecutionMs = statement.Number("Execution Time") ?? (root.ActualMs is { } ms ? ms * (root.Loops ?? 1) + triggerMs : null),
            TriggerMs = triggerMs,
            Triggers = triggers,
            JitFunctions = statement.Group("JIT")?.Number("Functions") ?? 0,
            PlanningMemoryKb = statement.Group("Planning")?.Number("Memory Used"),
            SerializationMs = serialization is null ? null : serialization.Number("Time") ?? 0,
            SerializationKb = serialization?.Number("Output Volume") ?? 0,
            QueryId = statement.Text("Query Identifier"),
            JitMs = statement.Group("JIT")?.Group("Timing")?.Number("Total") ?? 0,
            Settings = Settings(statement),
            SettingsTold = statement.Group("Settings") is not null,
            QueryText = statement.Text("Query Text"),
            Notes = builder.LeftOut is { } parent ? [$"A node below #{parent} has no \"Node Type\" and was left out."] : [],
        };
    }

    private static ImmutableSortedDictionary<string, string> Settings(PlanGroup statement) =>
        statement.Group("Settings") is { } settings
            ? settings.Values.Where(s => s.Value is PlanScalar).ToImmutableSortedDictionary(s => s.Key, s => ((PlanScalar)s.Value).Text, StringComparer.Ordinal)
            : ImmutableSortedDictionary<string, string>.Empty;

    private sealed class Builder
    {
        public ImmutableArray<PlanNode>.Builder Nodes { get; } = ImmutableArray.CreateBuilder<PlanNode>();

        /// <summary>The number of a node below which one could not be read.</summary>
        public int? LeftOut { get; private set; }

        public PlanNode Node(PlanGroup e, int parent, int depth)
        {
            if (depth > MaxDepth)
                throw new SkillInputException(PlansRead.TooDeep);
            if (Nodes.Count >= MaxNodes)
                throw new SkillInputException($"The plan has more than {MaxNodes:N0} nodes; explain a part of the query.");
            var number = Nodes.Count + 1;
            Nodes.Add(null!);
            var children = ImmutableArray.CreateBuilder<PlanNode>();
            foreach (var child in e.Items("Plans"))
            {
                if (child.IsNode)
                    children.Add(Node(child, number, depth + 1));
                else
                    LeftOut = number;
            }
            var node = PlanNodeReader.Read(e, number, parent) with { Children = children.ToImmutable() };
            Nodes[number - 1] = node;
            return node;
        }
    }
}
