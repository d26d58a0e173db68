using System.Collections.Immutable;

namespace AgentHost.Knowledge.Memory;

/// <summary>Finds the decisions in force that a new one contradicts: the same subject, the same scope, another choice. A narrower scope is an exception, not a contradiction.</summary>
internal static class Contradictions
{
    private const string Rejected = "rejected";

    /// <exception cref="MemoryConflictException">There are such decisions, and the new one does not supersede them.</exception>
    public static void Check(MemoryEntry draft, IEnumerable<MemoryEntry> inForce)
    {
        var choices = ChoicesOf(draft);
        if (draft.Kind != MemoryKind.Decision || !EntryFormat.Holds(draft.Kind, draft.Status) || choices.IsEmpty) return;
        var scopes = Scopes(draft);
        var earlier = (from decision in inForce
                       where !draft.Supersedes.Contains(decision.Id, StringComparer.OrdinalIgnoreCase)
                       from theirs in ChoicesOf(decision)
                       from ours in choices
                       where Subject(theirs) == Subject(ours) && theirs.Value != ours.Value && (IsIndex(ours) || Scopes(decision).Overlaps(scopes))
                       select (Decision: decision, Theirs: theirs, Ours: ours)).DistinctBy(found => found.Decision.Id).ToImmutableArray();
        if (earlier.IsEmpty) return;
        var (first, theirChoice, ourChoice) = earlier[0];
        var others = earlier.Length == 1 ? "" : $" So {(earlier.Length == 2 ? "does" : "do")} {string.Join(", ", earlier.Skip(1).Select(found => found.Decision.Id))}.";
        throw new MemoryConflictException(
            $"This contradicts {first.Id} ({first.Day}, {first.By}): \"{first.Title}\", which chose {theirChoice} for {ScopeText(first)}; the new decision says {ourChoice}.{others} Nothing was written. "
            + $"If it replaces the earlier one, pass supersedes: [{string.Join(", ", earlier.Select(found => found.Decision.Id))}]; if both hold, narrow its scope to the tables that it is for.",
            [.. earlier.Select(found => found.Decision)]);
    }

    /// <summary>What a decision chose; an index that it rejects counts as the choice against it.</summary>
    private static ImmutableArray<Choice> ChoicesOf(MemoryEntry decision) =>
        decision.Rejects.IsEmpty ? ChoiceReader.Of(decision) : [.. ChoiceReader.Of(decision), .. decision.Rejects.Select(text => Choice.Read($"index {text.Split(';')[0]} = {Rejected}")).OfType<Choice>()];

    private static bool IsIndex(Choice choice) => choice.Subject.StartsWith("index ", StringComparison.Ordinal);

    // comments (task_id) and public.comments (task_id) are one index; blanks do not matter.
    private static string Subject(Choice choice)
    {
        if (!IsIndex(choice)) return choice.Subject;
        var index = choice.Subject["index ".Length..].Replace(" ", "", StringComparison.Ordinal);
        return index.StartsWith("public.", StringComparison.Ordinal) ? index["public.".Length..] : index;
    }

    private static HashSet<ScopePattern> Scopes(MemoryEntry decision) => decision.Scopes.IsEmpty ? [new ScopePattern("*", "*")] : [.. ScopePattern.ReadAll(decision)];

    private static string ScopeText(MemoryEntry decision) => decision.Scopes.IsEmpty || decision.Scopes.Contains("*") ? "everywhere" : string.Join(", ", decision.Scopes);
}
