using System.Text.RegularExpressions;

namespace AgentHost.EndToEnd.Tests;

/// <summary>The walk that a new user takes first.</summary>
public sealed partial class DemoTests : IDisposable
{
    private readonly WorkspaceFolder workspace = new();

    public void Dispose() => workspace.Dispose();

    [Fact]
    public async Task The_walk_calls_every_tool_and_each_answers_with_what_it_found()
    {
        var outcome = await HostProcess.RunAsync(workspace.Path, ["demo"]);
        Assert.Equal(0, outcome.ExitCode);
        string[] tools = ["design_schema", "review_migration", "explain_plan", "recommend_index", "search_best_practices", "recall", "remember"];
        Assert.Equal(tools.Order(StringComparer.Ordinal), Call().Matches(outcome.Output).Select(call => call.Groups["tool"].Value).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        foreach (var finding in (string[])["PROVEN", "observed: ACCESS EXCLUSIVE on tasks", "seq-scan-selective-filter", "CREATE INDEX CONCURRENTLY tasks_", "decided before: D-"])
            Assert.Contains(finding, outcome.Output, StringComparison.Ordinal);
        Assert.Empty(outcome.Errors);
        Assert.Empty(Directory.EnumerateFileSystemEntries(workspace.Path));
    }

    [GeneratedRegex("""^(?<tool>[a-z_]+) \{""", RegexOptions.ExplicitCapture | RegexOptions.Multiline, 10_000)]
    private static partial Regex Call();
}
