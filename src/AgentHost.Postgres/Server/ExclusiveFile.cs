namespace AgentHost.Postgres.Server;

/// <summary>
/// A file held by this process alone. The runtime takes an operating system lock (<c>flock</c>) for <see cref="FileShare.None"/>,
/// which the kernel gives back when the holder dies in whatever way.
/// </summary>
internal static class ExclusiveFile
{
    private const int WouldBlock = 11;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Holds the file, making it where needed, or gives null where another process (or another part of this one) holds it.</summary>
    public static FileStream? TryHold(string path)
    {
        try
        {
            var options = new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            };
            return new FileStream(path, options);
        }
        catch (IOException e) when (e.HResult == WouldBlock)
        {
            return null;
        }
    }

    /// <summary>Waits until the file can be held.</summary>
    public static async Task<FileStream> HoldAsync(string path, CancellationToken ct)
    {
        while (true)
        {
            if (TryHold(path) is { } held)
                return held;
            await Task.Delay(Pause, ct);
        }
    }

    /// <summary>Waits until the file can be held, for the end of a process where nothing asynchronous runs any more; null when the time is over.</summary>
    public static FileStream? Hold(string path, TimeSpan atMost)
    {
        for (var waited = TimeSpan.Zero; ; waited += Pause)
        {
            if (TryHold(path) is { } held)
                return held;
            if (waited >= atMost)
                return null;
            Thread.Sleep(Pause);
        }
    }
}
