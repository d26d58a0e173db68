using System.Diagnostics;
using AgentHost.Knowledge;

namespace AgentHost.Cli;

/// <summary>PostgreSQL's manual from Debian's package, extracted without installing it.</summary>
internal static class PostgresManual
{
    /// <summary>The name under which it is ingested.</summary>
    public const string Name = "postgresql-17";

    /// <summary>The folder of its HTML pages; fetched where it is not there yet.</summary>
    /// <exception cref="KnowledgeException">It cannot be fetched; the message is the script's.</exception>
    public static async Task<string> FetchAsync(CancellationToken cancellation)
    {
        var script = Path.Combine(AppContext.BaseDirectory, "eng", "fetch-manual");
        using var fetch = Process.Start(new ProcessStartInfo("/bin/bash", [script]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })
            ?? throw new KnowledgeException("The manual cannot be fetched: there is no /bin/bash.");
        try
        {
            var (folder, said) = (fetch.StandardOutput.ReadToEndAsync(cancellation), fetch.StandardError.ReadToEndAsync(cancellation));
            await fetch.WaitForExitAsync(cancellation);
            return fetch.ExitCode == 0 ? (await folder).Trim() : throw new KnowledgeException($"The manual cannot be fetched: {LastLine(await said)} A folder with its HTML pages can be given: --manual DIR.");
        }
        catch (OperationCanceledException)
        {
            fetch.Kill(entireProcessTree: true);
            throw;
        }
    }

    private static string LastLine(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is [.., var last] ? last.TrimEnd('.') + "." : "the script said nothing.";
}
