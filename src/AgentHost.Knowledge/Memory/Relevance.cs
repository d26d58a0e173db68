using System.Collections.Immutable;

namespace AgentHost.Knowledge.Memory;

/// <summary>How much an entry bears on a case; 0 means not at all.</summary>
internal sealed class Relevance(IEnumerable<string> relations, IEnumerable<string> topics)
{
    private readonly ImmutableArray<string> relations = [.. relations.Distinct(StringComparer.Ordinal)];
    private readonly ImmutableHashSet<string> topics = topics.ToImmutableHashSet(StringComparer.OrdinalIgnoreCase);

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
