using System.Numerics;
using System.Numerics.Tensors;
using AgentHost.Knowledge.Embedding;

namespace AgentHost.Knowledge.Memory;

/// <summary>A case, compared with entry after entry. What many entries are about tells little, so each matter and name counts by its rarity among them.</summary>
internal sealed class AskedCase
{
    // A name without an underscore may be an everyday word.
    private const double PlainName = 0.6;

    private readonly Relevance relevance;
    private readonly TermCounts counts;
    private readonly ulong matters;
    private readonly Dictionary<int, double> names;
    private readonly float[] meaning;
    private readonly List<float[]> found;

    /// <param name="subject">The case.</param>
    /// <param name="counts">What all entries are about, for the rarities.</param>
    /// <param name="embedder">Tells meanings.</param>
    public AskedCase(MemoryCase subject, TermCounts counts, StaticEmbeddingGenerator embedder)
    {
        this.counts = counts;
        relevance = new(subject.Relations, subject.Topics);
        matters = Concerns.OfCase(subject);
        names = (from name in CaseNames.Of(subject)
                 let number = counts.NumberOf(name)
                 where number is not null
                 select (Number: number.Value, Rarity: counts.RarityOfName(number.Value) * (name.Contains('_', StringComparison.Ordinal) ? 1 : PlainName))).ToDictionary(name => name.Number, name => name.Rarity);
        meaning = embedder.Embed(subject.Text);
        found = [.. subject.Topics.Select(topic => embedder.Embed(topic.Replace('-', ' ')))];
    }

    public Relevance.Scope ScopeOf(MemoryEntry entry) => relevance.ScopeOf(entry);

    /// <summary>What speaks for the entry.</summary>
    public CaseFeatures Compare(MemoryEntry entry, Relevance.Scope scope, EntryTerms terms, float[] title)
    {
        var (inTitle, inBody) = (matters & terms.Title, matters & terms.Body);
        var name = 0.0;
        foreach (var number in terms.Names)
            if (names.TryGetValue(number, out var rarity) && rarity > name) name = rarity;
        return new(
            scope == Relevance.Scope.Exact ? 1 : 0, scope == Relevance.Scope.Anywhere ? 1 : 0,
            Rarest(inTitle, counts.RarityInTitles), Rarest(inBody, counts.RarityOfMatter), Math.Min(3, BitOperations.PopCount(inTitle)) / 3.0, name,
            Near(title, meaning), found.Count == 0 ? 0 : found.Max(topic => Near(title, topic)))
        {
            IsTagged = relevance.IsTagged(entry),
        };
    }

    private static double Rarest(ulong shared, Func<int, double> rarity)
    {
        var most = 0.0;
        for (; shared != 0; shared &= shared - 1) most = Math.Max(most, rarity(BitOperations.TrailingZeroCount(shared)));
        return most;
    }

    private static double Near(float[] a, float[] b) => Math.Max(0, TensorPrimitives.Dot(a, b));
}
