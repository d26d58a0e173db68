using System.Collections.Immutable;
using System.Text.Json.Serialization;
using AgentHost.Knowledge.Memory;

namespace AgentHost.Skills;

/// <summary>What every skill's answer tells of the project's memory: what was known before, what of it cannot be read, and what is worth keeping.</summary>
public abstract record SkillResult
{
    private const int Last = 1000; // behind the skill's own properties in JSON

    /// <summary>Entries of the project's memory that bear on the case, at most three, the most telling first.</summary>
    [JsonPropertyOrder(Last)]
    public ImmutableArray<Precedent> Precedents { get; init; } = [];

    /// <summary>What the memory was asked about; null where there is no memory.</summary>
    internal MemoryCase? Case { get; init; }

    /// <summary>Places in the memory files that do not read as entries, as <c>decisions.md:12: …</c>, at most five; null where there are none.</summary>
    [JsonPropertyOrder(Last)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? MemoryProblems { get; init; }

    /// <summary>What this answer brought that is worth keeping and that the memory does not say yet, at most two; null where there is nothing.</summary>
    [JsonPropertyOrder(Last)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ProposedEntry>? Proposals { get; init; }

    /// <summary>Ids of the entries kept at once, where the caller asked for that; those are no longer among <see cref="Proposals"/>. Null where none was.</summary>
    [JsonPropertyOrder(Last)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Recorded { get; init; }
}
