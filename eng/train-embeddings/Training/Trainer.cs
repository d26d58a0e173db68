using System.Security.Cryptography;
using System.Runtime.InteropServices;
using AgentHost.Knowledge.Embedding;
using AgentHost.TrainEmbeddings.Reading;

namespace AgentHost.TrainEmbeddings.Training;

/// <summary>Makes a model's file from the materials.</summary>
internal static class Trainer
{
    private const int D = StaticModel.Dimensions;

    public static byte[] Train(IReadOnlyList<Material> materials, Recipe recipe, int threadCount, IProgress<string> progress)
    {
        var threads = new ParallelOptions { MaxDegreeOfParallelism = threadCount };
        var vocabulary = Vocabulary.Of(materials, recipe);
        progress.Report($"{vocabulary.Keys.Length} words and phrases in {vocabulary.Total} (weighted)");
        var rows = WordVectors.Of(materials, vocabulary, recipe, threads, progress);
        progress.Report("first vectors made");
        Contrast(rows, vocabulary, materials, recipe, threads, progress);
        Subwords.Fit(rows, vocabulary, threads);
        progress.Report("n-grams fitted");
        return Written(rows, vocabulary, Digest(materials, recipe));
    }

    /// <summary>The digest of everything that decides the file.</summary>
    public static byte[] Digest(IEnumerable<Material> materials, Recipe recipe)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        void Add(string text) => hash.AppendData(MemoryMarshal.AsBytes((text + '\0').AsSpan()));
        Add(recipe.ToString());
        foreach (var material in materials)
        {
            Add($"{material.Name} {material.TextWeight}");
            foreach (var text in material.Texts) Add(text);
            foreach (var (group, first, second) in material.Pairs.Concat(material.Cloze))
            {
                Add(group);
                Add(first);
                Add(second);
            }
        }
        return hash.GetHashAndReset();
    }

    private static void Contrast(float[] rows, Vocabulary vocabulary, IReadOnlyList<Material> materials, Recipe recipe, ParallelOptions threads, IProgress<string> progress)
    {
        var groups = new Dictionary<string, int>(StringComparer.Ordinal);
        var cache = new Dictionary<string, Token[]>(StringComparer.Ordinal);
        var stacks = materials.SelectMany(m => new[] { (m.Name, m.Pairs), (Name: m.Name + "-cloze", Pairs: m.Cloze) }).Where(s => s.Pairs.Count > 0 && recipe.Batch.GetValueOrDefault(s.Name) > 0);
        var decks = stacks.Select(s => new Deck([.. s.Pairs.Select(PairOf).Where(p => p.First.Length > 0 && p.Second.Length > 0)], recipe.Batch[s.Name])).ToArray();
        var training = new ContrastiveTraining(rows, recipe.Sharpness, threads);
        var random = new FixedRandom(3);
        double loss = 0;
        for (var step = 0; step < recipe.Steps; step++)
        {
            var batch = decks.SelectMany(d => d.Draw(random)).ToArray();
            batch = batch[..(batch.Length / 8 * 8)];
            // Warm for a twentieth, then down to a tenth.
            var rate = recipe.Rate * Math.Min(1, (step + 1) * 20f / recipe.Steps) * (1 - 0.9f * step / recipe.Steps);
            loss += training.Step(batch, rate);
            if ((step + 1) % 100 != 0) continue;
            progress.Report($"step {step + 1}: loss {loss / 100:F3}");
            loss = 0;
        }

        TokenPair PairOf(Pair pair)
        {
            ref var group = ref CollectionsMarshal.GetValueRefOrAddDefault(groups, pair.Group, out _);
            if (group == 0) group = groups.Count;
            return new TokenPair(group, TokensOf(pair.First), TokensOf(pair.Second));
        }

        Token[] TokensOf(string text)
        {
            ref var tokens = ref CollectionsMarshal.GetValueRefOrAddDefault(cache, text, out _);
            return tokens ??= [.. vocabulary.Table.Tokens(text).Where(t => t.Row < vocabulary.Keys.Length)];
        }
    }

    // A row's scale is its largest number's 127th.
    private static byte[] Written(float[] rows, Vocabulary vocabulary, byte[] inputs)
    {
        using var content = new MemoryStream();
        content.Write(MemoryMarshal.AsBytes<ulong>(vocabulary.Keys));
        content.Write(MemoryMarshal.AsBytes<ulong>(vocabulary.Slips.Keys));
        content.Write(MemoryMarshal.AsBytes<int>(vocabulary.Slips.Rows));
        var scales = new float[vocabulary.Rows];
        var quantised = new sbyte[rows.Length];
        for (var row = 0; row < scales.Length; row++)
        {
            var vector = rows.AsSpan(row * D, D);
            float largest = 0;
            foreach (var x in vector) largest = Math.Max(largest, Math.Abs(x));
            if (largest == 0) continue;
            scales[row] = largest / 127;
            for (var i = 0; i < D; i++) quantised[row * D + i] = (sbyte)MathF.Round(vector[i] / scales[row]);
        }
        content.Write(MemoryMarshal.AsBytes<float>(scales));
        content.Write(MemoryMarshal.AsBytes<sbyte>(quantised));
        var bytes = content.ToArray();
        return [.. new StaticModelHeader(vocabulary.Keys.Length, vocabulary.Buckets, vocabulary.Slips.Keys.Length, inputs, SHA256.HashData(bytes)).ToBytes(), .. bytes];
    }

    // Pairs dealt from a shuffled stack, which is shuffled again when it is used up.
    private sealed class Deck(TokenPair[] pairs, int share)
    {
        private int at = pairs.Length;

        public int Share { get; } = Math.Min(share, pairs.Length);

        public int Count => pairs.Length;

        public IEnumerable<TokenPair> Draw(FixedRandom random)
        {
            for (var i = 0; i < Share; i++)
            {
                if (at == pairs.Length)
                {
                    random.Shuffle<TokenPair>(pairs);
                    at = 0;
                }
                yield return pairs[at++];
            }
        }
    }
}
