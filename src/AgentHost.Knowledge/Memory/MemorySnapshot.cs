using System.Collections.Immutable;

namespace AgentHost.Knowledge.Memory;

/// <summary>All entries as the files said at one moment, with their revisions and links followed.</summary>
internal sealed class MemorySnapshot
{
    private readonly Dictionary<string, string> replaced = new(StringComparer.OrdinalIgnoreCase);

    public MemorySnapshot(ImmutableArray<FileContent> files)
    {
        var problems = ImmutableArray.CreateBuilder<MemoryProblem>();
        var revisions = files.SelectMany(file => file.Revisions).GroupBy(revision => revision.Id, StringComparer.OrdinalIgnoreCase).ToDictionary(group => group.Key, group => group.ToList(), StringComparer.OrdinalIgnoreCase);
        var entries = ImmutableArray.CreateBuilder<MemoryEntry>(files.Sum(file => file.Entries.Length));
        foreach (var file in files)
        {
            problems.AddRange(file.Problems);
            foreach (var written in file.Entries)
            {
                // Entries that were not revised stay the same objects, so that what was found out about them holds.
                var entry = revisions.Count > 0 && revisions.Remove(written.Id, out var own) ? Revised(written, own) : written;
                entries.Add(entry);
                foreach (var id in entry.Supersedes) replaced[id] = $"superseded by {entry.Id}";
                foreach (var id in entry.Resolves) replaced[id] = $"resolved by {entry.Id}";
            }
        }
        foreach (var lost in revisions.Values.SelectMany(group => group))
            problems.Add(new MemoryProblem(lost.Place.File, lost.Place.Line, $"This revises {lost.Id}, which is no entry. Correct the id, or bring the entry back."));
        (Entries, Problems) = (entries.MoveToImmutable(), problems.ToImmutable());
    }

    public ImmutableArray<MemoryEntry> Entries { get; }

    public ImmutableArray<MemoryProblem> Problems { get; }

    /// <summary>The entry with an id, or null.</summary>
    public MemoryEntry? Find(string id) => Entries.FirstOrDefault(entry => entry.Id.Equals(id.Trim(), StringComparison.OrdinalIgnoreCase));

    public bool IsInForce(MemoryEntry entry, DateOnly today) => StandingOf(entry, today).InForce;

    /// <summary>Whether an entry still holds: not replaced or resolved by another, its status not an ending one, its last day not past.</summary>
    public Standing StandingOf(MemoryEntry entry, DateOnly today)
    {
        if (replaced.TryGetValue(entry.Id, out var by)) return new(false, by);
        if (entry.Until is { } until && today > until) return new(false, until == DateOnly.MinValue ? "its last day cannot be read" : $"ended {until:yyyy-MM-dd}");
        return EntryFormat.Holds(entry.Kind, entry.Status) ? Standing.Good : new(false, entry.Status);
    }

    // Merged branches may hold revisions in another order than they were made: the latest counts.
    private static MemoryEntry Revised(MemoryEntry entry, IEnumerable<RevisionSection> sections)
    {
        ImmutableArray<Revision> history = [.. sections.Select(section => section.Revision).OrderBy(revision => revision.When)];
        return history.IsEmpty ? entry : entry with { History = history, Status = history[^1].Status };
    }
}
