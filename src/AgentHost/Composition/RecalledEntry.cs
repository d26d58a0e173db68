using System.Collections.Immutable;
using System.Text.Json.Serialization;
using AgentHost.Knowledge.Memory;

namespace AgentHost.Composition;

/// <summary>An entry of the memory as it is answered: what it does not have is left out, and whether it still holds stands beside it.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="Text">Its text, whole or its beginning; null where it is not told.</param>
/// <param name="Standing">Whether it holds today.</param>
public sealed record RecalledEntry([property: JsonIgnore] MemoryEntry Entry, [property: JsonPropertyOrder(1)] string? Text, [property: JsonIgnore] Standing Standing)
{
    /// <summary>Whether only what a reader needs to choose is told: neither tags nor author nor links.</summary>
    [JsonIgnore]
    public bool IsBrief { get; init; }

    /// <inheritdoc cref="MemoryEntry.Id" />
    public string Id => Entry.Id;

    /// <inheritdoc cref="MemoryEntry.Kind" />
    public MemoryKind Kind => Entry.Kind;

    /// <inheritdoc cref="MemoryEntry.Title" />
    public string Title => Entry.Title;

    /// <summary>Why it does not hold, as <c>superseded by D-…</c>; null where it does.</summary>
    public string? NotInForce => Standing.InForce ? null : Standing.Reason ?? Entry.Status;

    /// <inheritdoc cref="MemoryEntry.Scopes" />
    public ImmutableArray<string>? Scope => Some(Entry.Scopes);

    /// <inheritdoc cref="MemoryEntry.Chooses" />
    public ImmutableArray<string>? Chooses => Some(Entry.Chooses);

    /// <inheritdoc cref="MemoryEntry.Tags" />
    public ImmutableArray<string>? Tags => IsBrief ? null : Some(Entry.Tags);

    /// <inheritdoc cref="MemoryEntry.Status" />
    public string? Status => IsBrief ? null : Entry.Status;

    /// <inheritdoc cref="MemoryEntry.When" />
    public DateTimeOffset? When => IsBrief ? null : Entry.When;

    /// <inheritdoc cref="MemoryEntry.By" />
    public string? By => IsBrief ? null : Entry.By;

    /// <inheritdoc cref="MemoryEntry.Rejects" />
    public ImmutableArray<string>? Rejects => IsBrief ? null : Some(Entry.Rejects);

    /// <inheritdoc cref="MemoryEntry.Waives" />
    public ImmutableArray<string>? Waives => Some(Entry.Waives);

    /// <inheritdoc cref="MemoryEntry.Until" />
    public DateOnly? Until => Entry.Until;

    /// <inheritdoc cref="MemoryEntry.Supersedes" />
    public ImmutableArray<string>? Supersedes => IsBrief ? null : Some(Entry.Supersedes);

    /// <inheritdoc cref="MemoryEntry.Resolves" />
    public ImmutableArray<string>? Resolves => IsBrief ? null : Some(Entry.Resolves);

    /// <inheritdoc cref="MemoryEntry.Because" />
    public ImmutableArray<string>? Because => IsBrief ? null : Some(Entry.Because);

    /// <inheritdoc cref="MemoryEntry.History" />
    public ImmutableArray<Revision>? History => IsBrief || Entry.History.IsEmpty ? null : Entry.History;

    private static ImmutableArray<string>? Some(ImmutableArray<string> items) => items.IsEmpty ? null : items;
}
