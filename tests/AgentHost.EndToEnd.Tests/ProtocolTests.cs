using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace AgentHost.EndToEnd.Tests;

/// <summary>Prompts, resources, progress, cancellation, many calls at once, protocol revisions.</summary>
public sealed class ProtocolTests(RunningHost host) : IClassFixture<RunningHost>
{
    [Fact]
    public async Task Prompts_are_listed_and_filled_in()
    {
        var prompts = await host.Client.ListPromptsAsync();
        Assert.Equal(["database-architect", "design-a-schema", "review-my-migration", "why-is-this-slow"], prompts.Select(prompt => prompt.Name));
        var filled = await host.Client.GetPromptAsync("review-my-migration", new Dictionary<string, object?>(StringComparer.Ordinal) { ["migration"] = "DROP TABLE {{$schema}};" });
        var text = Assert.IsType<TextContentBlock>(Assert.Single(filled.Messages).Content).Text;
        Assert.Contains("DROP TABLE {{$schema}};", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_prompt_without_its_variable_and_an_unknown_prompt_are_refused()
    {
        await Assert.ThrowsAsync<McpProtocolException>(async () => await host.Client.GetPromptAsync("review-my-migration"));
        var unknown = await Assert.ThrowsAsync<McpProtocolException>(async () => await host.Client.GetPromptAsync("nothing"));
        Assert.Contains("database-architect", unknown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_resource_that_is_listed_can_be_read()
    {
        var resources = await host.Client.ListResourcesAsync();
        Assert.Contains(resources, resource => resource.Uri == "skill://design-schema/SKILL.md");
        foreach (var resource in resources)
        {
            var contents = Assert.IsType<TextResourceContents>(Assert.Single((await host.Client.ReadResourceAsync(resource.Uri)).Contents));
            Assert.Equal(resource.Uri, contents.Uri);
            Assert.True(contents.Text.Length > 0 || resource.Uri.StartsWith("memory://", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("skill://no/such-page")]
    [InlineData("memory://secrets")]
    [InlineData("memory://../agenthost")]
    [InlineData("file:///etc/passwd")]
    public async Task A_resource_that_is_not_listed_is_refused(string uri) =>
        await Assert.ThrowsAsync<McpProtocolException>(async () => await host.Client.ReadResourceAsync(uri));

    [Fact]
    public async Task Long_work_tells_its_progress()
    {
        var seen = new TaskCompletionSource<ProgressNotificationValue>(TaskCreationOptions.RunContinuationsAsynchronously);
        await host.Client.CallToolAsync(
            "design_schema", new Dictionary<string, object?>(StringComparer.Ordinal) { ["path"] = "model.yaml" }, new FirstReport(seen));
        Assert.NotEmpty((await seen.Task.WaitAsync(TimeSpan.FromMinutes(1))).Message!);
    }

    [Fact]
    public async Task A_cancelled_call_ends_and_the_server_goes_on()
    {
        using var cancel = new CancellationTokenSource();
        var started = new TaskCompletionSource<ProgressNotificationValue>(TaskCreationOptions.RunContinuationsAsynchronously);
        var call = host.Client.CallToolAsync(
            "design_schema", new Dictionary<string, object?>(StringComparer.Ordinal) { ["path"] = "model.yaml" }, new FirstReport(started), cancellationToken: cancel.Token).AsTask();
        await Task.WhenAny(started.Task, call);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.NotNull((await host.CallAsync("recall", new { })).StructuredContent);
    }

    [Fact]
    public async Task Fifty_calls_at_once_all_get_their_own_answer()
    {
        var calls = Enumerable.Range(0, 50).Select(async i => (Number: i, Result: await ((i % 5) switch
        {
            0 => host.CallAsync("review_migration", new { sql = $"DROP TABLE t{i};" }),
            1 => host.CallAsync("search_best_practices", new { query = "locks", k = 1 }),
            2 => host.CallAsync("recall", new { query = $"word{i}" }),
            3 => host.CallAsync("remember", new { kind = "learning", title = $"Learning number {i}", text = "x" }),
            _ => host.CallAsync("explain_plan", new { query = $"SELECT {i} FROM orders", target = "app" }),
        }))).ToList();
        foreach (var (i, result) in await Task.WhenAll(calls))
        {
            result.Data();
            if (i % 5 == 0)
                Assert.Contains($"t{i}", result.Text(), StringComparison.Ordinal);
            if (i % 5 == 3)
                Assert.Contains($"Learning number {i}", result.Text(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("2024-11-05")]
    [InlineData("2025-03-26")]
    [InlineData("2025-06-18")]
    [InlineData("2025-11-25")]
    [InlineData("2026-07-28")]
    public async Task Every_protocol_revision_that_clients_speak_is_understood(string revision)
    {
        await using var client = await host.ConnectAsync(new McpClientOptions { ProtocolVersion = revision });
        Assert.Equal(revision, client.NegotiatedProtocolVersion);
        Assert.Equal(8, (await client.ListToolsAsync()).Count);
    }

    private sealed class FirstReport(TaskCompletionSource<ProgressNotificationValue> seen) : IProgress<ProgressNotificationValue>
    {
        public void Report(ProgressNotificationValue value) => seen.TrySetResult(value);
    }
}
