using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace AgentHost.Knowledge.Memory;

/// <summary>Reads one section of a memory file, line by line.</summary>
internal sealed class SectionParser
{
    private const string Example = "## D-20261121-7f3ak2: Title";
    private const string Fields = "when, by, tags, scope, status, waives, until, supersedes, resolves, because, chooses, rejects";
    private readonly MemoryKind kind;
    private readonly string text, file;
    private readonly int firstLine;
    private readonly bool hasConflict, hasMarks;
    private ImmutableArray<MemoryProblem>.Builder? problems;
    private int position, line;
    private ImmutableArray<string> tags = [], scopes = [], waives = [], supersedes = [], resolves = [], because = [], chooses = [], rejects = [];
    private DateTimeOffset when;
    private DateOnly? until;
    private string by = "unknown";
    private string? status;

    /// <param name="kind">The file's kind.</param>
    /// <param name="text">The section with its line ends.</param>
    /// <param name="firstLine">The line of the file on which it begins.</param>
    /// <param name="hasConflict">Whether git has left a conflict somewhere in the file.</param>
    public SectionParser(MemoryKind kind, string text, int firstLine, bool hasConflict)
    {
        (this.kind, this.firstLine, this.hasConflict) = (kind, firstLine, hasConflict);
        this.text = text.StartsWith('\uFEFF') ? text[1..] : text;
        hasMarks = hasConflict || text.Contains("<!--", StringComparison.Ordinal);
        file = EntryFormat.FileName(kind);
        line = firstLine - 1;
    }

    /// <summary>Whether a line is the heading of an entry or a revision that was not written to its end.</summary>
    public static bool IsUnfinished(ReadOnlySpan<char> line) =>
        line.StartsWith(SectionLines.UnfinishedHeading, StringComparison.Ordinal) && SectionLines.IsEntryHeading($"##{line[2..]}");

    /// <summary>The section.</summary>
    /// <param name="start">Where it begins in the file, in bytes.</param>
    public Section Read(int start)
    {
        var section = ReadHeading(new Section(start, firstLine));
        // What is no entry may still hold marks that people must see.
        while (hasMarks && TryNextLine(out _)) { }
        return problems is null ? section : section with { Problems = problems.ToImmutable() };
    }

    private Section ReadHeading(Section section)
    {
        if (!TryNextLine(out var heading)) return section;
        if (IsUnfinished(heading))
        {
            Tell(line, $"{heading[2..].Trim()} was not written to its end, since the writer was stopped, and was never acknowledged. Remember it again, then delete these lines.");
            return section with { IsUnfinished = true };
        }
        if (!SectionLines.IsHeading(heading)) return section;
        if (SectionLines.TryReadRevision(heading, out var revised))
            return section with { Revision = ReadRevision(revised.ToString()) };
        if (!SectionLines.TryReadHeading(heading, out var id, out var title))
            Tell(line, $"A heading without an id is not an entry. Write it as '{Example.Replace('D', EntryFormat.Letter(kind))}', or let `agenthost remember` write it.");
        else if (title.IsEmpty)
            Tell(line, $"The entry {id} has no title. Write one behind the colon.");
        else if (char.ToUpperInvariant(id[0]) != EntryFormat.Letter(kind))
            Tell(line, $"The id {id} does not belong into {file}: ids here begin with {EntryFormat.Letter(kind)}-. Move the entry or change its id.");
        else
            return section with { Entry = ReadEntry(id.ToString(), EntryText.Line(title.ToString())) };
        return section;
    }

    private MemoryEntry ReadEntry(string id, string title)
    {
        ReadFields(DateOfId(id), isRevision: false);
        return Checked(new MemoryEntry(id, kind, title, Rest(), tags, scopes, status ?? EntryFormat.FirstStatus(kind), when, by)
        {
            Waives = waives, Until = until, Supersedes = supersedes, Resolves = resolves, Because = because, Chooses = chooses, Rejects = rejects, File = file, Line = firstLine,
        });
    }

    private RevisionSection? ReadRevision(string id)
    {
        ReadFields(DateTimeOffset.UnixEpoch, isRevision: true);
        if (status is not null) return new(id, new Revision(status, when, by, Rest()) { Because = because }, (file, firstLine));
        Tell(firstLine, $"The revision of {id} says no status, so it changes nothing. Add a line such as '- status: closed'.");
        return null;
    }

    private void ReadFields(DateTimeOffset otherwise, bool isRevision)
    {
        when = otherwise;
        while (TryNextField(out var key, out var value))
        {
            if (!isRevision || key is "when" or "by" or "status" or "because") ReadField(key, value);
            else Tell(line, $"'{key}' is not a field of a revision (when, by, status, because).");
        }
    }

    private void ReadField(string key, string value)
    {
        switch (key)
        {
            case "when":
                if (TryReadTime(value, out var time)) when = time;
                else Tell(line, $"'{value}' is not a time. Write it as 2026-11-21T14:40:00Z.");
                break;
            case "until":
                until = DateOnly.TryParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : DateOnly.MinValue;
                if (until == DateOnly.MinValue) Tell(line, $"'{value}' is not a day, so the entry counts as ended. Write it as 2027-01-31.");
                break;
            case "by": if (value.Length > 0) by = EntryText.Line(value); break;
            case "status": if (value.Length > 0) status = EntryText.Line(value); break;
            case "tags" or "tag": tags = EntryText.List([value]); break;
            case "scope" or "scopes": scopes = EntryText.List([value]); break;
            case "waives": waives = EntryText.List([value]); break;
            case "supersedes": supersedes = EntryText.List([value]); break;
            case "resolves": resolves = EntryText.List([value]); break;
            case "because": because = EntryText.List([value]); break;
            case "chooses": chooses = EntryText.ChoiceList([value]); break;
            case "rejects": if (value.Length > 0) rejects = rejects.Add(EntryText.Line(value)); break;
            default: Tell(line, $"'{key}' is not a field of an entry ({Fields}). If it is text, put a blank line before it."); break;
        }
    }

    private MemoryEntry Checked(MemoryEntry entry)
    {
        foreach (var scope in entry.Scopes)
            if (ScopePattern.Read(scope) is null)
                Tell(firstLine, $"The scope '{scope}' of {entry.Id} names nothing. Write schema.table, table, schema.* or *.");
        foreach (var choice in entry.Chooses)
            if (Choice.Read(choice) is null)
                Tell(firstLine, $"'{choice}' of {entry.Id} is no choice. Write subject = value, as key-strategy = uuidv7.");
        if (text.Contains('\0', StringComparison.Ordinal))
            Tell(firstLine, $"{entry.Id} holds NUL bytes, as a crash of the machine leaves them. Restore its text.");
        if (entry.Waives.IsEmpty) return entry;
        if (kind != MemoryKind.Decision)
            Tell(firstLine, $"{entry.Id} waives a rule, but only decisions can. Move it to {EntryFormat.FileName(MemoryKind.Decision)}.");
        else if (entry.Scopes.IsEmpty)
            Tell(firstLine, $"{entry.Id} waives a rule but has no scope, so it waives nothing. Add a line such as '- scope: public.orders' ('*' for everywhere).");
        return entry;
    }

    private bool TryNextField(out string key, out string value)
    {
        var (before, beforeLine) = (position, line);
        while (TryNextLine(out var next))
        {
            if (SectionLines.TryReadField(next, out var name, out var rest))
            {
                (key, value) = (name.ToString().ToLowerInvariant(), rest.ToString());
                return true;
            }
            // Blank lines may stand between the heading and its fields, not between fields.
            if (!next.IsWhiteSpace() || line - 1 > firstLine && beforeLine > firstLine) break;
        }
        (position, line, key, value) = (before, beforeLine, "", "");
        return false;
    }

    private string Rest()
    {
        if (!hasMarks && !text.AsSpan(position).Contains('\\')) return EntryText.Body(text[position..]);
        var body = new StringBuilder();
        while (TryNextLine(out var next)) body.Append(EntryText.Unescape(next)).Append('\n');
        return EntryText.Body(body.ToString());
    }

    /// <summary>The next line without its end; what is no content is told and passed by.</summary>
    private bool TryNextLine(out ReadOnlySpan<char> next)
    {
        while (position < text.Length)
        {
            var rest = text.AsSpan(position);
            var end = rest.IndexOf('\n');
            next = (end < 0 ? rest : rest[..end]).TrimEnd('\r');
            position += end < 0 ? rest.Length : end + 1;
            line++;
            if (!hasMarks || !IsMark(next)) return true;
        }
        next = default;
        return false;
    }

    private bool IsMark(ReadOnlySpan<char> candidate)
    {
        if (SectionLines.IsCutMark(candidate))
            Tell(line, "The entry above ended in the middle of a line when the next one was written: it may be cut off. Complete it, then delete this line.");
        else if (hasConflict && candidate.StartsWith(SectionLines.ConflictStart, StringComparison.Ordinal))
            Tell(line, "Git has left a conflict here. Both sides are read; keep both, and delete the lines of <, = and > (`agenthost memory merge` does it for the next time: docs/memory.md).");
        else
            return hasConflict && (candidate.SequenceEqual(SectionLines.ConflictMiddle) || candidate.StartsWith(SectionLines.ConflictBase, StringComparison.Ordinal) || candidate.StartsWith(SectionLines.ConflictEnd, StringComparison.Ordinal));
        return true;
    }

    private void Tell(int at, string message) => (problems ??= ImmutableArray.CreateBuilder<MemoryProblem>()).Add(new MemoryProblem(file, at, message));

    // What AgentHost writes is read first, and quickly; people may write a time in any usual form.
    private static bool TryReadTime(string value, out DateTimeOffset time) =>
        DateTimeOffset.TryParseExact(value, EntryFormat.TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time)
        || DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);

    // A hand-written entry without a time still has the day in its id, where the id has one.
    private static DateTimeOffset DateOfId(string id) =>
        id.Length >= 10 && DateTimeOffset.TryParseExact(id.AsSpan(2, 8), "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var day)
            ? day : DateTimeOffset.UnixEpoch;
}
