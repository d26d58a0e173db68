using AgentHost.Postgres;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using System.Collections.Concurrent;

namespace AgentHost.EndToEnd.Tests;

/// <summary>One server process in a workspace with the example, a target database with rows, and a client connected to it.</summary>
public sealed class RunningHost : IAsyncLifetime, IDisposable
{
    /// <summary>A password that must never be seen outside.</summary>
    public const string Password = "s3cret-Passw0rd-of-the-test";

    private ScratchDatabase? database;

    /// <summary>The server's workspace.</summary>
    public WorkspaceFolder Workspace { get; } = new();

    /// <summary>The client.</summary>
    public McpClient Client { get; private set; } = null!;

    /// <summary>What the server wrote to stderr.</summary>
    public ConcurrentQueue<string> Errors { get; } = new();

    /// <inheritdoc />
    public async Task InitializeAsync()
    {
        foreach (var file in Directory.EnumerateFiles(Built.Example, "*", SearchOption.AllDirectories))
            Workspace.Write(Path.GetRelativePath(Built.Example, file), await File.ReadAllBytesAsync(file));
        Workspace.Write("agenthost.json", """
            {"targets": {
              "app": {"connection": "env:APP_DATABASE_URL"},
              "unset": {"connection": "env:THIS_IS_NOT_SET"},
              "gone": {"connection": "env:GONE_DATABASE_URL"}}}
            """);
        database = await (await PrivateServer.ConnectAsync()).CreateScratchAsync();
        await database.ExecuteAsync("""
            create extension hypopg;
            create table orders (id bigint generated always as identity primary key, customer_id bigint not null, status text not null, total numeric not null);
            insert into orders (customer_id, status, total) select i % 5000, case i % 50 when 0 then 'open' else 'done' end, i from generate_series(1, 50000) i;
            analyze orders;
            """);
        Client = await ConnectAsync(new McpClientOptions());
    }

    /// <summary>Starts another server process in the same workspace and connects to it.</summary>
    public Task<McpClient> ConnectAsync(McpClientOptions options) => McpClient.CreateAsync(
        new StdioClientTransport(new StdioClientTransportOptions
        {
            Command = Built.Host,
            Arguments = ["serve"],
            WorkingDirectory = Workspace.Path,
            EnvironmentVariables = new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["APP_DATABASE_URL"] = database!.ConnectionString,
                ["GONE_DATABASE_URL"] = $"postgres://someone:{Password}@127.0.0.1:1/nothing",
            },
            StandardErrorLines = Errors.Enqueue,
        }),
        options);

    /// <summary>Calls a tool; a refusal is a result, too.</summary>
    public async Task<CallToolResult> CallAsync(string tool, object arguments, CancellationToken cancellation = default) =>
        await Client.CallToolAsync(
            tool,
            arguments.GetType().GetProperties().ToDictionary(property => property.Name, property => property.GetValue(arguments), StringComparer.Ordinal),
            cancellationToken: cancellation);

    /// <inheritdoc />
    public async Task DisposeAsync()
    {
        if (Client is not null)
            await Client.DisposeAsync();
        if (database is not null)
            await database.DisposeAsync();
    }

    /// <inheritdoc />
    public void Dispose() => Workspace.Dispose();
}
