using System.Globalization;
using AgentHost.Knowledge.Memory;
using AgentHost.Skills;
using AgentHost.Skills.DesignSchema.Model;
using AgentHost.Skills.ReviewMigration;

namespace AgentHost.Composition;

/// <summary>Writes into the memory for both doors.</summary>
internal static class MemoryWriting
{
    /// <summary>Remembers an entry.</summary>
    /// <exception cref="SkillInputException">It waives what is no rule.</exception>
    /// <exception cref="MemoryException">The memory does not take it.</exception>
    public static Task<MemoryEntry> RememberAsync(MemoryJournal memory, NewEntry entry, CancellationToken cancellation)
    {
        CheckRules(entry.Waives);
        return memory.AppendAsync(entry, cancellation);
    }

    /// <summary>Changes the standing of an entry, or puts another in its place.</summary>
    /// <exception cref="SkillInputException">What the action needs is missing.</exception>
    /// <exception cref="MemoryException">There is no such entry, or it cannot be revised so.</exception>
    public static Task<MemoryEntry> ReviseAsync(MemoryJournal memory, Change change, CancellationToken cancellation)
    {
        if (change.Action != "supersede")
        {
            return change.Title is null && change.Chooses.Count == 0
                ? memory.ReviseAsync(new EntryRevision(change.Id, Enum.Parse<RevisionAction>(change.Action, ignoreCase: true), change.Text) { By = change.By, Because = [.. change.Because] }, cancellation)
                : throw new SkillInputException($"Only supersede takes a title and choices; {change.Action} keeps the entry's own.");
        }
        if (change.Title is null)
            throw new SkillInputException("supersede needs the new entry's title.");
        var old = memory.Entries.FirstOrDefault(entry => entry.Id.Equals(change.Id.Trim(), StringComparison.OrdinalIgnoreCase))
            ?? throw new SkillInputException($"There is no entry '{change.Id}' in the memory; recall finds entries and their ids.");
        if (memory.StandingOf(old) is { InForce: false } standing)
            throw new SkillInputException($"{old.Id} is not in force any more ({standing.Reason}); nothing was written.");
        var entry = NewEntry.Replacing(old, change.Title, change.Text) with { By = change.By, Because = [.. change.Because] };
        return memory.AppendAsync(change.Chooses.Count == 0 ? entry : entry with { Chooses = [.. change.Chooses] }, cancellation);
    }

    /// <summary>The day that a text names; null for null.</summary>
    /// <exception cref="SkillInputException">It is none.</exception>
    public static DateOnly? Day(string? text) =>
        text is null ? null
        : DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day
        : throw new SkillInputException($"'{text}' is not a day; write it as 2027-01-31.");

    /// <summary>What is wrong with a rule id, and which were meant; null where it is one.</summary>
    public static string? WrongRule(string id)
    {
        var rules = RuleSummary.All.Select(rule => rule.Id).ToList();
        if (rules.Contains(id, StringComparer.OrdinalIgnoreCase))
            return null;
        var suggestion = NearestNames.Suggest(id, rules);
        return $"There is no rule '{id}'{(suggestion.Contains("did you mean", StringComparison.Ordinal) ? suggestion : "; agenthost review --list-rules names them all")}";
    }

    private static void CheckRules(IEnumerable<string> waives)
    {
        foreach (var id in waives.SelectMany(written => written.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)))
            if (WrongRule(id) is { } wrong)
                throw new SkillInputException(wrong.TrimEnd('.') + (wrong.EndsWith('?') ? "" : "."));
    }
}

/// <summary>What is to become of an entry.</summary>
/// <param name="Id">The entry.</param>
/// <param name="Action"><c>supersede</c>, <c>resolve</c>, <c>close</c> or <c>reopen</c>.</param>
/// <param name="Text">Why, or the new entry's text.</param>
internal sealed record Change(string Id, string Action, string Text)
{
    /// <summary>The actions.</summary>
    public static readonly string[] Actions = ["supersede", "resolve", "close", "reopen"];

    /// <summary>The new entry's title; null but with supersede.</summary>
    public string? Title { get; init; }

    /// <summary>What the new decision chooses, where it is not what the old one chose.</summary>
    public IReadOnlyList<string> Chooses { get; init; } = [];

    /// <summary>Ids of the reasons.</summary>
    public IReadOnlyList<string> Because { get; init; } = [];

    /// <summary>Who says it; null for the user of the process.</summary>
    public string? By { get; init; }
}
