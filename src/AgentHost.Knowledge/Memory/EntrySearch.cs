using System.Collections.Immutable;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using AgentHost.Knowledge.Embedding;

namespace AgentHost.Knowledge.Memory;

/// <summary>
/// Finds entries by their words and by their meaning: BM25 over title, tags, scope and text, and the cosine of the built-in embedder's vectors. An entry is analysed once, when it is
/// first searched; what was added since is added, so that a search after a new entry costs that entry alone. Always the built-in embedder: a search of the memory never leaves the machine.
/// </summary>
internal sealed class EntrySearch
{
    private const double TitleWeight = 3, TagWeight = 2.5, ScopeWeight = 2;
    private const int EmbeddedCharacters = 1_000;

    private static readonly StaticEmbeddingGenerator Embedder = new();

    private readonly Lock gate = new();
    private Analysis analysis = new();

    /// <summary>What is known of the entries by their numbers, in the order in which they were first seen. Each list is as long as it had to be so far.</summary>
    private sealed class Analysis
    {
        public readonly Dictionary<MemoryEntry, int> Numbers = new(ReferenceEqualityComparer.Instance);
        public readonly List<MemoryEntry> Entries = [];
        public readonly List<float[]> Titles = [], Wholes = [];
        public readonly InvertedIndex Words = new();
        public readonly TermCounts Terms = new();
    }

    /// <summary>An entry and how near it is to the query; the parts are between 0 and 1.</summary>
    public readonly record struct Hit(MemoryEntry Entry, double Words, double Meaning)
    {
        /// <summary>The weighted sum.</summary>
        public double Score => (RecallWeights.Words * Words) + (RecallWeights.Meaning * Meaning);
    }

    /// <summary>All entries that are near enough to be shown, best first.</summary>
    /// <param name="entries">The entries to search among.</param>
    /// <param name="query">Words or a question.</param>
    public ImmutableArray<Hit> Find(ImmutableArray<MemoryEntry> entries, string query) =>
        [.. Weigh(entries, query).Where(hit => hit.Score >= RecallWeights.Least).OrderByDescending(hit => hit.Score).ThenByDescending(hit => hit.Entry.When)];

    /// <summary>How near every entry is, in their order.</summary>
    internal ImmutableArray<Hit> Weigh(ImmutableArray<MemoryEntry> entries, string query)
    {
        lock (gate)
        {
            Number(entries);
            for (var next = analysis.Wholes.Count; next < analysis.Entries.Count; next++) AddWhole(analysis.Entries[next]);
            ImmutableArray<string> asked = [.. Words.Of(query)];
            var shared = analysis.Words.Rank(asked);
            var most = analysis.Words.Most(asked);
            var meaning = Embedder.Embed(query);
            var hits = ImmutableArray.CreateBuilder<Hit>(entries.Length);
            foreach (var entry in entries)
            {
                var number = analysis.Numbers[entry];
                hits.Add(new(entry, most == 0 ? 0 : Math.Min(1, shared.GetValueOrDefault(number) / most),
                    Math.Max(0, Math.Max(TensorPrimitives.Dot(analysis.Titles[number], meaning), TensorPrimitives.Dot(analysis.Wholes[number], meaning)))));
            }
            return hits.MoveToImmutable();
        }
    }

    /// <summary>What speaks for each entry bearing on a case; an entry whose scope lies elsewhere is left out.</summary>
    public ImmutableArray<(MemoryEntry Entry, CaseFeatures Features)> Compare(ImmutableArray<MemoryEntry> entries, MemoryCase subject)
    {
        lock (gate)
        {
            Number(entries);
            for (var next = analysis.Terms.Count; next < analysis.Entries.Count; next++) analysis.Terms.Add(analysis.Entries[next]);
            var asked = new AskedCase(subject, analysis.Terms, Embedder);
            return
            [
                .. from entry in entries
                   let scope = asked.ScopeOf(entry)
                   where scope != Relevance.Scope.Elsewhere
                   let number = analysis.Numbers[entry]
                   select (entry, asked.Compare(entry, scope, analysis.Terms[number], analysis.Titles[number])),
            ];
        }
    }

    private void Number(ImmutableArray<MemoryEntry> entries)
    {
        // Edited and deleted entries stay known until they are more than the others.
        if (analysis.Entries.Count > (2 * entries.Length) + 100) analysis = new();
        foreach (var entry in entries)
        {
            if (!analysis.Numbers.TryAdd(entry, analysis.Entries.Count)) continue;
            analysis.Entries.Add(entry);
            analysis.Titles.Add(Embedder.Embed(Title(entry)));
        }
    }

    private void AddWhole(MemoryEntry entry)
    {
        var weighted = new Dictionary<string, double>(StringComparer.Ordinal);
        Weigh(entry.Title, TitleWeight);
        Weigh(entry.Text, 1);
        foreach (var tag in entry.Tags.Concat(entry.Waives).Concat(entry.Chooses)) Weigh(tag, TagWeight);
        foreach (var scope in entry.Scopes.Concat(entry.Rejects)) Weigh(scope, ScopeWeight);
        analysis.Words.Add(weighted);
        analysis.Wholes.Add(Embedder.Embed($"{Title(entry)}\n{(entry.Text.Length <= EmbeddedCharacters ? entry.Text : entry.Text[..EmbeddedCharacters])}"));

        void Weigh(string text, double weight)
        {
            foreach (var word in Words.Of(text)) CollectionsMarshal.GetValueRefOrAddDefault(weighted, word, out _) += weight;
        }
    }

    private static string Title(MemoryEntry entry) => entry.Tags.IsEmpty ? entry.Title : $"{entry.Title} {string.Join(' ', entry.Tags)}";
}
