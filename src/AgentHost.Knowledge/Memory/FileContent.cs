using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace AgentHost.Knowledge.Memory;

/// <summary>What a memory file said when it was last read.</summary>
/// <param name="Entries">Its entries as they were written, without their revisions.</param>
/// <param name="Revisions">Its revisions.</param>
/// <param name="Problems">What cannot be read.</param>
internal sealed partial record FileContent(ImmutableArray<MemoryEntry> Entries, ImmutableArray<RevisionSection> Revisions, ImmutableArray<MemoryProblem> Problems)
{
    public static FileContent Empty { get; } = new([], [], []);

    /// <summary>Whether the last section looks as if its writing had been cut short: AgentHost ends every line that it writes.</summary>
    public bool IsCutOff { get; private init; }

    /// <summary>Whether its last section is not written to its end: by somebody who is at it now, or who was stopped.</summary>
    public bool EndsUnfinished { get; private init; }

    /// <summary>Whether git has left a conflict in it.</summary>
    public bool HoldsConflict { get; private init; }

    public static FileContent Of(MemoryKind kind, List<Section> sections, bool endsLine, bool holdsConflict)
    {
        var entries = ImmutableArray.CreateBuilder<MemoryEntry>(sections.Count);
        var revisions = ImmutableArray.CreateBuilder<RevisionSection>();
        var problems = ImmutableArray.CreateBuilder<MemoryProblem>();
        var lines = new Dictionary<string, int>(sections.Count, StringComparer.OrdinalIgnoreCase);
        foreach (var section in sections)
        {
            problems.AddRange(section.Problems);
            if (section.Revision is { } revision) revisions.Add(revision);
            if (section.Entry is not { } entry) continue;
            if (!lines.TryAdd(entry.Id, entry.Line))
                problems.Add(new MemoryProblem(entry.File, entry.Line, $"The id {entry.Id} is already used in line {lines[entry.Id]}. Give one of the two another id."));
            entries.Add(entry);
        }
        var isCutOff = !endsLine && sections is [.., { Entry: { } last }] && GeneratedId().IsMatch(last.Id) && last.Id == entries[^1].Id;
        if (isCutOff)
            problems.Add(new MemoryProblem(EntryFormat.FileName(kind), entries[^1].Line, $"{entries[^1].Id} ends in the middle of a line: it may have been cut off while it was written. Complete its text, and end the line."));
        return new(entries.DrainToImmutable(), revisions.ToImmutable(), problems.ToImmutable()) { IsCutOff = isCutOff, HoldsConflict = holdsConflict, EndsUnfinished = sections is [.., { IsUnfinished: true }] };
    }

    // The form of ids that AgentHost gives; people who write entries by hand may leave the last line open.
    [GeneratedRegex("^[LDI]-[0-9]{8}-[0-9a-z]{6}$", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex GeneratedId();
}
