using System.Text.Json;
using AgentHost.Postgres;
using AgentHost.Skills.DesignSchema;
using AgentHost.Sql;
using Npgsql;

namespace AgentHost.Skills.Tests.DesignSchema;

/// <summary>The example that ships. With AGENTHOST_UPDATE_EXAMPLES=1 its generated files are written anew instead of compared.</summary>
public sealed class ProjectManagementTests
{
    private const string SlowReport = """
        SELECT t.id, t.title, t.completed_at, p.name AS project
        FROM tasks AS t JOIN projects AS p ON p.organization_id = t.organization_id AND p.id = t.project_id
        WHERE t.completed_at >= '2026-09-01' AND t.completed_at < '2026-09-08'
        ORDER BY t.completed_at DESC
        """;

    private static readonly string Folder = Path.Combine(Repository.Root, "examples", "project-management");
    private static readonly bool Update = Environment.GetEnvironmentVariable("AGENTHOST_UPDATE_EXAMPLES") == "1";

    private static Task<string> Read(string file) => File.ReadAllTextAsync(Path.Combine(Folder, file));

    [Fact]
    public async Task The_shipped_schema_is_what_the_designer_makes_of_the_shipped_model()
    {
        var result = await DesignSchemaEngine.RunAsync(new DesignRequest(await Read("model.yaml")));
        var made = result.Files.Single(f => f.Name == "schema.sql").Text;
        if (Update)
            await File.WriteAllTextAsync(Path.Combine(Folder, "schema.sql"), made);
        Assert.Equal(await Read("schema.sql"), made);
        Assert.Equal(10, result.Proof.AccessPatterns.Length);
        Assert.Equal(7, result.Proof.Isolation!.Tables.Length);
        Assert.InRange(DesignText.Render(result).Length, 500, 5000);
    }

    [Fact]
    public async Task The_seed_fills_the_schema_and_the_slow_queries_run_on_it()
    {
        var server = await PrivateServer.ConnectAsync();
        await using var scratch = await server.CreateScratchAsync();
        await scratch.ExecuteAsync(await Read("schema.sql"));
        await scratch.ExecuteAsync(await Read("seed.sql"));
        await using var connection = await scratch.OpenAsync();
        await Execute(connection, "ALTER TABLE tasks NO FORCE ROW LEVEL SECURITY; ALTER TABLE projects NO FORCE ROW LEVEL SECURITY; ALTER TABLE comments NO FORCE ROW LEVEL SECURITY; ALTER TABLE attachments NO FORCE ROW LEVEL SECURITY");
        Assert.Equal(60_000L, await Scalar(connection, "SELECT count(*) FROM tasks"));
        Assert.Equal(150_000L, await Scalar(connection, "SELECT count(*) FROM comments"));

        var script = SqlParser.Parse(await Read("slow-queries.sql"));
        Assert.Equal(7, script.Statements.Length);
        foreach (var statement in script.Statements)
            Assert.NotNull(await Scalar(connection, script.TextOf(statement)));
        if (Update)
            await File.WriteAllTextAsync(Path.Combine(Folder, "plan.json"), await Scalar(connection, $"EXPLAIN (ANALYZE, BUFFERS, VERBOSE, FORMAT JSON) {SlowReport}") + "\n");
    }

    [Fact]
    public async Task Every_slow_query_has_a_name_and_a_weight()
    {
        var text = await Read("slow-queries.sql");
        Assert.Equal(7, text.Split("\n-- name: ").Length - 1);
        Assert.Equal(7, text.Split("\n-- weight: ").Length - 1);
    }

    [Fact]
    public async Task The_migrations_run_one_after_the_other_on_the_schema()
    {
        var server = await PrivateServer.ConnectAsync();
        await using var scratch = await server.CreateScratchAsync();
        await scratch.ExecuteAsync(await Read("schema.sql"));
        foreach (var migration in Directory.EnumerateFiles(Path.Combine(Folder, "migrations"), "*.sql").Order(StringComparer.Ordinal))
            await scratch.ExecuteAsync(await File.ReadAllTextAsync(migration));
    }

    [Fact]
    public async Task The_captured_plan_reads_a_whole_table_for_a_few_of_its_rows()
    {
        using var plan = JsonDocument.Parse(await Read("plan.json"));
        var scan = Nodes(plan.RootElement[0].GetProperty("Plan")).Single(n => n.GetProperty("Node Type").GetString() == "Seq Scan" && n.GetProperty("Relation Name").GetString() == "tasks");
        Assert.True(scan.GetProperty("Rows Removed by Filter").GetDouble() > 50 * scan.GetProperty("Actual Rows").GetDouble());
    }

    private static IEnumerable<JsonElement> Nodes(JsonElement node) =>
        node.TryGetProperty("Plans", out var children) ? children.EnumerateArray().SelectMany(Nodes).Prepend(node) : [node];

    private static async Task Execute(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<object?> Scalar(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
