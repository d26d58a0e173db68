using AgentHost.Composition;
using AgentHost.Postgres.Catalog;
using AgentHost.Skills;
using AgentHost.Skills.RecommendIndex;
using AgentHost.Workspaces;

namespace AgentHost.Mcp.Tools;

/// <summary>The tool <c>recommend_index</c>.</summary>
internal static class RecommendIndexTool
{
    /// <summary>The tool's function over the parts of <paramref name="architect"/>.</summary>
    public static SkillFunction Create(Architect architect) => new(
        new ToolCard("recommend_index", "Recommend indexes",
            "Say which indexes a set of queries needs, priced on a twin of the database without its rows and measured on made-up ones, " +
            "which existing ones to drop, which queries to rewrite. Give all queries of a table together, writes too.")
        {
            InputSchema = ToolCard.Schema("""
                {"type":"object","properties":{
                "target":{"type":"string","description":"A configured database"},
                "schemaPath":{"type":"string","description":"Instead: a snapshot, or SQL with rows"},
                "rows":{"type":"string","description":"orders=5M,users=80k"},
                "queries":{"type":"string","description":"SQL; comments '-- name: x', '-- weight: 10' before one; or an auto_explain log; or give path"},
                "path":{"type":"string","description":"The same in the workspace"},
                "workload":{"type":"boolean","description":"Take the queries from pg_stat_statements"},
                "budgetMb":{"type":"integer","minimum":1},
                "maxIndexes":{"type":"integer","minimum":1},
                "verify":{"type":"boolean","default":true},
                "record":{"type":"boolean","description":"Keep its proposals"}}}
                """),
            OutputSchema = ToolCard.Schema("""
                {"type":"object","properties":{"recommendations":{"type":"array"},"disproved":{},"drops":{},"rewrites":{},"statistics":{},"skewed":{},"regressions":{},"workload":{"type":"object"},"unpriced":{},
                "skipped":{},"withheld":{},"notice":{},
                "precedents":{},"memoryProblems":{},"proposals":{},"recorded":{}},"required":["recommendations","workload"]}
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
            if (given.Text("target") is null == given.Text("schemaPath") is null)
                throw new SkillInputException("Give the database: either 'target' or 'schemaPath'.");
            await using var target = given.Text("target") is { } name ? await architect.ConnectAsync(name, cancellation) : null;
            var result = await RecommendIndexEngine.RunAsync(
                new IndexRequest
                {
                    Target = target,
                    Snapshot = given.Text("schemaPath") is { } path ? await SnapshotAsync(architect, path, given.Text("rows"), cancellation) : null,
                    VerifySeconds = given.Flag("verify", otherwise: true) ? IndexRequest.DefaultVerifySeconds : null,
                    QueriesText = queries,
                    Workload = given.Flag("workload"),
                    BudgetMb = given.Number("budgetMb", 1, int.MaxValue),
                    MaxIndexes = given.Number("maxIndexes", 1, int.MaxValue),
                    Memory = architect.Memory,
                    Progress = call.Progress,
                },
                cancellation);
            var kept = await result.KeptAsync(architect.Memory, given.Flag("record"), call.Client, cancellation);
            return Answers.Of(kept.Rendered(found => IndexText.Render(found)), kept.Told, Conclusion.Of(result, given.Text("target") ?? given.RequiredText("schemaPath")) with { Sql = queries });
        });

    internal static async Task<CatalogSnapshot> SnapshotAsync(Architect architect, string path, string? rows, CancellationToken cancellation) =>
        await architect.Workspace.ReadSnapshotAsync(path, cancellation) ?? await DerivedSchema.ReadAsync(architect.Workspace.ReadScripts(path), rows is null ? [] : [rows], cancellation);
}
