using AgentHost.Postgres.Server;

namespace AgentHost.Postgres.Tests;

/// <summary>A host process: uses the server of the given data folder, makes a scratch database, tells its name, and leaves at the end of its input.</summary>
internal static class Program
{
    private static async Task Main(string[] arguments)
    {
        await using var lease = await ServerLease.AcquireAsync(new ServerFolder(arguments[0]), Installation.Current, CancellationToken.None);
        var scratch = await ScratchDatabase.CreateAsync(lease, CancellationToken.None);
        Console.WriteLine(scratch.Name);
        await Console.In.ReadToEndAsync();
    }
}
