using System.Diagnostics;

namespace AgentHost.Knowledge.Tests.Memory;

/// <summary>This test assembly, run as another process that writes to a journal.</summary>
internal static class JournalProcess
{
    public static Process Start(string folder, int count) => Process.Start(
        new ProcessStartInfo(Environment.ProcessPath!, ["exec", typeof(JournalProcess).Assembly.Location, "remember", folder, count.ToString()])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
}
