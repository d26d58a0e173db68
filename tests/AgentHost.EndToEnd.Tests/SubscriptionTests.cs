using System.Text.Json.Nodes;
using System.Threading.Channels;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace AgentHost.EndToEnd.Tests;

/// <summary>Changes of the memory files, told to those who subscribed.</summary>
public sealed class SubscriptionTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private readonly WorkspaceFolder workspace = new();

    public void Dispose() => workspace.Dispose();

    private Task<McpClient> ConnectAsync(string revision) => McpClient.CreateAsync(
        new StdioClientTransport(new StdioClientTransportOptions { Command = Built.Host, Arguments = ["serve"], WorkingDirectory = workspace.Path }),
        new McpClientOptions { ProtocolVersion = revision });

    [Theory]
    [InlineData("2025-06-18")]
    [InlineData("2025-11-25")]
    public async Task Whoever_changes_a_file_the_subscriber_is_told(string revision)
    {
        await using var client = await ConnectAsync(revision);
        Assert.True(client.ServerCapabilities.Resources!.Subscribe);
        var told = Channel.CreateUnbounded<string>();
        await using var subscription = await client.SubscribeToResourceAsync("memory://decisions", (changed, _) => told.Writer.WriteAsync(changed.Uri));
        await using var page = await client.SubscribeToResourceAsync("skill://design-schema/SKILL.md", (changed, _) => told.Writer.WriteAsync(changed.Uri));

        // A person makes the folder and the file, though there was none.
        workspace.Write("memory/decisions.md", "## D-1: One\n\nx\n");
        Assert.Equal("memory://decisions", await NextAsync(told));

        // An editor puts another file of the same length in its place.
        workspace.Write("new.md", "## D-1: Two\n\nx\n");
        File.Move(Path.Combine(workspace.Path, "new.md"), Path.Combine(workspace.Path, "memory/decisions.md"), overwrite: true);
        await NextAsync(told);

        // Another process remembers.
        await HostProcess.RunAsync(workspace.Path, ["remember", "--kind", "decision", "--title", "Three", "Because."]);
        await NextAsync(told);

        // A checkout takes the folder away.
        Directory.Delete(Path.Combine(workspace.Path, "memory"), recursive: true);
        await NextAsync(told);
    }

    [Fact]
    public async Task Other_files_and_what_was_unsubscribed_are_not_told()
    {
        await using var client = await ConnectAsync("2025-11-25");
        var told = Channel.CreateUnbounded<string>();
        await using var all = client.RegisterNotificationHandler(NotificationMethods.ResourceUpdatedNotification, (changed, _) => told.Writer.WriteAsync(changed.Params!["uri"]!.GetValue<string>()));
        foreach (var file in new[] { "decisions", "issues" })
            await client.SubscribeToResourceAsync($"memory://{file}");
        await client.UnsubscribeFromResourceAsync("memory://decisions");
        workspace.Write("memory/decisions.md", "x");
        workspace.Write("memory/learnings.md", "x");
        workspace.Write("memory/issues.md", "x");
        Assert.Equal("memory://issues", await NextAsync(told));
        await Assert.ThrowsAsync<McpProtocolException>(() => client.SubscribeToResourceAsync("memory://secrets"));
    }

    [Fact]
    public async Task The_newest_revision_listens()
    {
        await using var client = await ConnectAsync("2026-07-28");
        var told = Channel.CreateUnbounded<JsonObject>();
        await using var acknowledged = client.RegisterNotificationHandler(NotificationMethods.SubscriptionsAcknowledgedNotification, (notice, _) => told.Writer.WriteAsync((JsonObject)notice.Params!));
        await using var updated = client.RegisterNotificationHandler(NotificationMethods.ResourceUpdatedNotification, (notice, _) => told.Writer.WriteAsync((JsonObject)notice.Params!));
        using var stop = new CancellationTokenSource();
        var listening = client.SendRequestAsync(
            new JsonRpcRequest
            {
                Method = RequestMethods.SubscriptionsListen,
                Params = new JsonObject { ["notifications"] = new JsonObject { ["toolsListChanged"] = true, ["resourceSubscriptions"] = new JsonArray("memory://issues", "memory://secrets") } },
            }, stop.Token);

        var granted = await NextAsync(told);
        Assert.Equal("""{"resourceSubscriptions":["memory://issues"]}""", granted["notifications"]!.ToJsonString());
        var id = granted["_meta"]![MetaKeys.SubscriptionId]!.ToJsonString();

        workspace.Write("memory/decisions.md", "x");
        workspace.Write("memory/issues.md", "x");
        var change = await NextAsync(told);
        Assert.Equal("memory://issues", change["uri"]!.GetValue<string>());
        Assert.Equal(id, change["_meta"]![MetaKeys.SubscriptionId]!.ToJsonString());

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => listening);
        Assert.Equal(8, (await client.ListToolsAsync()).Count);
    }

    [Fact]
    public async Task A_subscription_does_not_keep_the_server_alive()
    {
        const string Meta = """"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"raw","version":"1"},"io.modelcontextprotocol/clientCapabilities":{}}"""";
        var outcome = await HostProcess.RunAsync(workspace.Path, ["serve"],
            """{"jsonrpc":"2.0","id":1,"method":"subscriptions/listen","params":{"notifications":{"resourceSubscriptions":["memory://issues"]},META}}""".Replace("META", Meta, StringComparison.Ordinal) + "\n").WaitAsync(Patience);
        Assert.Equal(0, outcome.ExitCode);
    }

    private static async Task<T> NextAsync<T>(Channel<T> told) => await told.Reader.ReadAsync().AsTask().WaitAsync(Patience);
}
