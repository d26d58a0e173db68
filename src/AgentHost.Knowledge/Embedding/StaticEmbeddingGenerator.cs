using Microsoft.Extensions.AI;

namespace AgentHost.Knowledge.Embedding;

/// <summary>
/// The built-in offline embedder: AgentHost's own static embedding, trained on PostgreSQL's manual and the best-practice pages (docs/embedding.md). A text's vector is the sum of its
/// words' vectors, whose lengths are what each word tells; unknown words count by their spelling. It sees meaning: "site hangs" is near "blocked by a lock".
/// Deterministic on every machine; safe for many threads; the model's file is read when the first text comes.
/// </summary>
public sealed class StaticEmbeddingGenerator : IEmbeddingGenerator<string, Embedding<float>>
{
    /// <summary>The length of its vectors.</summary>
    public const int Dimensions = StaticModel.Dimensions;

    private readonly Lazy<StaticModel> model;
    private readonly Lazy<EmbeddingGeneratorMetadata> metadata;

    /// <summary>An embedder over the model's file that lies beside the program, or over another.</summary>
    /// <param name="path">The file, or null for the program's own. It is not opened before it is needed.</param>
    public StaticEmbeddingGenerator(string? path = null)
    {
        path ??= DefaultPath;
        model = new Lazy<StaticModel>(() => StaticModel.Load(path));
        metadata = new Lazy<EmbeddingGeneratorMetadata>(
            () => new("agenthost", providerUri: null, $"agenthost-static-1-{Convert.ToHexStringLower(StaticModelHeader.Read(path).Content.Span[..6])}", Dimensions));
    }

    /// <summary>Where the program's own model lies.</summary>
    public static string DefaultPath => Path.Combine(AppContext.BaseDirectory, "embedding", "agenthost-static-1.bin");

    /// <summary>The name under which stores record it: another for every other content of the file.</summary>
    /// <exception cref="KnowledgeException">The model's file is missing or of another format.</exception>
    public string ModelName => metadata.Value.DefaultModelId!;

    /// <inheritdoc />
    /// <exception cref="KnowledgeException">The model's file is missing, damaged or of another format.</exception>
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
    /// <exception cref="KnowledgeException">The model's file is missing, damaged or of another format.</exception>
    public float[] Embed(string text) => model.Value.Embed(text);

    /// <inheritdoc />
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null : serviceType == typeof(EmbeddingGeneratorMetadata) ? metadata.Value : serviceType.IsInstanceOfType(this) ? this : null;
    }

    /// <inheritdoc />
    public void Dispose() { }
}
