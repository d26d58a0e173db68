using System.Text.Json.Serialization;
using AgentHost.Knowledge.Memory;

namespace AgentHost.Skills;

/// <summary>
/// An entry worth keeping, with the names that <c>remember</c> takes, so that it can be passed on as it is. It holds figures and names, never a literal of
/// somebody's SQL.
/// </summary>
/// <param name="Kind"><c>learning</c>, <c>decision</c> or <c>issue</c>.</param>
/// <param name="Title">One line, at most 100 characters.</param>
/// <param name="Text">Two to four lines: what and why, with figures.</param>
public sealed record ProposedEntry(string Kind, string Title, string Text)
{
    /// <summary>Subjects and rule ids; null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>The tables it is about; null for none in particular.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Scope { get; init; }

    /// <summary>Ids of entries that are the reason for it; null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Because { get; init; }

    /// <summary>Ids of entries that it replaces; null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Supersedes { get; init; }

    /// <summary>Ids of issues that it settles; null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Resolves { get; init; }

    /// <summary>What a decision chooses, each as <c>subject = value</c>; null for nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Chooses { get; init; }

    /// <summary>What a decision does not want proposed again, a line each; null for nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Rejects { get; init; }

    /// <summary>The entry to append to the memory.</summary>
    /// <param name="by">Who keeps it; null means the user of the process.</param>
    public NewEntry ToNewEntry(string? by = null) => new(Enum.Parse<MemoryKind>(Kind, ignoreCase: true), Title, Text)
    {
        Tags = [.. Tags ?? []],
        Scopes = [.. Scope ?? []],
        Because = [.. Because ?? []],
        Supersedes = [.. Supersedes ?? []],
        Resolves = [.. Resolves ?? []],
        Chooses = [.. Chooses ?? []],
        Rejects = [.. Rejects ?? []],
        By = by,
    };
}
