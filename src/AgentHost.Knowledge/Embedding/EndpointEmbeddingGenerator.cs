using System.ClientModel;
using System.ClientModel.Primitives;
using Microsoft.Extensions.AI;
using OpenAI;
using OpenAI.Embeddings;
using EmbeddingGenerationOptions = Microsoft.Extensions.AI.EmbeddingGenerationOptions;

namespace AgentHost.Knowledge.Embedding;

/// <summary>Embeds with an OpenAI-compatible service (OpenAI, Azure OpenAI's v1 surface, Ollama, LM Studio, …).</summary>
public sealed class EndpointEmbeddingGenerator : IEmbeddingGenerator<string, Embedding<float>>
{
    private const int BatchSize = 64;

    private readonly EmbeddingEndpoint endpoint;
    private readonly EmbeddingClient client;

    /// <summary>Prepares the client; nothing is sent before texts are embedded.</summary>
    /// <param name="endpoint">The service.</param>
    /// <param name="timeout">The longest wait for one answer; 30 s where null.</param>
    public EndpointEmbeddingGenerator(EmbeddingEndpoint endpoint, TimeSpan? timeout = null)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        this.endpoint = endpoint;
        // Local services ask for no key, but the client insists on one.
        var key = new ApiKeyCredential(string.IsNullOrWhiteSpace(endpoint.ApiKey) ? "none" : endpoint.ApiKey);
        client = new EmbeddingClient(endpoint.Model, key, new OpenAIClientOptions
        {
            Endpoint = endpoint.Endpoint,
            NetworkTimeout = timeout ?? TimeSpan.FromSeconds(30),
            RetryPolicy = new ClientRetryPolicy(maxRetries: 2),
        });
    }

    /// <inheritdoc />
    /// <exception cref="KnowledgeException">The service cannot be reached, refuses, or answers with something else than a vector a text.</exception>
    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        var embeddings = new GeneratedEmbeddings<Embedding<float>>();
        foreach (var batch in values.Chunk(BatchSize))
            foreach (var vector in await AskAsync(batch, options?.Dimensions ?? endpoint.Dimensions, cancellationToken).ConfigureAwait(false))
                embeddings.Add(new Embedding<float>(vector) { ModelId = endpoint.Model });
        return embeddings;
    }

    /// <inheritdoc />
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(EmbeddingGeneratorMetadata) ? new EmbeddingGeneratorMetadata("openai", endpoint.Endpoint, endpoint.Model, endpoint.Dimensions)
            : serviceType.IsInstanceOfType(this) ? this : null;
    }

    /// <inheritdoc />
    public void Dispose() { }

    private async Task<ReadOnlyMemory<float>[]> AskAsync(string[] batch, int? dimensions, CancellationToken ct)
    {
        try
        {
            var options = new OpenAI.Embeddings.EmbeddingGenerationOptions { Dimensions = dimensions };
            OpenAIEmbeddingCollection answer = await client.GenerateEmbeddingsAsync(batch, options, ct).ConfigureAwait(false);
            if (answer.Count != batch.Length) throw Failure($"it gave {answer.Count} vectors for {batch.Length} texts", inner: null);
            return [.. answer.OrderBy(e => e.Index).Select(e => e.ToFloats())];
        }
        catch (ClientResultException e)
        {
            // The inner exception may quote the request or the key (OpenAI's 401 does), so it goes no further.
            throw Failure(e.Status switch
            {
                0 => "it cannot be reached",
                401 or 403 => $"it refused the API key (HTTP {e.Status}); check the configured key",
                404 => "it does not know the address or the model (HTTP 404); check both",
                429 => "it is overloaded or the quota is used up (HTTP 429)",
                _ => $"it answered HTTP {e.Status}",
            }, inner: null);
        }
        catch (Exception e) when (e is AggregateException or HttpRequestException or TimeoutException or TaskCanceledException && !ct.IsCancellationRequested)
        {
            throw Failure("it cannot be reached or does not answer in time", inner: null);
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException or KeyNotFoundException or System.Text.Json.JsonException)
        {
            throw Failure("its answer is not in OpenAI's format", e);
        }
    }

    private KnowledgeException Failure(string what, Exception? inner) =>
        new($"The embedding service {endpoint} failed: {what}. Without an endpoint configured, the built-in offline embedder is used.", inner);
}
