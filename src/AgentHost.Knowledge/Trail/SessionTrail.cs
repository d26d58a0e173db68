using System.Collections.Immutable;
using System.Text;

namespace AgentHost.Knowledge.Trail;

/// <summary>
/// What the calls on one workspace concluded, a line each, in a file of the data folder. It is a help for a fresh context and no archive: the file and the one
/// before it are kept, and may be deleted at any time. Safe for many threads and processes.
/// </summary>
public sealed class SessionTrail
{
    private const int TailBytes = 64 * 1024;
    private static readonly TimeSpan Forgotten = TimeSpan.FromDays(90);
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly string folder;
    private readonly long mostBytes;

    /// <summary>The trail of a workspace; nothing is read or made yet.</summary>
    /// <param name="folder">The folder of all workspaces' trails; made by the first record.</param>
    /// <param name="workspace">The workspace's folder.</param>
    /// <param name="mostBytes">How large a file may grow before the next one is begun.</param>
    public SessionTrail(string folder, string workspace, long mostBytes = 512 * 1024)
    {
        this.folder = folder;
        this.mostBytes = mostBytes;
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(workspace));
        var name = new string([.. Path.GetFileName(full).Where(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_').Take(40)]);
        File = Path.Combine(folder, $"{(name.Length == 0 ? "workspace" : name)}-{Fingerprint(full):x16}.jsonl");
    }

    /// <summary>The file that is written.</summary>
    public string File { get; }

    private string Before => Path.ChangeExtension(File, ".1.jsonl");

    /// <summary>Leaves a record.</summary>
    /// <exception cref="IOException">It could not be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be made.</exception>
    public void Append(TrailRecord record)
    {
        if (!System.IO.File.Exists(File)) Begin();
        AppendingFile.Append(File, TrailLine.Write(record));
        if (new FileInfo(File) is { Exists: true } now && now.Length > mostBytes) Rotate();
    }

    /// <summary>The latest records, newest first.</summary>
    /// <param name="max">The most to return.</param>
    /// <param name="wanted">Which ones; all where null.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be read.</exception>
    public ImmutableArray<TrailRecord> Last(int max, Func<TrailRecord, bool>? wanted = null)
    {
        var found = ImmutableArray.CreateBuilder<TrailRecord>();
        foreach (var path in (string[])[File, Before])
        {
            var lines = Tail(path);
            for (var i = lines.Length - 1; i >= 0 && found.Count < max; i--)
                if (TrailLine.Read(lines[i]) is { } record && wanted?.Invoke(record) != false) found.Add(record);
        }
        return found.ToImmutable();
    }

    private static string[] Tail(string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            stream.Position = Math.Max(0, stream.Length - TailBytes);
            using var reader = new StreamReader(stream, Encoding.UTF8);
            return reader.ReadToEnd().Split('\n');
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return [];
        }
    }

    // A workspace's first record is the time to forget workspaces that nobody worked in for long.
    private void Begin()
    {
        // The folder above is also another account's, that of the private server: it is made open to enter, and only this one closed.
        if (Path.GetDirectoryName(folder) is { } above) Directory.CreateDirectory(above);
        Directory.CreateDirectory(folder, OwnerOnly);
        foreach (var old in Directory.EnumerateFiles(folder, "*.jsonl").Where(old => DateTime.UtcNow - System.IO.File.GetLastWriteTimeUtc(old) > Forgotten))
            System.IO.File.Delete(old);
    }

    // FNV-1a (Fowler, Noll, Vo): names files apart, and costs a cold start no library of ciphers.
    private static ulong Fingerprint(string text)
    {
        var hash = 14695981039346656037UL;
        foreach (var b in Encoding.UTF8.GetBytes(text)) hash = unchecked((hash ^ b) * 1099511628211UL);
        return hash;
    }

    // Of processes that see the file full at once, one moves it; who comes later under the lock sees that it is small again.
    private void Rotate()
    {
        FileStream held;
        try
        {
            held = new FileStream(Path.ChangeExtension(File, ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1);
        }
        catch (IOException)
        {
            return; // Another one is at it.
        }
        using (held)
            if (new FileInfo(File) is { Exists: true } now && now.Length > mostBytes) System.IO.File.Move(File, Before, overwrite: true);
    }
}
