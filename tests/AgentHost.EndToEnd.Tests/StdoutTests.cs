using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace AgentHost.EndToEnd.Tests;

/// <summary>What the server writes to stdout, seen without a client library.</summary>
public sealed class StdoutTests : IDisposable
{
    private const string Initialize =
        """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"raw","version":"1"}}}""";

    private readonly WorkspaceFolder workspace = new();

    public void Dispose() => workspace.Dispose();

    [Fact]
    public async Task Every_line_on_stdout_is_a_message_of_the_protocol()
    {
        var outcome = await HostProcess.RunAsync(workspace.Path, ["serve"], string.Join('\n',
            Initialize,
            """{"jsonrpc":"2.0","method":"notifications/initialized"}""",
            """{"jsonrpc":"2.0","id":2,"method":"tools/list"}""",
            "this is not JSON",
            """{"jsonrpc":"2.0","id":3,"method":"no/such/method"}""",
            """{"jsonrpc":"2.0","id":4,"method":"tools/call","params":{"name":"recall","arguments":{"max":"many"}}}""",
            """{"jsonrpc":"2.0","id":5,"method":"tools/call","params":{"name":"no_such_tool"}}""",
            ""));
        Assert.Equal(0, outcome.ExitCode);
        var messages = outcome.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.All(messages, message => Assert.Equal("2.0", message.GetProperty("jsonrpc").GetString()));
        Assert.Superset(new HashSet<int> { 1, 2, 3, 4, 5 }, messages.Where(message => message.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.Number)
            .Select(message => message.GetProperty("id").GetInt32()).ToHashSet());
    }

    [Fact]
    public async Task A_wrong_configuration_does_not_keep_the_server_from_starting()
    {
        workspace.Write("agenthost.json", "{");
        var outcome = await HostProcess.RunAsync(workspace.Path, ["serve"], string.Join('\n',
            Initialize,
            """{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"recall","arguments":{}}}""",
            ""));
        Assert.Contains("agenthost.json:1:", outcome.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"name":"recall","arguments":[1]}""", "$.arguments")]
    [InlineData("""{"name":"recall","arguments":"x"}""", "$.arguments")]
    [InlineData("""{"arguments":{}}""", "'name'")]
    [InlineData("""{"name":"review_migration","arguments":{"sql":"\ud800"}}""", "surrogate")]
    public async Task Parameters_of_a_wrong_shape_are_refused_in_words(string parameters, string hint)
    {
        var outcome = await HostProcess.RunAsync(workspace.Path, ["serve"], $$"""{{Initialize}}{{'\n'}}{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{{parameters}}}""");
        var error = outcome.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)
            .Single(message => message.GetProperty("id").GetInt32() == 2).GetProperty("error");
        Assert.Equal(-32602, error.GetProperty("code").GetInt32());
        Assert.Contains(hint, error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_asked_to_stop_stops_while_its_client_still_listens()
    {
        using var process = Process.Start(new ProcessStartInfo(Built.Host, ["serve"])
        {
            WorkingDirectory = workspace.Path,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        await process.StandardInput.WriteLineAsync(Initialize);
        await process.StandardInput.FlushAsync();
        Assert.Contains("serverInfo", await process.StandardOutput.ReadLineAsync(), StringComparison.Ordinal);
        using (var kill = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]))
            await kill.WaitForExitAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(0, process.ExitCode);
    }
}
