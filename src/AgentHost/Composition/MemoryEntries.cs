using System.Collections.Immutable;
using System.Text.Json.Serialization;
using AgentHost.Knowledge.Memory;
using AgentHost.Knowledge.Trail;

namespace AgentHost.Composition;

/// <summary>The answer of recall, remember and revise.</summary>
/// <param name="Entries">What was found, best first, or what was just written.</param>
public sealed record MemoryEntries(ImmutableArray<RecalledEntry> Entries)
{
    /// <summary>How much there is, as <c>3 open issues, 12 decisions in force, 40 learnings</c>; null but in the digest.</summary>
    public string? Holds { get; init; }

    /// <summary>How many entries in force the digest has no room for; null where it has all.</summary>
    public int? More { get; init; }

    /// <summary>What the last calls on this workspace concluded, newest first; null but in the digest.</summary>
    public ImmutableArray<TrailRecord>? LastCalls { get; init; }

    /// <summary>Places in the memory files that do not read as entries, as <c>decisions.md:12: …</c>; null where there are none.</summary>
    public ImmutableArray<string>? Problems { get; init; }

    /// <summary>Whether this is the digest.</summary>
    [JsonIgnore]
    public bool IsDigest => Holds is not null;

    /// <summary>Entries whole, as they were just written.</summary>
    public static MemoryEntries Whole(MemoryJournal memory, params IEnumerable<MemoryEntry> entries) =>
        new([.. entries.Select(entry => new RecalledEntry(entry, entry.Text, memory.StandingOf(entry)))]);
}
