using AgentHost.Composition;
using AgentHost.Skills;
using AgentHost.Skills.ExplainPlan;

namespace AgentHost.Mcp.Tools;

/// <summary>The tool <c>explain_plan</c>.</summary>
internal static class ExplainPlanTool
{
    /// <summary>The tool's function over the parts of <paramref name="architect"/>.</summary>
    public static SkillFunction Create(Architect architect) => new(
        new ToolCard("explain_plan", "Explain a slow query",
            "Name the causes of a slow query from its plan, with figures and advice; remedies priced where its database is known. " +
            "Give the output of EXPLAIN (ANALYZE, BUFFERS), or one SELECT and a target (analyze=true runs it).")
        {
            InputSchema = ToolCard.Schema("""
                {"type":"object","properties":{
                "plan":{"type":"string","description":"EXPLAIN output; or give path or query"},
                "path":{"type":"string","description":"Its file"},
                "before":{"type":"string","description":"Earlier plan: what changed"},
                "query":{"type":"string","description":"One SELECT, $1 allowed; or the plan's"},
                "target":{"type":"string","description":"A configured database"},
                "schemaPath":{"type":"string","description":"Or a snapshot"},
                "analyze":{"type":"boolean"},
                "record":{"type":"boolean","description":"Keep its proposals"}}}
                """),
            OutputSchema = ToolCard.Schema("""
                {"type":"object","properties":{"summary":{"type":"object"},"problems":{"type":"array"},"earlier":{},"comparison":{},
                "precedents":{},"memoryProblems":{},"proposals":{},"recorded":{}},"required":["summary","problems"]}
                """),
            ReadOnly = false,
            OpenWorld = true,
        },
        async (call, cancellation) =>
        {
            var given = call.Arguments;
            var text = Inputs.Text(architect, given, "plan", "path");
            if (text is null && given.Text("query") is null && (given.Text("target") ?? given.Text("schemaPath")) is not null)
                throw new SkillInputException("Give the SELECT to plan there as 'query', or a plan.");
            await using var target = given.Text("target") is { } name ? await architect.ConnectAsync(name, cancellation) : null;
            var result = await ExplainPlanEngine.RunAsync(
                new ExplainRequest
                {
                    PlanText = text,
                    Before = given.Text("before"),
                    Query = given.Text("query"),
                    Target = target,
                    Snapshot = given.Text("schemaPath") is { } path ? await RecommendIndexTool.SnapshotAsync(architect, path, null, cancellation) : null,
                    Earlier = architect.Earlier,
                    Analyze = given.Flag("analyze"),
                    Memory = architect.Memory,
                },
                cancellation);
            var kept = await result.KeptAsync(architect.Memory, given.Flag("record"), call.Client, cancellation);
            return Answers.Of(kept.Rendered(found => ExplainText.Render(found)), kept.Told, Conclusion.Of(result, given.Text("path") ?? given.Text("target")) with { Sql = given.Text("query") });
        });
}
