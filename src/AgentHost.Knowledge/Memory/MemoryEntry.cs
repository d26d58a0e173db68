using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Serialization;

namespace AgentHost.Knowledge.Memory;

/// <summary>One entry of the project's memory, as its Markdown section says.</summary>
/// <param name="Id">Unique in the project, also over branches: <c>D-20261121-7f3ak2</c>; people may write their own, as <c>D-0007</c>.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Title">One line.</param>
/// <param name="Text">The body, Markdown, lines separated by <c>\n</c>, without blank lines at either end.</param>
/// <param name="Tags">Subjects, also rule ids.</param>
/// <param name="Scopes">What it is about: <c>public.orders</c>, <c>orders</c> (= <c>public.orders</c>), <c>billing.*</c>, <c>*</c>; empty where nothing in particular.</param>
/// <param name="Status">Free text; <c>accepted</c> (decision), <c>open</c> (issue) and <c>noted</c> (learning) where none is given.</param>
/// <param name="When">When it was made, to the second.</param>
/// <param name="By">Who made it: a person or a client's name.</param>
public sealed record MemoryEntry(
    string Id,
    MemoryKind Kind,
    string Title,
    string Text,
    ImmutableArray<string> Tags,
    [property: JsonPropertyName("scope")] ImmutableArray<string> Scopes,
    string Status,
    DateTimeOffset When,
    string By)
{
    /// <summary>Rule ids whose findings this decision accepts within its scopes.</summary>
    public ImmutableArray<string> Waives { get; init; } = [];

    /// <summary>The last day (UTC) on which it is in force; null means no end.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateOnly? Until { get; init; }

    /// <summary>Ids of entries that this one replaces.</summary>
    public ImmutableArray<string> Supersedes { get; init; } = [];

    /// <summary>Ids of issues that this one settles.</summary>
    public ImmutableArray<string> Resolves { get; init; } = [];

    /// <summary>Ids of entries that are the reason for this one.</summary>
    public ImmutableArray<string> Because { get; init; } = [];

    /// <summary>What a decision chose, each as <c>subject = value</c>: <c>key-strategy = uuidv7</c>; <see cref="Choice"/> reads it.</summary>
    public ImmutableArray<string> Chooses { get; init; } = [];

    /// <summary>What a decision does not want proposed again, a line each; an index as <c>public.orders (customer_id); cost 812 -> 9.1; rows 1200000</c>.</summary>
    public ImmutableArray<string> Rejects { get; init; } = [];

    /// <summary>How its standing was changed since, oldest first; <see cref="Status"/> is what the last one says.</summary>
    public ImmutableArray<Revision> History { get; init; } = [];

    /// <summary>The day (UTC) on which it was made, for people; <c>undated</c> where somebody wrote it by hand without saying.</summary>
    [JsonIgnore]
    public string Day => When == DateTimeOffset.UnixEpoch ? "undated" : When.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>The file's name, as <c>decisions.md</c>.</summary>
    [JsonIgnore]
    public string File { get; init; } = "";

    /// <summary>Line of the heading, 1-based.</summary>
    [JsonIgnore]
    public int Line { get; init; }
}
