using Microsoft.Extensions.AI;

namespace AgentHost.Knowledge.Embedding;

/// <summary>Chooses the embedder by configuration.</summary>
public static class EmbeddingGenerators
{
    /// <summary>The service's embedder where one is configured, else the built-in offline one.</summary>
    public static IEmbeddingGenerator<string, Embedding<float>> Create(EmbeddingEndpoint? endpoint = null) =>
        endpoint is null ? new StaticEmbeddingGenerator() : new EndpointEmbeddingGenerator(endpoint);
}
