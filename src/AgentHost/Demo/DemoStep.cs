using System.Collections.Immutable;

namespace AgentHost.Demo;

/// <summary>One call of the walk.</summary>
/// <param name="Question">What a person would ask.</param>
/// <param name="Tool">The tool that answers.</param>
/// <param name="Arguments">What it is given.</param>
internal sealed record DemoStep(string Question, string Tool, IReadOnlyDictionary<string, object?> Arguments)
{
    /// <summary>The walk through all tools on the example project.</summary>
    public static ImmutableArray<DemoStep> All { get; } =
    [
        new("How do we keep customers apart in the same tables?", "search_best_practices", With(("query", "keep customers of a SaaS apart in the same tables"), ("k", 2))),
        new("Turn this model into a schema that works.", "design_schema", With(("path", "model.yaml"))),
        new("May this migration run while people work?", "review_migration", With(("path", "migrations/0004_require_story_points.sql"), ("schemaPath", "schema.sql"), ("prove", true))),
        new("Why does the weekly report take so long?", "explain_plan", With(("path", "plan.json"))),
        new("Which indexes do our slow queries want?", "recommend_index", With(("target", "app"), ("path", "slow-queries.sql"))),
        new("Let us agree on that.", "remember", With(
            ("kind", "decision"), ("title", "Indexes on tasks are built concurrently"), ("scope", (string[])["public.tasks"]), ("tags", (string[])["index-not-concurrent"]),
            ("text", "tasks takes writes around the clock: every index on it is built with CREATE INDEX CONCURRENTLY, outside of a transaction."))),
        new("A week later, another agent: may this one run?", "review_migration", With(("path", "migrations/0003_report_completed_tasks.sql"), ("schemaPath", "schema.sql"))),
        new("What did we agree on, again?", "recall", With(("query", "building indexes on tasks"))),
    ];

    private static Dictionary<string, object?> With(params (string Name, object? Value)[] arguments) =>
        arguments.ToDictionary(argument => argument.Name, argument => argument.Value, StringComparer.Ordinal);
}
