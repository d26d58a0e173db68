using AgentHost.Composition;
using AgentHost.Skills;
using AgentHost.Skills.RecommendIndex;

namespace AgentHost.Mcp.Tools;

/// <summary>The tool <c>recommend_index</c>.</summary>
internal static class RecommendIndexTool
{
    /// <summary>The tool's function over the parts of <paramref name="architect"/>.</summary>
    public static SkillFunction Create(Architect architect) => new(
        new ToolCard("recommend_index", "Recommend indexes",
            "Say which indexes a set of queries needs on a configured database, priced by its own planner with hypothetical indexes (nothing is built), " +
            "which existing ones to drop, and which queries to write differently. Give all queries of a table together, writes too.")
        {
            InputSchema = ToolCard.Schema("""
                {"type":"object","properties":{
                "target":{"type":"string","description":"Name of a configured database"},
                "queries":{"type":"string","description":"SQL statements; comments '-- name: x' and '-- weight: 10' before one; or a server log with auto_explain; or give path"},
                "path":{"type":"string","description":"Queries file or log in the workspace"},
                "workload":{"type":"boolean","description":"Take the queries from pg_stat_statements"},
                "budgetMb":{"type":"integer","minimum":1},
                "maxIndexes":{"type":"integer","minimum":1},
                "record":{"type":"boolean","description":"Keep its proposals"}},"required":["target"]}
                """),
            OutputSchema = ToolCard.Schema("""
                {"type":"object","properties":{"recommendations":{"type":"array"},"drops":{"type":"array"},"rewrites":{"type":"array"},"workload":{"type":"object"},"unpriced":{"type":"array"},
                "skipped":{"type":"array"},"withheld":{"type":"array"},"notice":{"type":"string"},
                "precedents":{"type":"array"},"memoryProblems":{"type":"array"},"proposals":{"type":"array"},"recorded":{"type":"array"}},"required":["recommendations","workload"]}
                """),
            ReadOnly = false,
            OpenWorld = true,
        },
        async (call, cancellation) =>
        {
            var given = call.Arguments;
            var queries = Inputs.Text(architect, given, "queries", "path");
            if (queries is null && !given.Flag("workload"))
                throw new SkillInputException("Give the 'queries', or 'path' in the workspace, or workload=true.");
            await using var target = await architect.ConnectAsync(given.RequiredText("target"), cancellation);
            var result = await RecommendIndexEngine.RunAsync(
                new IndexRequest
                {
                    Target = target,
                    QueriesText = queries,
                    Workload = given.Flag("workload"),
                    BudgetMb = given.Number("budgetMb", 1, int.MaxValue),
                    MaxIndexes = given.Number("maxIndexes", 1, int.MaxValue),
                    Memory = architect.Memory,
                    Progress = call.Progress,
                },
                cancellation);
            var kept = await result.KeptAsync(architect.Memory, given.Flag("record"), call.Client, cancellation);
            return Answers.Of(kept.Rendered(found => IndexText.Render(found)), kept.Told, Conclusion.Of(result, given.RequiredText("target")) with { Sql = queries });
        });
}
