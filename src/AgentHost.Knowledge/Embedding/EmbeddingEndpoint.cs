namespace AgentHost.Knowledge.Embedding;

/// <summary>An OpenAI-compatible embedding service, as configured.</summary>
/// <param name="Endpoint">The base address, as <c>https://api.openai.com/v1</c> or <c>http://localhost:11434/v1</c>.</param>
/// <param name="Model">The model's name there, as <c>text-embedding-3-small</c>.</param>
/// <param name="ApiKey">The key, or null where the service asks for none. It appears in no message and no <c>ToString</c>.</param>
/// <param name="Dimensions">The vectors' length to ask for, or null for the model's own.</param>
public sealed record EmbeddingEndpoint(Uri Endpoint, string Model, string? ApiKey = null, int? Dimensions = null)
{
    /// <inheritdoc />
    public override string ToString() => $"{Model} at {Endpoint.GetLeftPart(UriPartial.Path)}";
}
