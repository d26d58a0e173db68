using System.Collections.Immutable;
using System.Text;

namespace AgentHost.Knowledge.Memory;

/// <summary>
/// Cuts a memory file into sections and reads them. Generous, for people edit these files, and never throws: what cannot be read is told as a
/// <see cref="MemoryProblem"/>. Sections do not depend on each other, so that a file that has grown is read from where it has changed.
/// </summary>
internal static class SectionReader
{
    /// <summary>The sections from <paramref name="start"/> on, which is the beginning of the file or of a section.</summary>
    public static IEnumerable<Section> Read(MemoryKind kind, ReadOnlyMemory<byte> file, int start, int line)
    {
        var conflicts = HoldsConflict(file.Span);
        foreach (var (from, to, at) in Cut(file, start, line))
            yield return new SectionParser(kind, Encoding.UTF8.GetString(file.Span[from..to]), at, conflicts).Read(from);
    }

    /// <summary>Whether git has left a conflict in the file: its middle and end marks count only then.</summary>
    public static bool HoldsConflict(ReadOnlySpan<byte> file) => file.StartsWith("<<<<<<< "u8) || file.IndexOf("\n<<<<<<< "u8) >= 0;

    private static List<(int Start, int End, int Line)> Cut(ReadOnlyMemory<byte> memory, int start, int line)
    {
        var file = memory.Span;
        var cuts = new List<(int Start, int End, int Line)>();
        var (begin, beginLine, fence) = (start, line, (byte)0);
        for (int at = start, next; at < file.Length; at = next, line++)
        {
            var end = file[at..].IndexOf((byte)'\n');
            next = end < 0 ? file.Length : at + end + 1;
            var text = file[at..next];
            if (at == 0 && text.StartsWith(Encoding.UTF8.Preamble)) text = text[Encoding.UTF8.Preamble.Length..];
            if (text.IsEmpty || text[0] is not ((byte)'#' or (byte)'!' or (byte)'`' or (byte)'~' or (byte)' ' or (byte)'\t')) continue;
            if (StartsSection(text, ref fence) && at > begin)
            {
                cuts.Add((begin, at, beginLine));
                (begin, beginLine) = (at, line);
            }
        }
        if (begin < file.Length) cuts.Add((begin, file.Length, beginLine));
        return cuts;
    }

    private static bool StartsSection(ReadOnlySpan<byte> line, ref byte fence)
    {
        if (line.StartsWith("##"u8) || line.StartsWith("!# "u8))
        {
            var text = Encoding.UTF8.GetString(line).AsSpan().TrimEnd("\r\n");
            var isEntry = text[0] == '!' ? SectionParser.IsUnfinished(text) : SectionLines.IsEntryHeading(text);
            if (isEntry) fence = 0;
            return isEntry || (fence == 0 && SectionLines.IsHeading(text));
        }
        var trimmed = line.TrimStart(" \t"u8);
        var mark = trimmed.StartsWith("```"u8) ? (byte)'`' : trimmed.StartsWith("~~~"u8) ? (byte)'~' : (byte)0;
        if (mark != 0 && (fence == 0 || fence == mark)) fence = fence == 0 ? mark : (byte)0;
        return false;
    }
}
