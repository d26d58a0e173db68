using System.Diagnostics;

namespace AgentHost.Postgres.Tests.Server;

/// <summary>A running <see cref="Program"/>.</summary>
internal sealed class HostProcess : IDisposable
{
    private readonly Process process;

    private HostProcess(Process process, string scratchName)
    {
        this.process = process;
        ScratchName = scratchName;
    }

    public string ScratchName { get; }

    public static async Task<HostProcess> StartAsync(string home)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", typeof(Program).Assembly.Location, home])
        {
            UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true,
        };
        var host = Process.Start(start)!;
        var name = await host.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The host process died.");
        return new HostProcess(host, name);
    }

    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>Ends its input, and reads its output to the end: whoever holds the pipe open keeps this from returning.</summary>
    public async Task LeaveAsync()
    {
        process.StandardInput.Close();
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
    }

    public void Dispose()
    {
        if (!process.HasExited)
            process.Kill();
        process.Dispose();
    }
}
