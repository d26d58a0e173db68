using System.Collections.Immutable;

namespace AgentHost.Knowledge.Memory;

/// <summary>The decisions in force that accept findings, as the memory said when it was asked.</summary>
public sealed class Waivers
{
    private readonly ImmutableArray<(MemoryEntry Decision, ImmutableArray<ScopePattern> Scopes)> decisions;

    internal Waivers(IEnumerable<MemoryEntry> decisions) =>
        this.decisions = [.. decisions.Select(decision => (decision, ScopePattern.ReadAll(decision)))];

    /// <summary>The latest decision that accepts a rule's finding on a relation, or null.</summary>
    /// <param name="ruleId">The rule.</param>
    /// <param name="relation">The relation as <c>schema.table</c> or <c>table</c>; null where the finding is about none (then only the scope <c>*</c> counts).</param>
    public MemoryEntry? For(string ruleId, string? relation)
    {
        for (var i = decisions.Length - 1; i >= 0; i--)
        {
            var (decision, scopes) = decisions[i];
            if (decision.Waives.Contains(ruleId, StringComparer.OrdinalIgnoreCase) && scopes.Any(scope => scope.IsEverything || (relation is not null && scope.Covers(relation))))
                return decision;
        }

        return null;
    }
}
