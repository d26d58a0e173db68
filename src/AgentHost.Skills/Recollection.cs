using System.Collections.Immutable;
using AgentHost.Knowledge.Memory;

namespace AgentHost.Skills;

/// <summary>Puts into an answer what the project's memory has to do with it.</summary>
internal static class Recollection
{
    private const int LongestText = 20_000, MostProblems = 5, MostProposals = 2, LongestTitle = 100;

    /// <summary>Entries looked through for one that says the same; more on one table and topic are not to be expected.</summary>
    private const int Searched = 200;

    /// <summary>The answer with its precedents, and with the places of the memory that cannot be read.</summary>
    /// <param name="result">The skill's own answer.</param>
    /// <param name="memory">The memory; null where there is none, and the answer stays as it is.</param>
    /// <param name="relations">Tables of the case.</param>
    /// <param name="topics">Rule ids, problem ids and tags of the case.</param>
    /// <param name="text">The input in its own words.</param>
    public static T Recalling<T>(this T result, MemoryJournal? memory, IEnumerable<string> relations, IEnumerable<string> topics, string text)
        where T : SkillResult =>
        memory is null ? result : result.Recalling(memory, new MemoryCase([.. relations.Distinct(StringComparer.Ordinal)], [.. topics.Distinct(StringComparer.Ordinal)], text.Length <= LongestText ? text : text[..LongestText]));

    private static T Recalling<T>(this T result, MemoryJournal memory, MemoryCase subject)
        where T : SkillResult =>
        result with { Case = subject, Precedents = [.. memory.Bearing(subject).Select(Precedent.Of)], MemoryProblems = Problems(memory.Problems) };

    /// <summary>The answer with the first two candidates that the memory does not say yet.</summary>
    /// <param name="result">The skill's own answer.</param>
    /// <param name="memory">The memory; null where there is none, and nothing is proposed.</param>
    /// <param name="candidates">What may be worth keeping, the most telling first.</param>
    public static T Proposing<T>(this T result, MemoryJournal? memory, IEnumerable<Candidate> candidates)
        where T : SkillResult
    {
        if (memory is null)
            return result;
        ImmutableArray<ProposedEntry> proposals = [.. candidates.Where(candidate => !IsKnown(memory, candidate)).Take(MostProposals).Select(candidate => Clip(candidate.Entry))];
        return proposals.IsEmpty ? result : result with { Proposals = proposals };
    }

    private static ImmutableArray<string>? Problems(ImmutableArray<MemoryProblem> problems) =>
        problems.IsEmpty ? null
            : problems.Length <= MostProblems ? [.. problems.Select(problem => problem.ToString())]
            : [.. problems.Take(MostProblems - 1).Select(problem => problem.ToString()), $"and {problems.Length - MostProblems + 1} more such places"];

    private static bool IsKnown(MemoryJournal memory, Candidate candidate)
    {
        var (entry, kind) = (candidate.Entry, Enum.Parse<MemoryKind>(candidate.Entry.Kind, ignoreCase: true));
        return memory.Concerning(entry.Scope ?? [], entry.Tags ?? [], Searched)
            .Any(known => (known.Kind == kind || known.Kind == MemoryKind.Decision) && candidate.Topic.All(word => Says(known, word)));
    }

    private static bool Says(MemoryEntry entry, string word) =>
        entry.Tags.Concat(entry.Waives).Contains(word, StringComparer.OrdinalIgnoreCase) || Names(entry.Title, word) || Names(entry.Text, word);

    // Whole words only: "id" is not said by "customer_id".
    private static bool Names(string text, string word)
    {
        for (var at = 0; (at = text.IndexOf(word, at, StringComparison.OrdinalIgnoreCase)) >= 0; at++)
        {
            var end = at + word.Length;
            if ((at == 0 || !IsNamePart(text[at - 1])) && (end == text.Length || !IsNamePart(text[end])))
                return true;
        }
        return false;
    }

    private static bool IsNamePart(char c) => char.IsLetterOrDigit(c) || c is '_' or '-';

    private static ProposedEntry Clip(ProposedEntry entry) =>
        entry.Title.Length <= LongestTitle ? entry : entry with { Title = entry.Title[..(LongestTitle - 1)].TrimEnd() + "…" };
}
