using System.Runtime.InteropServices;
using AgentHost.Composition;
using AgentHost.Mcp;

namespace AgentHost.Cli;

/// <summary><c>agenthost serve</c>: the MCP server on stdin and stdout.</summary>
internal static class ServeCommand
{
    /// <summary>Serves until the client closes stdin or the process is asked to stop. Nothing but protocol is written to stdout.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        string? workspace = null, config = null, memory = null;
        for (var i = 0; i < args.Length; i += 2)
        {
            switch (args[i])
            {
                case "--workspace" when i + 1 < args.Length: workspace = args[i + 1]; break;
                case "--config" when i + 1 < args.Length: config = args[i + 1]; break;
                case "--memory" when i + 1 < args.Length: memory = args[i + 1]; break;
                default:
                    await Console.Error.WriteLineAsync($"agenthost serve: '{args[i]}' is not understood; it takes --workspace DIR, --config FILE and --memory DIR.");
                    return Session.Unusable;
            }
        }
        return await RunAsync(new Architect(() => Options.Load(workspace, config, memory)));
    }

    private static async Task<int> RunAsync(Architect architect)
    {
        await using var input = Console.OpenStandardInput();
        await using var output = Console.OpenStandardOutput();
        Console.SetOut(Console.Error);
        using var stop = new CancellationTokenSource();
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            stop.Cancel();
        });
        try
        {
            await ArchitectServer.RunAsync(architect, input, output, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Asked to stop: an orderly end.
        }
        return Session.Clean;
    }
}
