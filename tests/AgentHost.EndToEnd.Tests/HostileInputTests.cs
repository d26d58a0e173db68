using System.Text;

namespace AgentHost.EndToEnd.Tests;

/// <summary>Inputs that nobody means well with: a clear answer, and the process lives.</summary>
public sealed class HostileInputTests(RunningHost host) : IClassFixture<RunningHost>, IAsyncLifetime
{
    private const int Megabyte = 1 << 20;

    public Task InitializeAsync() => Task.CompletedTask;

    // After each input the same process still answers.
    public async Task DisposeAsync()
    {
        (await host.CallAsync("recall", new { })).Data();
    }

    [Theory]
    [InlineData("(")]
    [InlineData("SELECT (")]
    [InlineData("SELECT ARRAY[")]
    [InlineData("SELECT CASE WHEN ")]
    [InlineData("SELECT 1 FROM (")]
    public async Task A_megabyte_of_nested_sql_is_refused(string nest) =>
        (await host.CallAsync("review_migration", new { sql = string.Concat(Enumerable.Repeat(nest, Megabyte / nest.Length)) })).AnswersOrRefuses();

    [Fact]
    public async Task An_expression_of_two_hundred_thousand_terms_is_answered() =>
        (await host.CallAsync("review_migration", new { sql = "SELECT 1" + string.Concat(Enumerable.Repeat(" + 1", 200_000)) })).AnswersOrRefuses();

    [Fact]
    public async Task A_condition_of_two_hundred_thousand_terms_is_answered() =>
        (await host.CallAsync("recommend_index", new { target = "app", queries = "SELECT 1 FROM orders WHERE id = 1" + string.Concat(Enumerable.Repeat(" OR id = 1", 200_000)) })).AnswersOrRefuses();

    [Theory]
    [InlineData("review_migration", "sql")]
    [InlineData("design_schema", "model")]
    [InlineData("explain_plan", "plan")]
    public async Task A_nul_byte_is_refused(string tool, string argument) =>
        (await CallAsync(tool, argument, "SELECT 1;\0 DROP TABLE t;")).Refusal();

    [Theory]
    [InlineData("review_migration", "sql")]
    [InlineData("design_schema", "model")]
    [InlineData("explain_plan", "plan")]
    [InlineData("search_best_practices", "query")]
    public async Task Nothing_at_all_is_answered(string tool, string argument) => (await CallAsync(tool, argument, "")).AnswersOrRefuses();

    [Fact]
    public async Task A_file_of_fifty_megabytes_is_refused_with_its_size()
    {
        var name = host.Workspace.Write("huge.sql", new byte[50 * Megabyte]);
        Assert.Contains("50 MB", (await host.CallAsync("review_migration", new { path = name })).Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_not_utf8_is_refused_with_the_offset()
    {
        var name = host.Workspace.Write("latin1.sql", [.. "-- caf"u8, 0xE9, .. "\nSELECT 1;"u8]);
        Assert.Contains("offset 6", (await host.CallAsync("review_migration", new { path = name })).Refusal(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../secret.sql")]
    [InlineData("/etc/passwd")]
    [InlineData("link/passwd")]
    [InlineData("migrations/../../x.sql")]
    [InlineData("no-such-file.sql")]
    [InlineData("circle")]
    [InlineData("")]
    public async Task A_path_out_of_the_workspace_is_refused(string path)
    {
        var link = Path.Combine(host.Workspace.Path, "link");
        if (!Path.Exists(link))
            Directory.CreateSymbolicLink(link, "/etc");
        var circle = Path.Combine(host.Workspace.Path, "circle");
        if (new FileInfo(circle).LinkTarget is null)
            File.CreateSymbolicLink(circle, "circle");
        Assert.DoesNotContain("root:", (await host.CallAsync("review_migration", new { path })).Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Half_a_surrogate_pair_is_answered() =>
        (await host.CallAsync("remember", new { kind = "learning", title = "Half \ud83d", text = "x" })).AnswersOrRefuses();

    [Fact]
    public async Task A_plan_nested_beyond_measure_is_refused() =>
        (await host.CallAsync("explain_plan", new { plan = new StringBuilder().Insert(0, "[{\"Plan\":{\"Plans\":", 20_000).ToString() })).Refusal();

    private Task<ModelContextProtocol.Protocol.CallToolResult> CallAsync(string tool, string argument, string value) =>
        host.Client.CallToolAsync(tool, new Dictionary<string, object?>(StringComparer.Ordinal) { [argument] = value }).AsTask();
}
