using System.Collections.Immutable;

namespace AgentHost.Knowledge.Memory;

/// <summary>All entries as the files said at one moment, with an inverted index over their words.</summary>
internal sealed class MemorySnapshot
{
    private const double TitleWeight = 3, TagWeight = 2.5, ScopeWeight = 2;

    private readonly HashSet<string> replaced = new(StringComparer.OrdinalIgnoreCase);
    private readonly Lazy<InvertedIndex> index;

    public MemorySnapshot(ImmutableArray<MemoryEntry> entries, ImmutableArray<MemoryProblem> problems)
    {
        Entries = entries;
        Problems = problems;
        index = new Lazy<InvertedIndex>(BuildIndex);
        foreach (var entry in entries)
        {
            replaced.UnionWith(entry.Supersedes);
            replaced.UnionWith(entry.Resolves);
        }
    }

    public ImmutableArray<MemoryEntry> Entries { get; }

    public ImmutableArray<MemoryProblem> Problems { get; }

    /// <summary>Whether an entry still holds: not replaced or resolved by another, its status not an ending one, its last day not past.</summary>
    public bool IsInForce(MemoryEntry entry, DateOnly today) =>
        !replaced.Contains(entry.Id)
        && (entry.Until is not { } until || today <= until)
        && entry.Kind switch
        {
            MemoryKind.Decision => entry.Status.ToLowerInvariant() is "accepted" or "active" or "in force",
            MemoryKind.Issue => entry.Status.ToLowerInvariant() is not ("closed" or "resolved" or "fixed" or "done" or "superseded" or "rejected" or "withdrawn" or "wontfix" or "won't fix"),
            _ => entry.Status.ToLowerInvariant() is not ("superseded" or "outdated" or "obsolete" or "withdrawn" or "wrong" or "rejected"),
        };

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
