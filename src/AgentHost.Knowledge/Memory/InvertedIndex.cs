using System.Runtime.InteropServices;

namespace AgentHost.Knowledge.Memory;

/// <summary>Okapi BM25 over weighted words (Robertson and Zaragoza, 2009), with k1 = 1.2 and b = 0.5, for texts that fit in memory.</summary>
internal sealed class InvertedIndex
{
    private const double K1 = 1.2, B = 0.5;
    private readonly Dictionary<string, List<(int Document, double Frequency)>> postings = new(StringComparer.Ordinal);
    private readonly List<double> lengths = [];
    private double totalLength;

    /// <summary>Adds the next document with its weighted words and returns its number.</summary>
    public int Add(Dictionary<string, double> words)
    {
        var document = lengths.Count;
        foreach (var (word, frequency) in words)
        {
            ref var posting = ref CollectionsMarshal.GetValueRefOrAddDefault(postings, word, out _);
            (posting ??= []).Add((document, frequency));
        }
        lengths.Add(words.Values.Sum());
        totalLength += lengths[document];
        return document;
    }

    /// <summary>The documents that hold a word of the query, with their scores, in no order.</summary>
    public Dictionary<int, double> Rank(IEnumerable<string> words)
    {
        var scores = new Dictionary<int, double>();
        var average = lengths.Count == 0 ? 1 : Math.Max(1, totalLength / lengths.Count);
        foreach (var word in words.Distinct(StringComparer.Ordinal))
        {
            if (!postings.TryGetValue(word, out var posting)) continue;
            var rarity = Rarity(posting.Count);
            foreach (var (document, frequency) in posting)
            {
                var norm = K1 * (1 - B + (B * lengths[document] / average));
                CollectionsMarshal.GetValueRefOrAddDefault(scores, document, out _) += rarity * frequency * (K1 + 1) / (frequency + norm);
            }
        }
        return scores;
    }

    /// <summary>What a document would score at most that held each word often; words that no document holds count as well.</summary>
    public double Most(IEnumerable<string> words) =>
        words.Distinct(StringComparer.Ordinal).Sum(word => Rarity(postings.TryGetValue(word, out var posting) ? posting.Count : 0) * (K1 + 1));

    private double Rarity(int documents) => Math.Log(1 + ((lengths.Count - documents + 0.5) / (documents + 0.5)));
}
