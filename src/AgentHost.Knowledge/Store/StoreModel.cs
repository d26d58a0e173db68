using System.Globalization;
using Microsoft.Extensions.AI;

namespace AgentHost.Knowledge.Store;

/// <summary>The model whose vectors a host searches by, as the store records it.</summary>
/// <param name="Id">Its number in the store.</param>
/// <param name="Name">Its name.</param>
/// <param name="Dimensions">The length of its vectors.</param>
internal sealed record StoreModel(int Id, string Name, int Dimensions)
{
    /// <summary>The longest vector of halves that pgvector's HNSW takes; longer ones are compared one by one.</summary>
    public const int LongestIndexed = 4000;

    /// <summary>Neighbours a node, and candidates looked at while building: recall against time, measured at 200,000 chunks.</summary>
    public const int Neighbours = 16, BuildCandidates = 100;

    /// <summary>The model's index over our pages, and the one over what was ingested: a search in the one does not wade through the other.</summary>
    public string Index(bool isBuiltIn) => $"embeddings_hnsw_{(isBuiltIn ? "builtin" : "ingested")}_{Id.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>The vector with its length, as the index holds it.</summary>
    public string Vector => $"embedding::halfvec({Dimensions.ToString(CultureInfo.InvariantCulture)})";

    /// <summary>The name by which a store knows an embedder.</summary>
    public static (string Name, int? Dimensions) Of(IEmbeddingGenerator<string, Embedding<float>> embedder)
    {
        var metadata = embedder.GetService(typeof(EmbeddingGeneratorMetadata)) as EmbeddingGeneratorMetadata;
        return (metadata?.DefaultModelId ?? embedder.GetType().Name, metadata?.DefaultModelDimensions);
    }
}
