using System.Diagnostics;

namespace AgentHost.Postgres.Server;

/// <summary>What a finished process said.</summary>
internal sealed record ProcessResult(int ExitCode, string Output, string Error)
{
    /// <summary>Runs a process to its end; cancelling kills it.</summary>
    /// <exception cref="PostgresUnavailableException">The program cannot be started at all.</exception>
    public static async Task<ProcessResult> RunAsync(ProcessStartInfo start, CancellationToken ct)
    {
        using var process = new Process { StartInfo = start };
        try
        {
            process.Start();
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new PostgresUnavailableException($"{start.FileName} could not be started: {e.Message}", e);
        }

        process.StandardInput.Close();
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(ct);
            var error = process.StandardError.ReadToEndAsync(ct);
            await process.WaitForExitAsync(ct);
            return new ProcessResult(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
