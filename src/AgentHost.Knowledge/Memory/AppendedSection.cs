using System.Text;

namespace AgentHost.Knowledge.Memory;

/// <summary>
/// Text at the end of a file, on disk. It is written in two steps, so that a crash between them leaves what nobody takes for an entry: first everything, its heading begun with
/// <c>!#</c>, flushed; then the one byte that makes it a heading, flushed. At last it is read back through the path.
/// </summary>
/// <param name="Start">Where it begins, in bytes.</param>
/// <param name="Bytes">What was written.</param>
internal sealed record AppendedSection(long Start, byte[] Bytes)
{
    /// <param name="path">The file; made where it is missing.</param>
    /// <param name="text">What to write; its first line that begins with <c>##</c> is the section's heading.</param>
    /// <param name="held">The folder's lock.</param>
    /// <exception cref="IOException">It could not be written or read back; the file is as it was, unless another program has replaced it.</exception>
    public static AppendedSection Write(string path, string text, FolderLock held)
    {
        var created = !File.Exists(path);
        AppendedSection appended;
        try
        {
            using var stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            appended = new(stream.Length, Encoding.UTF8.GetBytes(text));
            appended.WriteTo(stream);
        }
        catch (IOException) when (created && new FileInfo(path) is { Exists: true, Length: 0 })
        {
            File.Delete(path);
            throw;
        }
        if (created) held.SyncFolder();
        appended.Verify(path);
        return appended;
    }

    private void WriteTo(FileStream stream)
    {
        var heading = Bytes.AsSpan().IndexOf("\n## "u8) + 1;
        try
        {
            Bytes[heading] = (byte)'!';
            stream.Position = Start;
            stream.Write(Bytes);
            stream.Flush(flushToDisk: true);
            Bytes[heading] = (byte)'#';
            stream.Position = Start + heading;
            stream.WriteByte((byte)'#');
            stream.Flush(flushToDisk: true);
        }
        catch (IOException)
        {
            // A full disk may have taken a part: the file goes back to what it was.
            stream.SetLength(Start);
            throw;
        }
    }

    // An editor may have put another file in this one's place while the entry was written: only what the path now shows is acknowledged.
    private void Verify(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        var seen = new byte[Bytes.Length];
        stream.Position = Math.Min(Start, stream.Length);
        if (stream.ReadAtLeast(seen, seen.Length, throwOnEndOfStream: false) != seen.Length || !seen.AsSpan().SequenceEqual(Bytes))
            throw new IOException("The file was replaced by another program while the entry was written.");
    }
}
