using System.Diagnostics;

namespace AgentHost.EndToEnd.Tests;

/// <summary>Runs the program once, as a shell would.</summary>
internal static class HostProcess
{
    /// <summary>Runs it in a folder with what it reads from stdin, and waits for its end.</summary>
    public static async Task<Outcome> RunAsync(string folder, string[] arguments, string input = "", IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(Built.Host, arguments)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal))
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        try
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The program ended without reading all of its input.
        }
        await process.WaitForExitAsync();
        return new Outcome(process.ExitCode, await output, await errors);
    }
}

/// <summary>How a run ended.</summary>
internal sealed record Outcome(int ExitCode, string Output, string Errors);
