using AgentHost.Composition;
using AgentHost.Configuration;
using AgentHost.Mcp;

namespace AgentHost.Cli;

/// <summary><c>agenthost serve</c>: the MCP server on stdin and stdout.</summary>
internal static class ServeCommand
{
    /// <summary>Serves until the client closes stdin or the process is asked to stop. Nothing but protocol is written to stdout.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        await using var input = Console.OpenStandardInput();
        await using var output = Console.OpenStandardOutput();
        Console.SetOut(Console.Error);
        var directory = Environment.CurrentDirectory;
        using var stop = new CancellationTokenSource();
        using var interrupt = System.Runtime.InteropServices.PosixSignalRegistration.Create(System.Runtime.InteropServices.PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            stop.Cancel();
        });
        try
        {
            await ArchitectServer.RunAsync(new Architect(() => HostConfiguration.Load(directory)), input, output, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Asked to stop: an orderly end.
        }
        return 0;
    }
}
