using System.Collections.Immutable;

namespace AgentHost.Knowledge.Memory;

/// <summary>All entries as the files said at one moment, with an inverted index over their words.</summary>
internal sealed class MemorySnapshot
{
    private const double TitleWeight = 3, TagWeight = 2.5, ScopeWeight = 2;

    private readonly Dictionary<string, string> replaced = new(StringComparer.OrdinalIgnoreCase);
    private readonly Lazy<InvertedIndex> index;

    public MemorySnapshot(ImmutableArray<MemoryEntry> entries, ImmutableArray<MemoryProblem> problems)
    {
        Entries = entries;
        Problems = problems;
        index = new Lazy<InvertedIndex>(BuildIndex);
        foreach (var entry in entries)
        {
            foreach (var id in entry.Supersedes) replaced[id] = $"superseded by {entry.Id}";
            foreach (var id in entry.Resolves) replaced[id] = $"resolved by {entry.Id}";
        }
    }

    public ImmutableArray<MemoryEntry> Entries { get; }

    public ImmutableArray<MemoryProblem> Problems { get; }

    public bool IsInForce(MemoryEntry entry, DateOnly today) => StandingOf(entry, today).InForce;

    /// <summary>Whether an entry still holds: not replaced or resolved by another, its status not an ending one, its last day not past.</summary>
    public Standing StandingOf(MemoryEntry entry, DateOnly today)
    {
        if (replaced.TryGetValue(entry.Id, out var by)) return new(false, by);
        if (entry.Until is { } until && today > until) return new(false, until == DateOnly.MinValue ? "its last day cannot be read" : $"ended {until:yyyy-MM-dd}");
        var holds = entry.Kind switch
        {
            MemoryKind.Decision => entry.Status.ToLowerInvariant() is "accepted" or "active" or "in force",
            MemoryKind.Issue => entry.Status.ToLowerInvariant() is not ("closed" or "resolved" or "fixed" or "done" or "superseded" or "rejected" or "withdrawn" or "wontfix" or "won't fix"),
            _ => entry.Status.ToLowerInvariant() is not ("superseded" or "outdated" or "obsolete" or "withdrawn" or "wrong" or "rejected"),
        };
        return holds ? Standing.Good : new(false, entry.Status);
    }

    /// <summary>Entries that share words with the query, best first.</summary>
    public IEnumerable<MemoryEntry> Rank(ImmutableArray<string> words) =>
        index.Value.Rank(words).OrderByDescending(hit => hit.Score).ThenByDescending(hit => Entries[hit.Document].When).Select(hit => Entries[hit.Document]);

    private InvertedIndex BuildIndex()
    {
        var built = new InvertedIndex();
        foreach (var entry in Entries)
        {
            var document = built.AddDocument();
            Add(document, entry.Title, TitleWeight);
            Add(document, entry.Text, 1);
            foreach (var tag in entry.Tags.Concat(entry.Waives)) Add(document, tag, TagWeight);
            foreach (var scope in entry.Scopes) Add(document, scope, ScopeWeight);
        }
        return built;

        void Add(int document, string text, double weight)
        {
            foreach (var word in Words.Of(text)) built.Add(document, word, weight);
        }
    }
}
