using System.Runtime.InteropServices;

namespace AgentHost.Knowledge.Memory;

/// <summary>
/// An exclusive advisory lock on a folder (flock(2) on the directory itself, so that no lock file lies among files that people commit).
/// It holds between processes and between journals of one process, and the kernel releases it when a process dies.
/// </summary>
internal sealed partial class FolderLock : IDisposable
{
    private const int OpenFlags = 0x80000; // O_RDONLY, O_CLOEXEC
    private const int LockExclusive = 2, LockNonBlocking = 4, ErrorWouldBlock = 11, ErrorInterrupted = 4;
    private int descriptor;

    private FolderLock(int descriptor) => this.descriptor = descriptor;

    /// <summary>Waits for the lock.</summary>
    /// <exception cref="MemoryException">The folder cannot be opened or locked, or others hold the lock for longer than <paramref name="patience"/>.</exception>
    public static async Task<FolderLock> AcquireAsync(string folder, TimeSpan patience, CancellationToken ct)
    {
        var opened = Open(folder, OpenFlags);
        if (opened < 0)
            throw new MemoryException($"The memory folder {folder} cannot be opened ({LastError()}). Check that it exists and that this user may read it.");
        var held = new FolderLock(opened);
        try
        {
            var deadline = Environment.TickCount64 + (long)patience.TotalMilliseconds;
            while (Flock(opened, LockExclusive | LockNonBlocking) != 0)
            {
                if (Marshal.GetLastPInvokeError() is not (ErrorWouldBlock or ErrorInterrupted))
                    throw new MemoryException($"The memory folder {folder} cannot be locked ({LastError()}). Keep it on a local file system.");
                if (Environment.TickCount64 > deadline)
                    throw new MemoryException($"Another process has held the memory folder {folder} locked for {patience.TotalSeconds:0} s; nothing was written. Try again, or end that process.");
                await Task.Delay(Random.Shared.Next(1, 8), ct).ConfigureAwait(false);
            }
            return held;
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>The lock if nobody holds it, else null; null too where the folder cannot be opened.</summary>
    public static FolderLock? TryAcquire(string folder)
    {
        var opened = Open(folder, OpenFlags);
        if (opened < 0) return null;
        var held = new FolderLock(opened);
        if (Flock(opened, LockExclusive | LockNonBlocking) == 0) return held;
        held.Dispose();
        return null;
    }

    /// <summary>Makes the folder's entries (a file just created) durable.</summary>
    public void SyncFolder() => _ = Fsync(descriptor);

    public void Dispose()
    {
        var closing = Interlocked.Exchange(ref descriptor, -1);
        if (closing >= 0) _ = Close(closing);
    }

    private static string LastError() => Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError());

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int Flock(int fd, int operation);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(int fd);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int fd);
}
