using System.Collections.Immutable;
using System.Text;

namespace AgentHost.Knowledge.Memory;

/// <summary>One memory file: read when it has changed, and then from where it has changed; written only at its end.</summary>
internal sealed class JournalFile(MemoryKind kind, string folder)
{
    private readonly record struct Stamp(long Length, DateTime Written, DateTime Created);

    private readonly List<Section> sections = [];
    private Stamp? stamp;
    private byte[] bytes = [];
    private int length;
    private FileContent content = FileContent.Empty;

    public string Path { get; } = System.IO.Path.Combine(folder, EntryFormat.FileName(kind));

    /// <summary>Bytes that the next <see cref="Read"/> would have to read; 0 where nothing has changed.</summary>
    public long UnreadLength => StampOf(Path) is { } now && now != stamp ? now.Length : 0;

    /// <summary>The file's content now; reads it anew only where length or times have changed.</summary>
    /// <exception cref="MemoryException">It cannot be read.</exception>
    public FileContent Read()
    {
        var now = StampOf(Path);
        if (now == stamp) return content;
        try
        {
            var read = now is null ? [] : ReadBytes();
            Replace(read, from: read.AsSpan().CommonPrefixLength(bytes.AsSpan(0, length)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MemoryException($"The memory file {Path} cannot be read: {e.Message} Check its permissions.", e);
        }
        // A file that changed while it was read is read again by the next call. So is one whose last entry is still being written: its heading is finished
        // by one byte, which changes neither the length nor, within one tick of the file system's clock, the time.
        stamp = (now is null || now.Value.Length == length) && !content.EndsUnfinished ? now : null;
        return content;
    }

    /// <summary>Writes a section at the file's end, flushes it to disk and reads it back. The caller holds the folder's lock and has read the file under it.</summary>
    /// <exception cref="MemoryException">It could not be written; the file is as it was.</exception>
    public void Append(string section, FolderLock held)
    {
        try
        {
            var appended = AppendedSection.Write(Path, Prefix() + section, held);
            if (appended.Start != length) return;
            var (from, all) = (length, length + appended.Bytes.Length);
            if (bytes.Length < all) Array.Resize(ref bytes, all + (all / 2));
            appended.Bytes.CopyTo(bytes, from);
            Replace(bytes, from, all);
            stamp = StampOf(Path) is { } after && after.Length == length ? after : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MemoryException($"The memory file {Path} cannot be written: {e.Message} Nothing was remembered; make the folder writable (or free space) and try again.", e);
        }
    }

    // What stands between the file's end and the new section.
    private string Prefix()
    {
        if (length == 0) return EntryFormat.Preamble(kind) + "\n";
        if (bytes[length - 1] == '\n') return "\n";
        return content.IsCutOff ? $"\n\n{SectionLines.CutMark}\n\n" : "\n\n";
    }

    private byte[] ReadBytes()
    {
        using var stream = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        var read = new byte[stream.Length];
        return read[..stream.ReadAtLeast(read, read.Length, throwOnEndOfStream: false)];
    }

    private void Replace(byte[] now, int from, int? nowLength = null)
    {
        (bytes, length) = (now, nowLength ?? now.Length);
        // A section ends where the next begins, and a heading may have been cut within its line: one whole section before the change is read again.
        var kept = SectionReader.HoldsConflict(now.AsSpan(0, length)) || content.HoldsConflict ? 0 : Math.Max(0, sections.FindLastIndex(section => section.Start < from) - 1);
        var (start, line) = kept < sections.Count && kept > 0 ? (sections[kept].Start, sections[kept].Line) : (0, 1);
        sections.RemoveRange(start == 0 ? 0 : kept, sections.Count - (start == 0 ? 0 : kept));
        sections.AddRange(SectionReader.Read(kind, now.AsMemory(0, length), start, line));
        content = FileContent.Of(kind, sections, endsLine: length == 0 || now[length - 1] == '\n', SectionReader.HoldsConflict(now.AsSpan(0, length)));
    }

    private static Stamp? StampOf(string path)
    {
        var info = new FileInfo(path);
        if (info.LinkTarget is not null && info.ResolveLinkTarget(returnFinalTarget: true) is FileInfo target) info = target;
        return info.Exists ? new Stamp(info.Length, info.LastWriteTimeUtc, info.CreationTimeUtc) : null;
    }
}
