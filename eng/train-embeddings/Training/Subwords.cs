using AgentHost.Knowledge.Embedding;

namespace AgentHost.TrainEmbeddings.Training;

/// <summary>Fits the rows of n-grams so that a word's n-grams give the word's vector, whole or misspelt: what an unknown word is then taken for.</summary>
internal static class Subwords
{
    private const int D = StaticModel.Dimensions, Slices = 8, Slice = D / Slices, Rounds = 12;

    public static void Fit(float[] rows, Vocabulary vocabulary, ParallelOptions threads)
    {
        var random = new FixedRandom(2);
        var words = Enumerable.Range(0, vocabulary.Keys.Length).Where(r => !vocabulary.Names[r].Contains(' ', StringComparison.Ordinal) && vocabulary.Names[r].Length > 2).ToArray();
        for (var round = 0; round < Rounds; round++)
        {
            var order = words.ToArray();
            random.Shuffle<int>(order);
            var grams = order.Select(row => Grams(vocabulary, (row + round) % 2 == 0 ? vocabulary.Names[row] : Misspelt(vocabulary.Names[row], random))).ToArray();
            var rate = 0.5f * (Rounds - round) / Rounds;
            Parallel.For(0, Slices, threads, slice =>
            {
                Span<float> error = stackalloc float[Slice];
                for (var i = 0; i < order.Length; i++)
                {
                    if (grams[i].Count == 0) continue;
                    rows.AsSpan(order[i] * D + slice * Slice, Slice).CopyTo(error);
                    foreach (var gram in grams[i]) Exact.Add(error, rows.AsSpan(gram * D + slice * Slice, Slice), -1f / grams[i].Count);
                    foreach (var gram in grams[i]) Exact.Add(rows.AsSpan(gram * D + slice * Slice, Slice), error, rate);
                }
            });
        }
    }

    /// <summary>The word with a letter left out, doubled, exchanged with its neighbour or replaced; short words stay.</summary>
    public static string Misspelt(string word, FixedRandom random)
    {
        if (word.Length < 5) return word;
        var letters = word.ToList();
        var i = 1 + random.Below(letters.Count - 2);
        switch (random.Below(4))
        {
            case 0: letters.RemoveAt(i); break;
            case 1: letters.Insert(i, letters[i]); break;
            case 2: (letters[i], letters[i + 1]) = (letters[i + 1], letters[i]); break;
            default: letters[i] = (char)('a' + random.Below(26)); break;
        }
        return string.Concat(letters);
    }

    private static List<int> Grams(Vocabulary vocabulary, string word)
    {
        var grams = new List<int>();
        vocabulary.Table.Grams(word, grams);
        return grams;
    }
}
