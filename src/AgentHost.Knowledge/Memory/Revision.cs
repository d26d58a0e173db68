using System.Collections.Immutable;

namespace AgentHost.Knowledge.Memory;

/// <summary>A change of an entry's standing, written behind it as a section of its own, so that its first wording stays.</summary>
/// <param name="Status">The status from then on.</param>
/// <param name="When">When it was made, to the second.</param>
/// <param name="By">Who made it.</param>
/// <param name="Text">Why; may be empty where a person wrote it.</param>
public sealed record Revision(string Status, DateTimeOffset When, string By, string Text)
{
    /// <summary>Ids of entries that are the reason.</summary>
    public ImmutableArray<string> Because { get; init; } = [];
}

/// <summary>What is to become of an entry.</summary>
/// <param name="Id">The entry's id.</param>
/// <param name="Action">What to do.</param>
/// <param name="Text">Why, or how it was settled; not empty.</param>
public sealed record EntryRevision(string Id, RevisionAction Action, string Text)
{
    /// <summary>Who says it; null means the user of the process.</summary>
    public string? By { get; init; }

    /// <summary>Ids of entries that are the reason.</summary>
    public ImmutableArray<string> Because { get; init; } = [];
}

/// <summary>What a revision does.</summary>
public enum RevisionAction
{
    /// <summary>An issue is settled.</summary>
    Resolve,

    /// <summary>It no longer holds, and nothing takes its place: a decision is withdrawn, a learning outdated, an issue closed unsettled.</summary>
    Close,

    /// <summary>It holds again.</summary>
    Reopen,
}
