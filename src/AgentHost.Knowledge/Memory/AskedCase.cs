using System.Collections.Immutable;
using System.Numerics.Tensors;
using AgentHost.Knowledge.Embedding;

namespace AgentHost.Knowledge.Memory;

/// <summary>A case, compared with entry after entry. What many entries are about tells little, so each matter and name counts by its rarity among them.</summary>
internal sealed class AskedCase
{
    // A name without an underscore may be an everyday word.
    private const double PlainName = 0.6;

    private readonly Relevance relevance;
    private readonly ImmutableHashSet<int> matters;
    private readonly HashSet<string> names;
    private readonly Dictionary<int, double> titleRarity = [], bodyRarity = [];
    private readonly Dictionary<string, double> nameRarity = new(StringComparer.Ordinal);
    private readonly float[] meaning;
    private readonly List<float[]> found;

    /// <param name="subject">The case.</param>
    /// <param name="terms">What all entries are about, for the rarities.</param>
    /// <param name="embedder">Tells meanings.</param>
    public AskedCase(MemoryCase subject, List<EntryTerms> terms, StaticEmbeddingGenerator embedder)
    {
        relevance = new(subject.Relations, subject.Topics);
        matters = Concerns.OfCase(subject);
        names = CaseNames.Of(subject);
        foreach (var matter in matters)
        {
            var inTitles = terms.Count(entry => entry.Title.Contains(matter));
            titleRarity[matter] = Rarity(inTitles, terms.Count);
            bodyRarity[matter] = Rarity(inTitles + terms.Count(entry => entry.Body.Contains(matter)), terms.Count);
        }
        foreach (var name in names)
            nameRarity[name] = Rarity(terms.Count(entry => entry.Names.Contains(name)), terms.Count) * (name.Contains('_', StringComparison.Ordinal) ? 1 : PlainName);
        meaning = embedder.Embed(subject.Text);
        found = [.. subject.Topics.Select(topic => embedder.Embed(topic.Replace('-', ' ')))];
    }

    public Relevance.Scope ScopeOf(MemoryEntry entry) => relevance.ScopeOf(entry);

    public bool IsTagged(MemoryEntry entry) => relevance.IsTagged(entry);

    /// <summary>What speaks for the entry.</summary>
    public CaseFeatures Compare(Relevance.Scope scope, EntryTerms entry, float[] title, bool isTagged)
    {
        var inTitle = matters.Intersect(entry.Title);
        return new(
            scope == Relevance.Scope.Exact ? 1 : 0, scope == Relevance.Scope.Anywhere ? 1 : 0,
            Most(inTitle, titleRarity), Most(matters.Intersect(entry.Body), bodyRarity), Math.Min(3, inTitle.Count) / 3.0, Most(names.Where(entry.Names.Contains), nameRarity),
            Near(title, meaning), found.Count == 0 ? 0 : found.Max(topic => Near(title, topic))) { IsTagged = isTagged };
    }

    private static double Most<T>(IEnumerable<T> shared, Dictionary<T, double> rarity)
        where T : notnull => shared.Select(item => rarity[item]).DefaultIfEmpty(0).Max();

    // Between 0 (in every entry) and 1 (in none); in a memory of few entries one that holds it says less.
    private static double Rarity(int holding, int entries) => Math.Max(0, Math.Log((Math.Max(entries, 20) + 1) / (holding + 0.5)) / Math.Log(Math.Max(entries, 20) + 1));

    private static double Near(float[] a, float[] b) => Math.Max(0, TensorPrimitives.Dot(a, b));
}
