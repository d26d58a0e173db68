using System.Collections.Immutable;
using System.Text;

namespace AgentHost.Knowledge.Memory;

/// <summary>One memory file: read when it has changed, written only at its end.</summary>
internal sealed class JournalFile(MemoryKind kind, string folder)
{
    private readonly record struct Stamp(long Length, DateTime Written, DateTime Created);

    /// <summary>What the file said when it was last read.</summary>
    public sealed record Content(ImmutableArray<MemoryEntry> Entries, ImmutableArray<MemoryProblem> Problems)
    {
        public static Content Empty { get; } = new([], []);
    }

    private Stamp? stamp;
    private Content content = Content.Empty;

    public string Path { get; } = System.IO.Path.Combine(folder, EntryFormat.FileName(kind));

    /// <summary>The file's content now; reads it anew only where length or times have changed.</summary>
    public Content Read()
    {
        var now = StampOf(Path);
        if (now == stamp) return content;
        if (now is null)
        {
            (stamp, content) = (null, Content.Empty);
            return content;
        }
        var problems = ImmutableArray.CreateBuilder<MemoryProblem>();
        string text;
        try
        {
            using var stream = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream, Encoding.UTF8);
            text = reader.ReadToEnd();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MemoryException($"The memory file {Path} cannot be read: {e.Message} Check its permissions.", e);
        }
        var entries = EntryFormat.Read(kind, text, problems);
        (stamp, content) = (now, new Content(entries, problems.ToImmutable()));
        return content;
    }

    /// <summary>Writes an entry at the file's end, flushes it to disk and reads it back. The caller holds the folder's lock.</summary>
    /// <exception cref="MemoryException">It could not be written; the file is as it was.</exception>
    public void Append(MemoryEntry entry, FolderLock held)
    {
        try
        {
            var created = !File.Exists(Path);
            byte[] bytes;
            long start;
            using (var stream = new FileStream(Path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0))
            {
                start = stream.Length;
                bytes = Encoding.UTF8.GetBytes((start == 0 ? EntryFormat.Preamble(kind) : EndOfLine(stream)) + "\n" + EntryFormat.Write(entry));
                WriteWhole(stream, start, bytes);
            }
            if (created) held.SyncFolder();
            Verify(start, bytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MemoryException($"The memory file {Path} cannot be written: {e.Message} Nothing was remembered; make the folder writable (or free space) and try again.", e);
        }
    }

    private static void WriteWhole(FileStream stream, long start, byte[] bytes)
    {
        try
        {
            stream.Position = start;
            stream.Write(bytes);
            stream.Flush(flushToDisk: true);
        }
        catch (IOException)
        {
            // A full disk may have taken a part: the file goes back to what it was.
            stream.SetLength(start);
            throw;
        }
    }

    // An editor may have put another file in this one's place while the entry was written: only what the path now shows is acknowledged.
    private void Verify(long start, byte[] bytes)
    {
        using var stream = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        var seen = new byte[bytes.Length];
        stream.Position = Math.Min(start, stream.Length);
        if (stream.ReadAtLeast(seen, seen.Length, throwOnEndOfStream: false) != seen.Length || !seen.AsSpan().SequenceEqual(bytes))
            throw new IOException("The file was replaced by another program while the entry was written.");
    }

    private static string EndOfLine(FileStream stream)
    {
        stream.Position = stream.Length - 1;
        return stream.ReadByte() == '\n' ? "" : "\n";
    }

    private static Stamp? StampOf(string path)
    {
        var info = new FileInfo(path);
        if (info.LinkTarget is not null && info.ResolveLinkTarget(returnFinalTarget: true) is FileInfo target) info = target;
        return info.Exists ? new Stamp(info.Length, info.LastWriteTimeUtc, info.CreationTimeUtc) : null;
    }
}
