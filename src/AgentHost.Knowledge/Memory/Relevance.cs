using System.Collections.Immutable;

namespace AgentHost.Knowledge.Memory;

/// <summary>Compares entries with the relations and topics of a case.</summary>
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

    /// <summary>Where its scope lies, at best.</summary>
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

    /// <summary>How closely it is about these relations and topics: by its scope and tags, and where it has no scope by the names in its words. 0 means not at all.</summary>
    public double Closeness(MemoryEntry entry)
    {
        var topic = IsTagged(entry) || topics.Any(t => t.Contains('-', StringComparison.Ordinal) && Names(entry, t));
        if (entry.Scopes.IsEmpty) return (topic ? 2 : 0) + (relations.Any(r => Names(entry, r)) ? 1.5 : 0);
        return ScopeOf(entry) switch
        {
            Scope.Exact => topic ? 5 : 3,
            Scope.Family or Scope.Anywhere => topic ? 3 : 0,
            _ => 0,
        };
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
