using System.Collections.Immutable;
using AgentHost.Knowledge;
using AgentHost.Knowledge.Memory;
using AgentHost.Skills;

namespace AgentHost.Composition;

/// <summary>The answer of a search.</summary>
/// <param name="Results">The pages that answer, best first.</param>
/// <param name="LeftOut">How many more there are for which there was no room; null where all are given.</param>
public sealed record SearchResults(ImmutableArray<SearchResult> Results, int? LeftOut = null) : SkillResult
{
    // The pages behind the first two often answer another question.
    private const int TellingPages = 2;

    /// <summary>As many results as fit into a budget of tokens.</summary>
    /// <exception cref="KnowledgeException">The budget is out of range.</exception>
    public static SearchResults Within(ImmutableArray<SearchResult> results, int tokens) =>
        SearchBudget.Fit(results, tokens) is var (fitted, leftOut) && leftOut > 0 ? new SearchResults(fitted, leftOut) : new SearchResults(fitted);

    /// <summary>The same with what the project itself decided, learnt or left open about the question. A memory that cannot be read fails no search.</summary>
    public SearchResults Recalling(MemoryJournal memory, string query)
    {
        try
        {
            var asked = new MemoryCase([], [.. Results.Take(TellingPages).Select(page => page.Document)], query);
            return this with { Precedents = [.. memory.Bearing(asked).Select(Precedent.Of)] };
        }
        catch (MemoryException unreadable)
        {
            return this with { MemoryProblems = [unreadable.Message] };
        }
    }
}
