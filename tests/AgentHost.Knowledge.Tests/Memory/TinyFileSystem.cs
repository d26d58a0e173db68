using System.Diagnostics;

namespace AgentHost.Knowledge.Tests.Memory;

/// <summary>A file system of a few KiB in memory, where this user may mount one.</summary>
internal sealed class TinyFileSystem : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private TinyFileSystem() { }

    public string Path => folder.Path;

    /// <summary>The file system, or null where the user may not mount.</summary>
    public static TinyFileSystem? TryMount(int kib)
    {
        var tiny = new TinyFileSystem();
        if (Environment.IsPrivilegedProcess && Run("mount", "-t", "tmpfs", "-o", $"size={kib}k", "tmpfs", tiny.Path) == 0) return tiny;
        tiny.folder.Dispose();
        return null;
    }

    public void MakeReadOnly() => Assert.Equal(0, Run("mount", "-o", "remount,ro", Path));

    public void Dispose()
    {
        Assert.Equal(0, Run("umount", Path));
        folder.Dispose();
    }

    private static int Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false })!;
        process.WaitForExit();
        return process.ExitCode;
    }
}
