namespace AgentHost.Knowledge.Memory;

/// <summary>What the lines of a memory file mean where they begin something.</summary>
internal static class SectionLines
{
    /// <summary>
    /// How an entry begins while it is being written. Its first character is changed to <c>#</c> only once the whole entry is on disk,
    /// so that one that a crash cut short is known for what it is.
    /// </summary>
    public const string UnfinishedHeading = "!# ";

    /// <summary>How a revision begins, after the two hashes.</summary>
    public const string RevisionOf = "Revision of ";

    /// <summary>Put below an entry that ended in the middle of a line when the next one was written: people must look at it, and a new line must not hide it.</summary>
    public const string CutMark = "<!-- cut off? The entry above ended in the middle of a line. Complete it, then delete this line. -->";

    /// <summary>How git begins, divides and ends what it could not merge.</summary>
    public const string ConflictStart = "<<<<<<< ", ConflictBase = "||||||| ", ConflictMiddle = "=======", ConflictEnd = ">>>>>>> ";

    private const string CutMarkStart = "<!-- cut off?";

    /// <summary>Whether a line is a second-level heading.</summary>
    public static bool IsHeading(ReadOnlySpan<char> line) => line.StartsWith("##", StringComparison.Ordinal) && (line.Length == 2 || char.IsWhiteSpace(line[2]));

    /// <summary>Whether a line, wherever it stands, would be taken for more than text.</summary>
    public static bool IsSpecial(ReadOnlySpan<char> line) =>
        IsHeading(line) || line.StartsWith(UnfinishedHeading, StringComparison.Ordinal) || line.StartsWith(ConflictStart, StringComparison.Ordinal) || IsCutMark(line);

    /// <summary>Whether a line is the mark below an entry that may be cut off.</summary>
    public static bool IsCutMark(ReadOnlySpan<char> line) => line.StartsWith(CutMarkStart, StringComparison.Ordinal);

    /// <summary>Whether a line is a heading with an entry's or a revision's id. Such a heading counts even within a code block, lest an unclosed block swallow entries.</summary>
    public static bool IsEntryHeading(ReadOnlySpan<char> line) =>
        IsHeading(line) && (TryReadHeading(line, out _, out _) || TryReadRevision(line, out _));

    /// <summary>Reads <c>## D-20261121-7f3ak2: Title</c>.</summary>
    public static bool TryReadHeading(ReadOnlySpan<char> line, out ReadOnlySpan<char> id, out ReadOnlySpan<char> title)
    {
        var rest = line[2..].TrimStart();
        var length = IdLength(rest);
        id = rest[..length];
        title = default;
        if (length == 0) return false;
        rest = rest[length..].TrimStart();
        if (rest is not [':', ..]) return false;
        title = rest[1..].Trim();
        return true;
    }

    /// <summary>Reads <c>## Revision of D-20261121-7f3ak2</c>.</summary>
    public static bool TryReadRevision(ReadOnlySpan<char> line, out ReadOnlySpan<char> id)
    {
        var rest = line[2..].Trim();
        id = default;
        if (!rest.StartsWith(RevisionOf, StringComparison.OrdinalIgnoreCase)) return false;
        rest = rest[RevisionOf.Length..].Trim();
        id = rest[..IdLength(rest)];
        return id.Length > 0 && id.Length == rest.Length;
    }

    /// <summary>Reads <c>- key: value</c>, the form of a field.</summary>
    public static bool TryReadField(ReadOnlySpan<char> line, out ReadOnlySpan<char> key, out ReadOnlySpan<char> value)
    {
        key = value = default;
        var rest = line.TrimStart(" \t");
        if (line.Length - rest.Length > 3 || rest is not (['-' or '*', ..]) || rest.Length < 2 || !char.IsWhiteSpace(rest[1])) return false;
        rest = rest[1..].TrimStart();
        var length = 0;
        while (length < rest.Length && (char.IsAsciiLetter(rest[length]) || (length > 0 && rest[length] == '-'))) length++;
        if (length is 0 or > 31 || length == rest.Length || rest[length] != ':') return false;
        key = rest[..length];
        value = rest[(length + 1)..].Trim();
        return true;
    }

    // L-, D- or I-, then a letter or digit, then up to sixty letters, digits and hyphens.
    private static int IdLength(ReadOnlySpan<char> text)
    {
        if (text.Length < 3 || char.ToUpperInvariant(text[0]) is not ('L' or 'D' or 'I') || text[1] != '-' || !char.IsAsciiLetterOrDigit(text[2])) return 0;
        var length = 3;
        while (length < text.Length && length < 63 && (char.IsAsciiLetterOrDigit(text[length]) || text[length] == '-')) length++;
        return length;
    }
}
