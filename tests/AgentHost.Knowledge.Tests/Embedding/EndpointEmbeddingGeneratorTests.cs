using AgentHost.Knowledge.Embedding;

namespace AgentHost.Knowledge.Tests.Embedding;

public sealed class EndpointEmbeddingGeneratorTests : IDisposable
{
    private const string Key = "sk-not-to-be-shown";
    private readonly EmbeddingServer server = new();

    public void Dispose() => server.Dispose();

    [Fact]
    public async Task Texts_are_sent_in_batches_and_come_back_in_their_order()
    {
        using var generator = EmbeddingGenerators.Create(new EmbeddingEndpoint(server.Address, "tiny", Key, 2));
        var texts = Enumerable.Range(1, 100).Select(n => new string('x', n)).ToArray();
        var vectors = await generator.GenerateAsync(texts);
        Assert.Equal(texts.Select(t => (float)t.Length), vectors.Select(v => v.Vector.Span[0]));
        Assert.Equal([64, 36], server.Requests.Select(r => r.Body["input"]!.AsArray().Count));
        Assert.All(server.Requests, r => Assert.Equal(("Bearer " + Key, "tiny", 2), (r.Authorization, r.Body["model"]!.GetValue<string>(), r.Body["dimensions"]!.GetValue<int>())));
    }

    [Theory]
    [InlineData(401, "API key")]
    [InlineData(404, "address or the model")]
    [InlineData(400, "HTTP 400")]
    public async Task A_refusal_says_what_to_check_and_never_shows_the_key(int status, string reason)
    {
        (server.Status, server.Answer) = (status, $$$"""{"error":{"message":"Incorrect API key provided: {{{Key}}}"}}""");
        using var generator = new EndpointEmbeddingGenerator(new EmbeddingEndpoint(server.Address, "tiny", Key));
        var error = await Assert.ThrowsAsync<KnowledgeException>(() => generator.GenerateAsync(["text"]));
        Assert.Contains(reason, error.Message);
        Assert.DoesNotContain(Key, error.ToString());
        Assert.DoesNotContain(Key, new EmbeddingEndpoint(server.Address, "tiny", Key).ToString());
    }

    [Fact]
    public async Task An_answer_in_another_format_is_told()
    {
        server.Answer = """{"hello":"world"}""";
        using var generator = new EndpointEmbeddingGenerator(new EmbeddingEndpoint(server.Address, "tiny"));
        Assert.Contains("failed", (await Assert.ThrowsAsync<KnowledgeException>(() => generator.GenerateAsync(["text"]))).Message);
    }

    [Fact]
    public async Task A_service_that_is_not_there_is_told()
    {
        server.Dispose();
        using var generator = new EndpointEmbeddingGenerator(new EmbeddingEndpoint(server.Address, "tiny"), TimeSpan.FromSeconds(2));
        Assert.Contains("cannot be reached", (await Assert.ThrowsAsync<KnowledgeException>(() => generator.GenerateAsync(["text"]))).Message);
    }
}
