using AgentHost.Knowledge.Embedding;
using AgentHost.TrainEmbeddings.Reading;

namespace AgentHost.TrainEmbeddings.Training;

/// <summary>First vectors: what stands near what, factorised. The directions come from the company that a word keeps, the lengths from its rarity (SIF, Arora et al., 2017).</summary>
internal static class WordVectors
{
    private const int LeastCount = 8;
    private const double Shift = 0;

    public static float[] Of(IEnumerable<Material> materials, Vocabulary vocabulary, Recipe recipe, ParallelOptions threads, IProgress<string> progress)
    {
        const int D = StaticModel.Dimensions;
        var counts = new Cooccurrence(vocabulary.Keys.Length);
        var near = new List<(int Word, int Phrase)>();
        foreach (var material in materials)
            foreach (var text in material.Texts)
            {
                Read(text, vocabulary, recipe.Everyday, near);
                Count(near, counts, recipe.Window, material.TextWeight);
            }
        var matrix = counts.Ppmi(LeastCount, Shift);
        progress.Report($"{matrix.Columns.Length} neighbourhoods");
        var vectors = TruncatedSvd.Vectors(matrix, D, powerIterations: 2, threads);
        var rows = new float[vocabulary.Rows * D];
        for (var row = 0; row < vocabulary.Keys.Length; row++)
        {
            var vector = rows.AsSpan(row * D, D);
            vectors.AsSpan(row * D, D).CopyTo(vector);
            Exact.Normalize(vector);
            Exact.Scale(vector, (float)(recipe.Rarity / (recipe.Rarity + vocabulary.Counts[row] / (double)vocabulary.Total)));
        }
        return rows;
    }

    // Everyday words are left out, so that the window reaches further.
    private static void Read(string text, Vocabulary vocabulary, float everyday, List<(int Word, int Phrase)> near)
    {
        near.Clear();
        Span<char> buffer = stackalloc char[WordReader.LongestWord];
        var reader = new WordReader(text, buffer);
        var before = 0UL;
        while (reader.Next(out var word))
        {
            var hash = TokenTable.HashOf(word);
            var row = vocabulary.Table.Find(hash);
            var phrase = before == 0 ? -1 : vocabulary.Table.Find(TokenTable.HashOf(before, hash));
            before = hash;
            if (row >= 0 && vocabulary.Counts[row] > vocabulary.Total * everyday) row = -1;
            if (row >= 0 || phrase >= 0) near.Add((row, phrase));
        }
    }

    private static void Count(List<(int Word, int Phrase)> near, Cooccurrence counts, int window, int weight)
    {
        for (var i = 0; i < near.Count; i++)
        {
            var (word, phrase) = near[i];
            for (var j = i + 1; j <= Math.Min(i + window, near.Count - 1); j++)
            {
                var (word2, phrase2) = near[j];
                var each = weight * (window + 1 - (j - i));
                if (word >= 0 && word2 >= 0) counts.Add(word, word2, each);
                if (phrase >= 0 && word2 >= 0) counts.Add(phrase, word2, each);
                if (phrase2 >= 0 && word >= 0 && j > i + 1) counts.Add(word, phrase2, each);
            }
        }
    }
}
