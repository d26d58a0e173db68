using AgentHost.Composition;

namespace AgentHost.Mcp;

/// <summary>
/// Tells when a memory file has changed, whoever changed it: a tool, an editor that puts a new file in its place, git, another process. It looks at the three files'
/// stamps while somebody listens and does nothing otherwise. Notices of the kernel would come sooner, but are lost where the folder is made anew
/// (a checkout) or lies on a network file system.
/// </summary>
internal sealed class MemoryWatch(Architect architect)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);
    private readonly Lock gate = new();
    private readonly List<Listener> listeners = [];
    private bool isWatching;

    private sealed record Listener(string File, Action Changed);

    private readonly record struct Stamp(long Length, DateTime Written, DateTime Created);

    /// <summary>Calls <paramref name="changed"/> after each change of a file, changes within a third of a second once; until the result is disposed of.</summary>
    /// <param name="file">The file's name without extension, as <c>decisions</c>.</param>
    /// <param name="changed">Must return soon and not throw.</param>
    public IDisposable Listen(string file, Action changed)
    {
        var listener = new Listener(file, changed);
        lock (gate)
        {
            listeners.Add(listener);
            if (!isWatching)
            {
                isWatching = true;
                _ = WatchAsync(ResourceHandlers.MemoryFiles.ToDictionary(name => name, StampOf, StringComparer.Ordinal));
            }
        }
        return new Subscription(this, listener);
    }

    private async Task WatchAsync(Dictionary<string, Stamp?> seen)
    {
        using var timer = new PeriodicTimer(Pause);
        while (await timer.WaitForNextTickAsync())
        {
            Listener[] listening;
            lock (gate)
            {
                isWatching = listeners.Count > 0;
                if (!isWatching)
                    return;
                listening = [.. listeners];
            }
            foreach (var file in ResourceHandlers.MemoryFiles)
            {
                if (StampOf(file) is var now && now == seen[file])
                    continue;
                seen[file] = now;
                foreach (var listener in listening.Where(listener => listener.File == file))
                    listener.Changed();
            }
        }
    }

    private void Remove(Listener listener)
    {
        lock (gate)
            listeners.Remove(listener);
    }

    // A file that cannot be looked at counts as absent: reading it tells why.
    private Stamp? StampOf(string file)
    {
        try
        {
            var info = new FileInfo(Path.Combine(architect.Memory.Folder, file + ".md"));
            if (info.LinkTarget is not null && info.ResolveLinkTarget(returnFinalTarget: true) is FileInfo target)
                info = target;
            return info.Exists ? new Stamp(info.Length, info.LastWriteTimeUtc, info.CreationTimeUtc) : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private sealed class Subscription(MemoryWatch watch, Listener listener) : IDisposable
    {
        private int disposed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref disposed, 1) == 0)
                watch.Remove(listener);
        }
    }
}
