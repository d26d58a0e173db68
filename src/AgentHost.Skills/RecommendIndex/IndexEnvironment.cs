using System.Collections.Immutable;

namespace AgentHost.Skills.RecommendIndex;

/// <summary>What the database offers to indexes besides the core.</summary>
/// <param name="Installed">Extensions that are created in it.</param>
/// <param name="Available">Extensions that could be created there; null where nobody told.</param>
internal sealed record IndexEnvironment(ImmutableHashSet<string> Installed, ImmutableHashSet<string>? Available)
{
    /// <summary>Whether nobody told what could be created, so that what PostgreSQL usually comes with is taken for granted.</summary>
    public bool IsAssumed { get; init; }

    /// <summary>Whether an index may need the extension: it is there, or can be, or nobody knows better.</summary>
    public bool Allows(string extension) => Installed.Contains(extension) || Available is null || Available.Contains(extension);

    /// <summary>Those that are to be created first.</summary>
    public ImmutableArray<string> Missing(IEnumerable<string> needed) => [.. needed.Where(e => !Installed.Contains(e)).Distinct().Order(StringComparer.Ordinal)];
}
