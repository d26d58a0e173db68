using System.Collections.Frozen;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using AgentHost.Knowledge;
using Microsoft.Extensions.AI;

namespace AgentHost.Bench;

/// <summary>
/// What the model is measured beside: words, neighbouring words and character n-grams, hashed with a sign into 256 dimensions (feature hashing, Weinberger et al., 2009),
/// rare shapes weighted above the field's everyday words, length 1. It sees spelling, not meaning: "vacuuming" is near "autovacuum", "slow" is not near "latency".
/// Deterministic on every machine; safe for many threads.
/// </summary>
internal sealed class HashingEmbeddingGenerator : IEmbeddingGenerator<string, Embedding<float>>
{
    /// <summary>The length of its vectors.</summary>
    public const int Dimensions = 256;

    /// <summary>The name under which stores record it; changed whenever a text's vector changes.</summary>
    public const string ModelName = "agenthost-hashing-1";

    private const float WordWeight = 1, PairWeight = 0.5f, GramWeight = 0.35f, EverydayWeight = 0.45f;

    private static readonly FrozenSet<string> Everyday = FrozenSet.ToFrozenSet(
        Words.Of("table column index query row database postgres postgresql sql value use using data select create alter add set time need make safe page run").Distinct(), StringComparer.Ordinal);

    private readonly EmbeddingGeneratorMetadata metadata = new("agenthost", providerUri: null, ModelName, Dimensions);

    /// <inheritdoc />
    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        var embeddings = new GeneratedEmbeddings<Embedding<float>>();
        foreach (var value in values)
        {
            cancellationToken.ThrowIfCancellationRequested();
            embeddings.Add(new Embedding<float>(Embed(value)) { ModelId = ModelName });
        }
        return Task.FromResult(embeddings);
    }

    /// <summary>The vector of one text: of length 1, or zero where the text has no words.</summary>
    public static float[] Embed(string text)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        var pairs = new HashSet<string>(StringComparer.Ordinal);
        var before = "";
        foreach (var word in Words.Of(text))
        {
            CollectionsMarshal.GetValueRefOrAddDefault(counts, word, out _)++;
            if (before.Length > 0) pairs.Add(before + ' ' + word);
            before = word;
        }
        var vector = new float[Dimensions];
        foreach (var (word, count) in counts) AddWord(vector, word, (1 + MathF.Log(count)) * Rarity(word));
        foreach (var pair in pairs) Add(vector, pair, PairWeight);
        var norm = TensorPrimitives.Norm<float>(vector);
        if (norm > 0) TensorPrimitives.Divide(vector, norm, vector);
        return vector;
    }

    /// <inheritdoc />
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null : serviceType == typeof(EmbeddingGeneratorMetadata) ? metadata : serviceType.IsInstanceOfType(this) ? this : null;
    }

    /// <inheritdoc />
    public void Dispose() { }

    // Without a corpus at hand, length and everyday use stand in for the inverse document frequency.
    private static float Rarity(string word) => Everyday.Contains(word) ? EverydayWeight : word.Length switch { <= 2 => 0.6f, <= 5 => 1, _ => 1.2f };

    private static void AddWord(float[] vector, string word, float weight)
    {
        Add(vector, word, weight * WordWeight);
        if (word.Length < 5) return;
        Span<char> framed = stackalloc char[Math.Min(word.Length, 62) + 2];
        framed[0] = framed[^1] = '^';
        word.AsSpan(0, framed.Length - 2).CopyTo(framed[1..]);
        const int Size = 4;
        var each = weight * GramWeight / MathF.Sqrt(framed.Length - Size + 1);
        for (var i = 0; i + Size <= framed.Length; i++) Add(vector, framed.Slice(i, Size), each);
    }

    // Two places a feature: a collision in one of them seldom meets a collision in the other.
    private static void Add(float[] vector, ReadOnlySpan<char> feature, float weight)
    {
        var hash = Hash(feature);
        vector[(int)(hash & 0xFF)] += (hash & 0x10000) == 0 ? weight : -weight;
        vector[(int)((hash >> 32) & 0xFF)] += (hash & 0x20000) == 0 ? weight : -weight;
    }

    // FNV-1a with a finalizer (MurmurHash3's), so that low bits depend on every letter.
    private static ulong Hash(ReadOnlySpan<char> feature)
    {
        var hash = 14695981039346656037UL;
        foreach (var c in feature) hash = (hash ^ c) * 1099511628211UL;
        hash ^= hash >> 33;
        hash *= 0xff51afd7ed558ccdUL;
        hash ^= hash >> 33;
        hash *= 0xc4ceb9fe1a85ec53UL;
        return hash ^ (hash >> 33);
    }
}
