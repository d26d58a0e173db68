using System.Collections.Immutable;
using System.Numerics.Tensors;
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
    private Dictionary<MemoryEntry, int> documents = new(ReferenceEqualityComparer.Instance);
    private InvertedIndex words = new();
    private List<Vectors> vectors = [];

    private readonly record struct Vectors(float[] Title, float[] Whole, EntryTerms Terms);

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
            Analyse(entries);
            ImmutableArray<string> asked = [.. Words.Of(query)];
            var shared = words.Rank(asked).ToDictionary(hit => hit.Document, hit => hit.Score);
            var most = words.Most(asked);
            var meaning = Embedder.Embed(query);
            return [.. entries.Select(entry => Near(entry, documents[entry], shared, most, meaning))];
        }
    }

    private Hit Near(MemoryEntry entry, int document, Dictionary<int, double> shared, double most, float[] meaning) =>
        new(entry, most == 0 ? 0 : Math.Min(1, shared.GetValueOrDefault(document) / most),
            Math.Max(0, Math.Max(TensorPrimitives.Dot(vectors[document].Title, meaning), TensorPrimitives.Dot(vectors[document].Whole, meaning))));

    /// <summary>What speaks for each entry bearing on a case; an entry whose scope lies elsewhere is left out.</summary>
    public ImmutableArray<(MemoryEntry Entry, CaseFeatures Features)> Compare(ImmutableArray<MemoryEntry> entries, MemoryCase subject)
    {
        lock (gate)
        {
            Analyse(entries);
            var terms = entries.Select(entry => (Entry: entry, Terms: vectors[documents[entry]].Terms)).ToList();
            var asked = new AskedCase(subject, terms.ConvertAll(entry => entry.Terms), Embedder);
            return
            [
                .. from entry in terms
                   let scope = asked.ScopeOf(entry.Entry)
                   where scope != Relevance.Scope.Elsewhere
                   select (entry.Entry, asked.Compare(scope, entry.Terms, vectors[documents[entry.Entry]].Title, asked.IsTagged(entry.Entry))),
            ];
        }
    }

    private void Analyse(ImmutableArray<MemoryEntry> entries)
    {
        // Edited and deleted entries stay in the index until they are more than the others.
        if (documents.Count > (2 * entries.Length) + 100) (documents, words, vectors) = (new(ReferenceEqualityComparer.Instance), new(), []);
        foreach (var entry in entries)
            if (documents.TryAdd(entry, vectors.Count)) Add(entry);
    }

    private void Add(MemoryEntry entry)
    {
        var document = words.AddDocument();
        Index(document, entry.Title, TitleWeight);
        Index(document, entry.Text, 1);
        foreach (var tag in entry.Tags.Concat(entry.Waives).Concat(entry.Chooses)) Index(document, tag, TagWeight);
        foreach (var scope in entry.Scopes.Concat(entry.Rejects)) Index(document, scope, ScopeWeight);
        var title = entry.Tags.IsEmpty ? entry.Title : $"{entry.Title} {string.Join(' ', entry.Tags)}";
        vectors.Add(new(Embedder.Embed(title), Embedder.Embed($"{title}\n{(entry.Text.Length <= EmbeddedCharacters ? entry.Text : entry.Text[..EmbeddedCharacters])}"), EntryTerms.Of(entry)));
    }

    private void Index(int document, string text, double weight)
    {
        foreach (var word in Words.Of(text)) words.Add(document, word, weight);
    }
}
