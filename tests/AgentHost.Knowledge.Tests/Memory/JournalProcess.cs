using System.Diagnostics;

namespace AgentHost.Knowledge.Tests.Memory;

/// <summary>This test assembly, run as another process that writes to a journal.</summary>
internal static class JournalProcess
{
    public static Process Start(string folder, int count, int length = 200) => Start(Environment.ProcessPath!, [.. Arguments(folder, count, length)]);

    /// <summary>The same in a shell that lets no file grow beyond some KiB: what a full disk is to a user who may not mount one.</summary>
    public static Process StartWithSmallFiles(string folder, int count, int length, int kib) => Start(
        "bash", ["-c", $"ulimit -f {kib}; trap '' XFSZ; exec \"$@\"", "bash", Environment.ProcessPath!, .. Arguments(folder, count, length)]);

    /// <summary>The ids that it acknowledged until it ended.</summary>
    public static async Task<List<string>> AcknowledgedAsync(this Process process)
    {
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        // A killed process may leave half a line: that id was not told to anybody.
        return [.. output.Split('\n')[..^1]];
    }

    private static IEnumerable<string> Arguments(string folder, int count, int length) =>
        ["exec", typeof(JournalProcess).Assembly.Location, "remember", folder, $"{count}", $"{length}"];

    private static Process Start(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.Environment["DOTNET_TieredPGO"] = "0";
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0"; // Its double mapping is a file too, and would not fit.
        return Process.Start(start)!;
    }
}
