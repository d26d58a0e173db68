using System.Collections.Immutable;
using AgentHost.Knowledge;

namespace AgentHost.Composition;

/// <summary>The answer of a search.</summary>
/// <param name="Results">The pages that answer, best first.</param>
/// <param name="LeftOut">How many more there are for which there was no room; null where all are given.</param>
public sealed record SearchResults(ImmutableArray<SearchResult> Results, int? LeftOut = null)
{
    /// <summary>As many results as fit into a budget of tokens.</summary>
    /// <exception cref="KnowledgeException">The budget is out of range.</exception>
    public static SearchResults Within(ImmutableArray<SearchResult> results, int tokens) =>
        SearchBudget.Fit(results, tokens) is var (fitted, leftOut) && leftOut > 0 ? new SearchResults(fitted, leftOut) : new SearchResults(fitted);
}
