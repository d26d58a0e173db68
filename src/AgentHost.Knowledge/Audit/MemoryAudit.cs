using System.Collections.Immutable;
using AgentHost.Knowledge.Memory;

namespace AgentHost.Knowledge.Audit;

/// <summary>Finds what is wrong in the memory files although (or because) people wrote it: places that cannot be read, dead links, waivers that do nothing, contradictions.</summary>
public static class MemoryAudit
{
    /// <summary>Everything that is wrong, by file and line.</summary>
    /// <param name="memory">The memory.</param>
    /// <param name="wrongRule">Says what is wrong with a rule id that a decision waives; null where it is one.</param>
    /// <exception cref="MemoryException">A file cannot be read.</exception>
    public static ImmutableArray<MemoryProblem> Of(MemoryJournal memory, Func<string, string?> wrongRule)
    {
        ArgumentNullException.ThrowIfNull(memory);
        ArgumentNullException.ThrowIfNull(wrongRule);
        var entries = memory.Entries;
        var found = memory.Problems.ToBuilder();
        var byId = entries.GroupBy(entry => entry.Id, StringComparer.OrdinalIgnoreCase).ToDictionary(group => group.Key, group => group.First(), StringComparer.OrdinalIgnoreCase);
        foreach (var entry in entries)
        {
            found.AddRange(Links(entry, byId));
            found.AddRange(entry.Waives.Select(wrongRule).OfType<string>().Select(wrong => At(entry, $"{entry.Id} waives what is no rule: {wrong}")));
            if (!entry.Waives.IsEmpty && entry.Until is { } until && until < memory.Today && until > DateOnly.MinValue
                && EntryFormat.Holds(entry.Kind, entry.Status) && memory.StandingOf(entry).Reason?.StartsWith("ended", StringComparison.Ordinal) == true)
            {
                found.Add(At(entry, $"{entry.Id} waived {string.Join(", ", entry.Waives)} until {until:yyyy-MM-dd}; these findings count again. Remember another decision with --supersedes {entry.Id}, or write '- status: closed' into it."));
            }
        }
        found.AddRange(Conflicts([.. entries.Where(entry => entry.Kind == MemoryKind.Decision && IsChoosing(entry) && memory.IsInForce(entry))]));
        return [.. found.OrderBy(problem => problem.File, StringComparer.Ordinal).ThenBy(problem => problem.Line)];
    }

    private static IEnumerable<MemoryProblem> Links(MemoryEntry entry, Dictionary<string, MemoryEntry> byId)
    {
        foreach (var (field, id) in Named())
        {
            if (!byId.TryGetValue(id, out var meant))
                yield return At(entry, $"{entry.Id} names {id} in '{field}', which is no entry. Correct the id, or bring the entry back.");
            else if (field == "resolves" && meant.Kind != MemoryKind.Issue)
                yield return At(entry, $"{entry.Id} resolves {id}, which is no issue. To replace it, name it in 'supersedes'.");
        }

        IEnumerable<(string Field, string Id)> Named() =>
        [
            .. entry.Supersedes.Select(id => ("supersedes", id)), .. entry.Resolves.Select(id => ("resolves", id)), .. entry.Because.Select(id => ("because", id)),
            .. entry.History.SelectMany(revision => revision.Because).Select(id => ("because", id)),
        ];
    }

    private static bool IsChoosing(MemoryEntry decision) => !decision.Rejects.IsEmpty || !ChoiceReader.Of(decision).IsEmpty;

    // Each decision is judged as if it were new beside those before it, as when it is remembered.
    private static IEnumerable<MemoryProblem> Conflicts(ImmutableArray<MemoryEntry> decisions)
    {
        for (var i = 1; i < decisions.Length; i++)
        {
            if (Earlier(decisions[i], decisions.Take(i)) is not { IsEmpty: false } earlier)
                continue;
            yield return At(decisions[i], $"{decisions[i].Id} contradicts {string.Join(", ", earlier.Select(other => $"{other.Id} ({other.File}:{other.Line})"))}: the same subject and scope, another choice. Supersede one of them, or narrow its scope.");
        }
    }

    private static ImmutableArray<MemoryEntry> Earlier(MemoryEntry decision, IEnumerable<MemoryEntry> before)
    {
        try
        {
            Contradictions.Check(decision, before);
            return [];
        }
        catch (MemoryConflictException conflict)
        {
            return conflict.Earlier;
        }
    }

    private static MemoryProblem At(MemoryEntry entry, string message) => new(entry.File, entry.Line, message);
}
