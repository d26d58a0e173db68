using System.Collections.Immutable;

namespace AgentHost.Skills.RecommendIndex;

/// <summary>Candidates as they are thought of, each once, and those that are worth something together alone.</summary>
internal sealed class CandidateSet
{
    /// <summary>Wider indexes cost more to keep than the last column's selectivity brings.</summary>
    public const int MaxKeys = 4;

    private readonly SortedDictionary<string, IndexCandidate> found = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, ImmutableArray<IndexCandidate>> groups = new(StringComparer.Ordinal);

    public IReadOnlyCollection<IndexCandidate> All => found.Values;

    /// <summary>Adds one, unless an existing index is the same; gives the one that is kept.</summary>
    public IndexCandidate? Add(IndexCandidate candidate)
    {
        if (candidate.Keys.IsEmpty || candidate.Table.Indexes.Any(candidate.IsServedBy))
            return null;
        found.TryAdd(candidate.Definition, candidate);
        return found[candidate.Definition];
    }

    /// <summary>Adds several that are chosen together or not at all.</summary>
    public void AddTogether(IEnumerable<IndexCandidate> candidates)
    {
        ImmutableArray<IndexCandidate> together = [.. candidates.DistinctBy(c => c.Definition).OrderBy(c => c.Definition, StringComparer.Ordinal)];
        if (together.Length > 1)
            groups.TryAdd(string.Join('\n', together.Select(c => c.Definition)), together);
    }

    /// <summary>All: where two cost the same the first wins, so plain keys stand before operator classes and expressions, btree before others; then in the order of their definitions.</summary>
    public Candidates ToCandidates() => new(
        [.. found.Values.OrderBy(c => !c.IsBtree).ThenBy(c => !c.Include.IsEmpty).ThenBy(c => c.Keys.Any(k => k.OperatorClass is not null)).ThenBy(c => c.Keys[0].Facts.IsExpression)],
        [.. groups.Values]);
}

/// <summary>What may be chosen.</summary>
/// <param name="All">Each candidate.</param>
/// <param name="Together">Sets that are worth something only as a whole: the arms of an OR.</param>
internal sealed record Candidates(ImmutableArray<IndexCandidate> All, ImmutableArray<ImmutableArray<IndexCandidate>> Together)
{
    /// <summary>Without some.</summary>
    public Candidates Without(Func<IndexCandidate, bool> gone) => new(All.RemoveAll(c => gone(c)), Together.RemoveAll(group => group.Any(gone)));
}
