using System.Runtime.InteropServices;
using AgentHost.Knowledge.Embedding;
using AgentHost.TrainEmbeddings.Reading;

namespace AgentHost.TrainEmbeddings.Training;

/// <summary>The words and pairs of neighbouring words that get a row, and how often each is said.</summary>
/// <param name="Keys">Their hashes, ascending; the place is the row.</param>
/// <param name="Names">What they are, by row.</param>
/// <param name="Counts">Weighted occurrences, by row.</param>
/// <param name="Total">Weighted words in all.</param>
/// <param name="Buckets">How many rows of n-grams follow.</param>
/// <param name="Slips">The keys of slips of the pen, ascending, with the row of the word that is meant.</param>
internal sealed record Vocabulary(ulong[] Keys, string[] Names, long[] Counts, long Total, int Buckets, (ulong[] Keys, int[] Rows) Slips)
{
    public int Rows => Keys.Length + Buckets;

    public TokenTable Table => new(Keys, Buckets, Slips.Keys, Slips.Rows);

    public static Vocabulary Of(IReadOnlyList<Material> materials, Recipe recipe)
    {
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        var pairs = new Dictionary<string, long>(StringComparer.Ordinal);
        long total = 0;
        Span<char> buffer = stackalloc char[WordReader.LongestWord];
        foreach (var material in materials)
        {
            foreach (var text in material.Texts)
            {
                var reader = new WordReader(text, buffer);
                var before = "";
                while (reader.Next(out var span))
                {
                    var word = span.ToString();
                    CollectionsMarshal.GetValueRefOrAddDefault(counts, word, out _) += material.TextWeight;
                    if (before.Length > 0 && material.Name != "wordnet") CollectionsMarshal.GetValueRefOrAddDefault(pairs, before + ' ' + word, out _) += material.TextWeight;
                    total += material.TextWeight;
                    before = word;
                }
            }
        }
        var kept = counts.Where(c => c.Value > 2 && (!char.IsAsciiDigit(c.Key[0]) || c.Value > 20)).OrderByDescending(c => c.Value).ThenBy(c => c.Key, StringComparer.Ordinal).Take(recipe.Words).ToList();
        // A pair earns a row when it is said more often than its words' frequencies explain.
        kept.AddRange(pairs.Where(p => p.Value >= 24).Select(p => (Pair: p, Gain: p.Value * Exact.Log(p.Value * (double)total / Product(p.Key))))
            .OrderByDescending(p => p.Gain).ThenBy(p => p.Pair.Key, StringComparer.Ordinal).Take(recipe.Phrases).Select(p => p.Pair));
        var rows = kept.Select(k => (Key: KeyOf(k.Key), k.Key, k.Value)).OrderBy(r => r.Item1).DistinctBy(r => r.Item1).ToArray();
        return new Vocabulary([.. rows.Select(r => r.Item1)], [.. rows.Select(r => r.Item2)], [.. rows.Select(r => r.Item3)], total, recipe.Buckets, SlipsOf([.. rows.Select(r => (r.Item2, r.Item3))], recipe.Spelt));

        double Product(string pair) => pair.Split(' ') is var w ? (double)counts[w[0]] * counts[w[1]] : 0;
    }

    // Only the words that are said most are worth it; where two words share a slip, the one that is said more is meant.
    private static (ulong[] Keys, int[] Rows) SlipsOf((string Name, long Count)[] rows, int words)
    {
        var meant = new Dictionary<ulong, int>();
        var slips = new List<ulong>();
        var often = Enumerable.Range(0, rows.Length).Where(r => rows[r].Name.Length >= TokenTable.ShortestSlip && rows[r].Name.All(char.IsLetter)).OrderByDescending(r => rows[r].Count).ThenBy(r => r).Take(words);
        foreach (var row in often)
        {
            slips.Clear();
            TokenTable.SlipsOf(rows[row].Name, slips);
            foreach (var slip in slips) meant.TryAdd(slip, row);
        }
        var sorted = meant.OrderBy(m => m.Key).ToArray();
        return ([.. sorted.Select(m => m.Key)], [.. sorted.Select(m => m.Value)]);
    }

    private static ulong KeyOf(string name) =>
        name.IndexOf(' ', StringComparison.Ordinal) is > 0 and var gap ? TokenTable.HashOf(TokenTable.HashOf(name.AsSpan(0, gap)), TokenTable.HashOf(name.AsSpan(gap + 1))) : TokenTable.HashOf(name);
}
