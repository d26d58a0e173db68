using System.Collections.Immutable;

namespace AgentHost.Knowledge.Memory;

/// <summary>How much an entry bears on a case; 0 means not at all.</summary>
internal sealed class Relevance(IEnumerable<string> relations, IEnumerable<string> topics)
{
    private readonly ImmutableArray<string> relations = [.. relations.Distinct(StringComparer.Ordinal)];
    private readonly ImmutableHashSet<string> topics = topics.ToImmutableHashSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Where an entry's scope lies.</summary>
    public enum Scope
    {
        /// <summary>It names tables, and none of the case's.</summary>
        Elsewhere,

        /// <summary>It has no scope, or holds everywhere.</summary>
        Anywhere,

        /// <summary>A pattern of it covers a relation of the case.</summary>
        Family,

        /// <summary>It names a relation of the case.</summary>
        Exact,
    }

    public Scope ScopeOf(MemoryEntry entry)
    {
        if (entry.Scopes.IsEmpty) return Scope.Anywhere;
        var scope = Scope.Elsewhere;
        foreach (var pattern in ScopePattern.ReadAll(entry))
        {
            var near = pattern.IsEverything ? Scope.Anywhere : !relations.Any(pattern.Covers) ? Scope.Elsewhere : pattern.IsExact ? Scope.Exact : Scope.Family;
            if (near > scope) scope = near;
        }
        return scope;
    }

    /// <summary>Whether a tag or a waived rule of it is a topic of the case.</summary>
    public bool IsTagged(MemoryEntry entry) => entry.Tags.Concat(entry.Waives).Any(topics.Contains);

    public bool HasTopic(MemoryEntry entry) =>
        entry.Tags.Concat(entry.Waives).Any(topics.Contains) || topics.Any(t => t.Contains('-', StringComparison.Ordinal) && Names(entry, t));

    public bool NamesRelation(MemoryEntry entry) => relations.Any(relation => Names(entry, relation) || Names(entry, relation[(relation.IndexOf('.', StringComparison.Ordinal) + 1)..]));

    public double Of(MemoryEntry entry)
    {
        var topic = entry.Tags.Concat(entry.Waives).Any(topics.Contains) || topics.Any(t => t.Contains('-', StringComparison.Ordinal) && Names(entry, t));
        if (entry.Scopes.IsEmpty) return (topic ? 2 : 0) + (relations.Any(r => Names(entry, r)) ? 1.5 : 0);
        var scope = 0.0;
        foreach (var written in entry.Scopes)
        {
            if (ScopePattern.Read(written) is not { } pattern) continue;
            if (pattern.IsEverything || relations.Any(pattern.Covers)) scope = Math.Max(scope, pattern.IsExact ? 3 : topic ? 1 : 0);
        }
        return scope == 0 ? 0 : scope + (topic ? 2 : 0);
    }

    // Whole words only: "orders" is not named by "reorders" nor by "orders_archive".
    private static bool Names(MemoryEntry entry, string name) => Contains(entry.Title, name) || Contains(entry.Text, name);

    private static bool Contains(string text, string name)
    {
        for (var at = 0; (at = text.IndexOf(name, at, StringComparison.OrdinalIgnoreCase)) >= 0; at++)
            if ((at == 0 || !IsNamePart(text[at - 1])) && (at + name.Length == text.Length || !IsNamePart(text[at + name.Length])))
                return true;
        return false;
    }

    private static bool IsNamePart(char c) => char.IsLetterOrDigit(c) || c is '_' or '-';
}
