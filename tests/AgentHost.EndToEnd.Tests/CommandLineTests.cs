using System.Text.Json;

namespace AgentHost.EndToEnd.Tests;

/// <summary>The verbs: exit codes, JSON, and errors in a line or two.</summary>
public sealed class CommandLineTests : IDisposable
{
    private readonly WorkspaceFolder workspace = new();

    public void Dispose() => workspace.Dispose();

    [Theory]
    [InlineData("CREATE TABLE t (id bigint PRIMARY KEY);", "error", 0)]
    [InlineData("CREATE TABLE t (id bigint PRIMARY KEY, at timestamp);", "error", 0)]
    [InlineData("CREATE TABLE t (id bigint PRIMARY KEY, at timestamp);", "warning", 1)]
    [InlineData("DROP TABLE orders;", "error", 1)]
    public async Task Review_exits_by_its_worst_finding(string sql, string failOn, int exitCode)
    {
        var outcome = await RunAsync(["review", "-", "--fail-on", failOn, "--format", "json"], sql);
        Assert.Equal(exitCode, outcome.ExitCode);
        var file = Json(outcome).GetProperty("files").EnumerateArray().Single();
        Assert.Equal("-", file.GetProperty("path").GetString());
        foreach (var finding in file.GetProperty("findings").EnumerateArray())
        {
            foreach (var name in (string[])["rule", "severity", "line", "column", "statement", "message", "rewrites", "scans", "evidence", "citation"])
                Assert.True(finding.TryGetProperty(name, out _), $"{name} is missing");
        }
    }

    [Fact]
    public async Task Review_takes_several_files_each_by_itself()
    {
        workspace.Write("a.sql", "CREATE TABLE a (id bigint PRIMARY KEY);");
        workspace.Write("b.sql", "DROP TABLE b;");
        var outcome = await RunAsync(["review", "a.sql", "b.sql", "--format", "json"]);
        Assert.Equal(1, outcome.ExitCode);
        Assert.Equal(["safe", "unsafe"], Json(outcome).GetProperty("files").EnumerateArray().Select(file => file.GetProperty("verdict").GetString()));
    }

    [Fact]
    public async Task Review_reads_a_folder_in_the_order_of_its_names()
    {
        workspace.Write("migrations/002.sql", "ALTER TABLE t ADD COLUMN note text;");
        workspace.Write("migrations/001.sql", "CREATE TABLE t (id bigint PRIMARY KEY);");
        workspace.Write("migrations/readme.md", "not SQL");
        var outcome = await RunAsync(["review", "migrations", "--format", "json"]);
        Assert.Equal(["migrations/001.sql", "migrations/002.sql"], Json(outcome).GetProperty("files").EnumerateArray().Select(file => file.GetProperty("path").GetString()));
    }

    [Fact]
    public async Task A_snapshot_of_a_database_serves_as_the_schema_where_the_database_is_out_of_reach()
    {
        await using (var server = await Postgres.PrivateServer.ConnectAsync())
        {
            await using var database = await server.CreateScratchAsync();
            await database.ExecuteAsync("create table orders (id int primary key, note text); insert into orders select i from generate_series(1, 20000) i; analyze orders");
            var written = await RunAsync(["twin", "--dsn", database.ConnectionString, "--out", "shop.snapshot", "--format", "json"]);
            Assert.Equal((0, 1), (written.ExitCode, Json(written).GetProperty("relations").GetInt32()));
            Assert.Equal(2, (await RunAsync(["twin", "--dsn", database.ConnectionString, "--out", "no/such/folder"])).ExitCode);
            await database.ExecuteAsync("alter table orders add paid boolean; create index on orders (note)");
            await RunAsync(["twin", "--dsn", database.ConnectionString, "--out", "later.snapshot"]);
            Assert.Equal("schema\n  ~ CREATE TABLE public.orders\n    + paid boolean\n  + CREATE INDEX orders_note_idx ON public.orders USING btree (note)\n", (await RunAsync(["twin", "diff", "shop.snapshot", "later.snapshot"])).Output);
            var redacted = await RunAsync(["twin", "--dsn", database.ConnectionString, "--out", "redacted.snapshot", "--redact", "--format", "json"]);
            Assert.Equal("redacted.snapshot.key", Json(redacted).GetProperty("key").GetString());
            Assert.Equal(0, (await RunAsync(["review", "-", "--schema", "redacted.snapshot"], "create index concurrently i on orders (note);")).ExitCode);
            workspace.Write("redacted.snapshot.key", "no key");
            var locked = await RunAsync(["review", "-", "--schema", "redacted.snapshot"], "select 1");
            Assert.Equal((2, true), (locked.ExitCode, locked.Errors.Contains("no key", StringComparison.Ordinal)));
        }

        var outcome = await RunAsync(["review", "-", "--schema", "shop.snapshot", "--format", "json"], "create index i on orders (note);");
        Assert.Contains("20 k rows", outcome.Output, StringComparison.Ordinal);
        workspace.Write("cut.snapshot", (await File.ReadAllBytesAsync(Path.Combine(workspace.Path, "shop.snapshot")))[..200]);
        var refused = await RunAsync(["review", "-", "--schema", "cut.snapshot"], "select 1");
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("cut off", refused.Errors, StringComparison.Ordinal);
        Assert.Equal(2, (await RunAsync(["twin", "--out", "x"])).ExitCode);
    }

    [Fact]
    public async Task Review_writes_fixed_migrations_into_a_folder_of_their_own_and_overwrites_none()
    {
        workspace.Write("migrations/001_init.sql", "CREATE TABLE t (id bigint PRIMARY KEY, n integer);");
        workspace.Write("migrations/002_index.sql", "CREATE INDEX i ON t (n);\nALTER TABLE t ADD CHECK (n > 0);\n");
        var outcome = await RunAsync(["review", "migrations", "--fix", "fixed", "--prove"]);
        Assert.Equal(0, outcome.ExitCode);
        Assert.Contains("end in the same catalog", outcome.Output, StringComparison.Ordinal);
        string[] written = [.. Directory.GetFiles(Path.Combine(workspace.Path, "fixed")).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)];
        Assert.Equal(["002_index.sql", "002_index_2.sql", "002_index_3.sql"], written);
        Assert.Equal("-- no-transaction\nCREATE INDEX CONCURRENTLY i ON t (n);\n", await File.ReadAllTextAsync(Path.Combine(workspace.Path, "fixed", "002_index.sql")));

        await File.WriteAllTextAsync(Path.Combine(workspace.Path, "fixed", "002_index.sql"), "mine");
        var again = await RunAsync(["review", "migrations", "--fix", "fixed"]);
        Assert.Equal(2, again.ExitCode);
        Assert.Contains("overwrites nothing", again.Errors, StringComparison.Ordinal);
        Assert.Equal("mine", await File.ReadAllTextAsync(Path.Combine(workspace.Path, "fixed", "002_index.sql")));
    }

    [Theory]
    [InlineData("review", "no-such-file.sql")]
    [InlineData("review")]
    [InlineData("review", "-", "--pg-version", "3")]
    [InlineData("review", "-", "--format", "xml")]
    [InlineData("review", "-", "--schema", "prod")]
    [InlineData("review", "-", "--schema", "no-such-file.sql")]
    [InlineData("review", "-", "--schema", "env:NOT_SET_ANYWHERE")]
    [InlineData("review", "-", "--schema", "postgres://nobody:s3cret@127.0.0.1:1/none")]
    [InlineData("explain", "--plan", "no-such-file.json")]
    [InlineData("explain")]
    [InlineData("explain", "--query", "SELECT 1", "--target", "nothing")]
    [InlineData("explain", "--query", "SELECT 1", "--dsn", "not a connection")]
    [InlineData("index", "--target", "nothing", "--workload")]
    [InlineData("index")]
    [InlineData("design", "--model", "no-such-model.yaml")]
    [InlineData("design", "--model", "-", "--targets", "cobol")]
    [InlineData("search", "")]
    [InlineData("search")]
    [InlineData("remember", "--kind", "decision", "text without a title")]
    [InlineData("remember", "--kind", "rumour", "--title", "t", "x")]
    [InlineData("recall", "--max", "0")]
    [InlineData("no-such-verb")]
    [InlineData("serve", "--no-such-flag")]
    public async Task Unusable_input_is_exit_code_2_and_a_line_or_two_on_stderr(params string[] arguments)
    {
        var outcome = await RunAsync(arguments);
        Assert.Equal(2, outcome.ExitCode);
        Assert.Empty(outcome.Output);
        Assert.InRange(outcome.Errors.Trim().Split('\n').Length, 1, 2);
        Assert.StartsWith("agenthost", outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_reads_a_plan_from_stdin()
    {
        const string plan = """[{"Plan": {"Node Type": "Result", "Startup Cost": 0.0, "Total Cost": 0.01, "Plan Rows": 1, "Plan Width": 4}}]""";
        var outcome = await RunAsync(["explain", "--plan", "-", "--format", "json"], plan);
        Assert.Equal(0, outcome.ExitCode);
        var answer = Json(outcome);
        Assert.Equal("estimatesOnly", answer.GetProperty("summary").GetProperty("verdict").GetString());
        Assert.Equal(0, answer.GetProperty("problems").GetArrayLength());
    }

    [Fact]
    public async Task Explain_compares_two_plans_and_draws_a_page()
    {
        workspace.Write("before.json", Plan("Seq Scan", 40));
        workspace.Write("after.json", Plan("Index Only Scan", 4));
        var outcome = await RunAsync(["explain", "--compare", "before.json", "after.json", "--html", "page.html"]);
        Assert.Equal(0, outcome.ExitCode);
        Assert.StartsWith("Faster · 40.0 ms → 4.0 ms", outcome.Output, StringComparison.Ordinal);
        Assert.StartsWith("<!doctype html>", await File.ReadAllTextAsync(Path.Combine(workspace.Path, "page.html")), StringComparison.Ordinal);
        Assert.Equal("faster", Json(await RunAsync(["explain", "--compare", "before.json", "after.json", "--format", "json"])).GetProperty("comparison").GetProperty("verdict").GetString());
        Assert.Equal(2, (await RunAsync(["explain", "--compare", "before.json"])).ExitCode);
        Assert.Equal(2, (await RunAsync(["explain", "--compare", "before.json", "after.json", "--plan", "after.json"])).ExitCode);

        static string Plan(string type, int ms) => $$"""[{"Plan": {"Node Type": "{{type}}", "Relation Name": "t", "Alias": "t", "Startup Cost": 0.0, "Total Cost": 90.0, "Plan Rows": 8, "Plan Width": 4, "Actual Startup Time": 0.1, "Actual Total Time": {{ms}}.0, "Actual Rows": 8, "Actual Loops": 1}, "Execution Time": {{ms}}.0}]""";
    }

    [Fact]
    public async Task Design_writes_its_files_into_a_folder()
    {
        var model = Path.Combine(Built.Example, "model.yaml");
        var outcome = await RunAsync(["design", "--model", model, "--out", "generated", "--format", "json"]);
        Assert.Equal(0, outcome.ExitCode);
        foreach (var file in Json(outcome).GetProperty("files").EnumerateArray())
            Assert.Equal(file.GetProperty("text").GetString(), await File.ReadAllTextAsync(Path.Combine(workspace.Path, "generated", file.GetProperty("name").GetString()!)));
    }

    [Fact]
    public async Task Search_gives_as_many_pages_as_asked_for()
    {
        var results = Json(await RunAsync(["search", "primary key", "-k", "2", "--format", "json"])).GetProperty("results");
        Assert.Equal(2, results.GetArrayLength());
        foreach (var name in (string[])["document", "section", "score", "excerpt", "source"])
            Assert.True(results[0].TryGetProperty(name, out _), $"{name} is missing");
    }

    [Fact]
    public async Task What_is_remembered_in_one_run_is_recalled_in_the_next()
    {
        var written = await RunAsync(
            ["remember", "--kind", "decision", "--title", "Keys are bigint", "--tag", "keys", "--scope", "public.orders", "-", "--format", "json"], "They sort.\nSecond line.");
        Assert.Equal(0, written.ExitCode);
        var entry = Json(await RunAsync(["recall", "bigint", "--format", "json"])).GetProperty("entries").EnumerateArray().Single();
        Assert.Equal(Json(written).GetProperty("entries")[0].GetRawText(), entry.GetRawText());
        foreach (var name in (string[])["id", "kind", "title", "text", "tags", "scope", "status", "when", "by"])
            Assert.True(entry.TryGetProperty(name, out _), $"{name} is missing");
    }

    [Fact]
    public async Task Doctor_names_every_part()
    {
        var outcome = await RunAsync(["doctor", "--format", "json"]);
        Assert.Equal(0, outcome.ExitCode);
        var items = Json(outcome).GetProperty("lines").EnumerateArray().Select(line => line.GetProperty("item").GetString());
        Assert.Equal(
            ["PostgreSQL 17", "pgvector", "HypoPG", "Parser library", "Private server", "Configuration", "Embedding model", "Knowledge store", "Memory folder", "Targets"], items);
    }

    [Fact]
    public async Task Doctor_gives_a_fix_for_what_is_missing()
    {
        workspace.Write("agenthost.json", """{"targets": {"app": {"connection": "env:NOT_SET_ANYWHERE"}}}""");
        var outcome = await RunAsync(["doctor"]);
        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("NOT_SET_ANYWHERE", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("export NOT_SET_ANYWHERE=", outcome.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\n  \"targest\": {}\n}", ":2:3:", "targets")]
    [InlineData("{\n  \"memory\": 7\n}", ":2:13:", "string")]
    [InlineData("{\n  \"targets\": {\"app\": {\"connection\": \"x\",, }}\n}", ":2:", "JSON")]
    [InlineData("{\"targets\": {\"app\": {}}}", ":1:", "connection")]
    [InlineData("", ":1:1:", "JSON")]
    public async Task A_wrong_configuration_is_told_with_line_and_column(string json, string place, string hint)
    {
        workspace.Write("agenthost.json", json);
        var outcome = await RunAsync(["recall"]);
        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("agenthost.json" + place, outcome.Errors, StringComparison.Ordinal);
        Assert.Contains(hint, outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_flag_wins_over_a_variable_and_a_variable_over_the_file()
    {
        workspace.Write("agenthost.json", """{"memory": "from-file"}""");
        var variable = new Dictionary<string, string>(StringComparer.Ordinal) { ["AGENTHOST_MEMORY"] = "from-variable" };
        string[] remember = ["remember", "--kind", "learning", "--title", "t", "x"];
        await HostProcess.RunAsync(workspace.Path, remember);
        await HostProcess.RunAsync(workspace.Path, remember, environment: variable);
        await HostProcess.RunAsync(workspace.Path, [.. remember, "--memory", "from-flag"], environment: variable);
        foreach (var folder in (string[])["from-file", "from-variable", "from-flag"])
            Assert.True(File.Exists(Path.Combine(workspace.Path, folder, "learnings.md")), $"{folder} was not used");
    }

    [Fact]
    public async Task Help_and_version_are_on_stdout()
    {
        Assert.Contains("claude mcp add", (await RunAsync([])).Output, StringComparison.Ordinal);
        Assert.StartsWith("0.", (await RunAsync(["--version"])).Output, StringComparison.Ordinal);
        Assert.Contains("--prove", (await RunAsync(["review", "--help"])).Output, StringComparison.Ordinal);
    }

    private Task<Outcome> RunAsync(string[] arguments, string input = "") => HostProcess.RunAsync(workspace.Path, arguments, input);

    private static JsonElement Json(Outcome outcome)
    {
        Assert.True(outcome.Output.Length > 0, outcome.Errors);
        return JsonDocument.Parse(outcome.Output).RootElement;
    }
}
