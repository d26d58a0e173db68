using System.Collections.Immutable;

namespace AgentHost.Knowledge.Memory;

/// <summary>What is to be remembered; the journal adds id and time.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Title">One line, 1 to 200 characters; line breaks become spaces.</param>
/// <param name="Text">Markdown, at most 64 KiB; not empty.</param>
public sealed record NewEntry(MemoryKind Kind, string Title, string Text)
{
    /// <summary>Subjects and rule ids.</summary>
    public ImmutableArray<string> Tags { get; init; } = [];

    /// <summary>Tables it is about: <c>public.orders</c>, <c>billing.*</c>, <c>*</c>.</summary>
    public ImmutableArray<string> Scopes { get; init; } = [];

    /// <summary>The status, or null for the kind's usual first one.</summary>
    public string? Status { get; init; }

    /// <summary>Who says it; null means the user of the process.</summary>
    public string? By { get; init; }

    /// <summary>Rule ids that a decision waives; needs at least one scope (<c>*</c> for everywhere).</summary>
    public ImmutableArray<string> Waives { get; init; } = [];

    /// <summary>The last day on which it is in force.</summary>
    public DateOnly? Until { get; init; }

    /// <summary>Ids of entries that this one replaces.</summary>
    public ImmutableArray<string> Supersedes { get; init; } = [];

    /// <summary>Ids of issues that this one settles.</summary>
    public ImmutableArray<string> Resolves { get; init; } = [];

    /// <summary>Ids of entries that are the reason for this one.</summary>
    public ImmutableArray<string> Because { get; init; } = [];

    /// <summary>What a decision chooses, each as <c>subject = value</c>.</summary>
    public ImmutableArray<string> Chooses { get; init; } = [];

    /// <summary>What a decision does not want proposed again, a line each.</summary>
    public ImmutableArray<string> Rejects { get; init; } = [];

    /// <summary>An entry that replaces another: of its kind, with its tags, scopes, waivers and choices, under a new title and text.</summary>
    public static NewEntry Replacing(MemoryEntry old, string title, string text) => new(old.Kind, title, text)
    {
        Tags = old.Tags, Scopes = old.Scopes, Waives = old.Waives, Until = old.Until, Chooses = old.Chooses, Rejects = old.Rejects, Supersedes = [old.Id],
    };
}
