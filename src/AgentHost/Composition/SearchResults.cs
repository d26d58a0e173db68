using System.Collections.Immutable;
using AgentHost.Knowledge;

namespace AgentHost.Composition;

/// <summary>The answer of a search.</summary>
/// <param name="Results">The pages that answer, best first.</param>
public sealed record SearchResults(ImmutableArray<SearchResult> Results);
