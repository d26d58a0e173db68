using System.Text.Json;

namespace AgentHost.EndToEnd.Tests;

/// <summary>What calls leave behind: a line each in the data folder, without SQL.</summary>
public sealed class TrailTests : IDisposable
{
    private const string Migration = "ALTER TABLE orders ALTER COLUMN total SET NOT NULL; -- marker-4711";

    private readonly WorkspaceFolder workspace = new(), home = new();

    public void Dispose()
    {
        workspace.Dispose();
        home.Dispose();
    }

    // The parser and the private server stay those of the machine; only the trail goes elsewhere.
    private Task<Outcome> RunAsync(string[] arguments, string input = "")
    {
        var real = AgentHost.Sql.DataFolder.Path;
        if (!Path.Exists(Path.Combine(home.Path, "postgresql-17")))
            Directory.CreateSymbolicLink(Path.Combine(home.Path, "postgresql-17"), Path.Combine(real, "postgresql-17"));
        return HostProcess.RunAsync(workspace.Path, arguments, input, new Dictionary<string, string>(StringComparer.Ordinal) { ["AGENTHOST_HOME"] = home.Path });
    }

    private string Trail => Path.Combine(home.Path, "trail");

    private List<JsonElement> Lines() => !Directory.Exists(Trail) ? [] :
        [.. Directory.GetFiles(Trail, "*.jsonl").SelectMany(File.ReadAllLines).Select(line => JsonDocument.Parse(line).RootElement)];

    [Fact]
    public async Task A_verb_of_a_skill_leaves_one_line_that_holds_no_sql()
    {
        workspace.Write("V7__total.sql", Migration);
        workspace.Write("base.sql", "CREATE TABLE orders (id bigint PRIMARY KEY, total numeric);");
        Assert.Equal(1, (await RunAsync(["review", "V7__total.sql", "--schema", "base.sql"])).ExitCode);
        var line = Assert.Single(Lines());
        Assert.Equal("review_migration", line.GetProperty("tool").GetString());
        Assert.Contains("V7__total.sql", line.GetProperty("subject").GetString(), StringComparison.Ordinal);
        Assert.Contains("orders", line.GetProperty("subject").GetString(), StringComparison.Ordinal);
        Assert.StartsWith("unsafe: ", line.GetProperty("verdict").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("marker-4711", line.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("ALTER", line.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tool_call_leaves_one_line_with_its_client_also_where_it_was_refused()
    {
        await RunAsync(["serve"], string.Join('\n',
            """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"raw","version":"1"}}}""",
            """{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"review_migration","arguments":{"sql":"MIGRATION"}}}""".Replace("MIGRATION", Migration, StringComparison.Ordinal),
            ""));
        await RunAsync(["serve"], string.Join('\n',
            """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"raw","version":"1"}}}""",
            """{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"explain_plan","arguments":{"query":"SELECT 'marker-4712'","target":"nowhere"}}}""",
            ""));
        var lines = Lines();
        Assert.Equal(["raw", "raw"], lines.Select(line => line.GetProperty("client").GetString()));
        Assert.Equal("refused: the configuration", lines[1].GetProperty("verdict").GetString());
        Assert.Equal("nowhere", lines[1].GetProperty("subject").GetString());
        Assert.All(lines, line => Assert.DoesNotContain("marker", line.GetRawText(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_query_that_was_explained_before_is_known_again_when_its_plan_is_another_and_slower()
    {
        workspace.Write("fast.json", Plan("Index Scan", "\"Index Name\": \"orders_customer\", \"Index Cond\": \"(customer_id = 17)\"", 12));
        workspace.Write("slow.json", Plan("Seq Scan", "\"Filter\": \"(customer_id = 4711)\"", 480));
        Assert.DoesNotContain("Slower", (await RunAsync(["explain", "--plan", "fast.json"])).Output, StringComparison.Ordinal);
        var outcome = await RunAsync(["explain", "--plan", "slow.json"]);
        Assert.Contains("Slower than on", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("12.0 ms then, 480 ms now", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("orders_customer", outcome.Output.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.All(Lines(), line => Assert.DoesNotContain("4711", line.GetRawText(), StringComparison.Ordinal));

        static string Plan(string type, string rest, int ms) => $$"""[{"Plan": {"Node Type": "{{type}}", "Relation Name": "orders", "Alias": "orders", "Startup Cost": 0.0, "Total Cost": 90.0, "Plan Rows": 8, "Plan Width": 4, "Actual Startup Time": 0.1, "Actual Total Time": {{ms}}.0, "Actual Rows": 8, "Actual Loops": 1, {{rest}}}, "Execution Time": {{ms}}.0}]""";
    }

    [Fact]
    public async Task The_configuration_turns_the_trail_off_or_lets_it_keep_the_sql()
    {
        workspace.Write("V7__total.sql", Migration);
        workspace.Write("agenthost.json", """{"trail": false}""");
        await RunAsync(["review", "V7__total.sql"]);
        Assert.Empty(Lines());

        workspace.Write("agenthost.json", """{"trail": {"sql": true}}""");
        await RunAsync(["explain", "--query", "SELECT 'marker-4713'", "--dsn", "postgres://nobody@127.0.0.1:1/x"]);
        await RunAsync(["review", "V7__total.sql"]);
        Assert.Contains("marker-4711", Lines()[^1].GetProperty("sql").GetString(), StringComparison.Ordinal);

        workspace.Write("agenthost.json", """{"trail": {"text": true}}""");
        Assert.Contains("agenthost.json:1:12", (await RunAsync(["review", "V7__total.sql"])).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_trail_that_cannot_be_written_is_one_line_on_stderr_and_fails_nothing()
    {
        home.Write("trail", "not a folder");
        workspace.Write("V7__total.sql", "CREATE TABLE t (id bigint PRIMARY KEY);");
        var outcome = await RunAsync(["review", "V7__total.sql"]);
        Assert.Equal(0, outcome.ExitCode);
        Assert.Contains("the session trail cannot be written", Assert.Single(outcome.Errors.Trim().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Processes_at_once_each_leave_their_line()
    {
        workspace.Write("V7__total.sql", Migration);
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => RunAsync(["review", "V7__total.sql"])));
        Assert.Equal(6, Lines().Count);
    }
}
