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
            "Name the causes of a slow query from its plan, with figures and advice. Give the output of EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON), " +
            "or one SELECT and a configured target (read-only; analyze=true runs it).")
        {
            InputSchema = ToolCard.Schema("""
                {"type":"object","properties":{
                "plan":{"type":"string","description":"EXPLAIN output in JSON; or give path, or query and target"},
                "path":{"type":"string","description":"Plan file in the workspace"},
                "query":{"type":"string","description":"One SELECT; $1 allowed"},
                "target":{"type":"string","description":"Name of a configured database"},
                "analyze":{"type":"boolean"},
                "record":{"type":"boolean","description":"Keep its proposals"}}}
                """),
            OutputSchema = ToolCard.Schema("""
                {"type":"object","properties":{"summary":{"type":"object","properties":{"verdict":{"enum":["healthy","problems","estimatesOnly"]}}},"problems":{"type":"array"},
                "precedents":{"type":"array"},"memoryProblems":{},"proposals":{},"recorded":{}},"required":["summary","problems"]}
                """),
            ReadOnly = false,
            OpenWorld = true,
        },
        async (call, cancellation) =>
        {
            var given = call.Arguments;
            if (given.Text("target") is not null && given.Text("query") is null)
                throw new SkillInputException("'target' goes with 'query': give the SELECT to plan there.");
            await using var target = given.Text("target") is { } name ? await architect.ConnectAsync(name, cancellation) : null;
            var result = await ExplainPlanEngine.RunAsync(
                new ExplainRequest
                {
                    PlanText = Inputs.Text(architect, given, "plan", "path"),
                    Query = given.Text("query"),
                    Target = target,
                    Analyze = given.Flag("analyze"),
                    Memory = architect.Memory,
                },
                cancellation);
            var kept = await result.KeptAsync(architect.Memory, given.Flag("record"), call.Client, cancellation);
            return Answers.Of(kept.Rendered(found => ExplainText.Render(found)), kept.Told, Conclusion.Of(result, given.Text("path") ?? given.Text("target")) with { Sql = given.Text("query") });
        });
}
