using AgentHost.Bench;
using AgentHost.Knowledge.Embedding;
using AgentHost.Knowledge.Tests.Memory;
using Microsoft.Extensions.AI;

namespace AgentHost.Knowledge.Tests.Store;

public sealed class ModelTests : IAsyncLifetime
{
    private readonly StoreFixture store = new();
    private readonly TemporaryFolder team = new();

    public async Task InitializeAsync()
    {
        await store.InitializeAsync();
        store.Write("vacuum", "# Vacuum\n\nDead rows are removed by vacuum, which runs by itself when a share of the table's rows has changed since the last time.\n");
    }

    public Task DisposeAsync()
    {
        team.Dispose();
        return store.DisposeAsync();
    }

    [Fact]
    public async Task Another_model_embeds_what_is_there_and_touches_no_text()
    {
        File.WriteAllText(Path.Combine(team.Path, "rules.md"), "# Rules\n\nEvery quokka table of the billing team begins with its own prefix, so that its owner is known at first sight.\n");
        await (await store.OpenAsync()).IngestAsync("team", [team.Path]);
        var before = await TextRowsAsync();
        var second = new CountingEmbedder("counting-2", 64);
        var open = await store.OpenAsync(second);
        Assert.Equal(2, second.Embedded.Count);
        Assert.Equal("team/rules", (await open.SearchAsync("prefix of a quokka table"))[0].Document);
        Assert.Equal(before, await TextRowsAsync());
        Assert.Equal("64, 256", await store.ScalarAsync<string>("SELECT string_agg(dimensions::text, ', ' ORDER BY dimensions) FROM agenthost_knowledge_4.models"));
    }

    [Fact]
    public async Task A_service_that_gives_vectors_of_another_length_than_before_is_followed()
    {
        var service = new ChangingEmbedder();
        var open = await store.OpenAsync(service);
        service.Dimensions = 128;
        Assert.Equal("vacuum", (await open.SearchAsync("dead rows"))[0].Document);
        Assert.Equal("vacuum", (await (await store.OpenAsync(service)).SearchAsync("dead rows"))[0].Document);
        Assert.Equal(2, await store.ScalarAsync<long>("SELECT count(*) FROM agenthost_knowledge_4.embedded"));
    }

    [Fact]
    public async Task An_embedding_that_was_interrupted_is_resumed()
    {
        await store.OpenAsync();
        await store.ExecuteAsync("DELETE FROM agenthost_knowledge_4.embeddings; DELETE FROM agenthost_knowledge_4.embedded");
        var embedder = new CountingEmbedder();
        await store.OpenAsync(embedder);
        Assert.Single(embedder.Embedded);
        Assert.Equal(1, await store.ScalarAsync<long>("SELECT count(*) FROM agenthost_knowledge_4.embeddings"));
    }

    [Fact]
    public async Task Many_ingested_pieces_are_found_through_an_index_of_their_vectors()
    {
        File.WriteAllText(Path.Combine(team.Path, "many.md"), string.Concat(Enumerable.Range(0, 5100).Select(i =>
            $"## Island {i}\n\nThe {i}th island of the archipelago has {i} palms, a harbour of its own, and an inn in which travellers sleep until the ship of the next day comes.\n\n")));
        var open = await store.OpenAsync();
        Assert.InRange((await open.IngestAsync("team", [team.Path])).Chunks, 5000, 5200);
        Assert.Equal(1, await store.ScalarAsync<long>("SELECT count(*) FROM pg_indexes WHERE schemaname = 'agenthost_knowledge_4' AND indexdef LIKE '%hnsw%'"));
        Assert.Equal("Island 4711", (await open.SearchAsync("inn on the island 4711 of the archipelago"))[0].Section);
        Assert.Equal("Island 4711", (await open.SearchAsync("inn on the island 4711 of the archipelago", source: "team"))[0].Section);
        Assert.Equal("vacuum", (await open.SearchAsync("vacuum removes dead rows of a table"))[0].Document);
    }

    private Task<string> TextRowsAsync() => store.ScalarAsync<string>(
        "SELECT (SELECT string_agg(xmin::text || ctid::text, ' ' ORDER BY id) FROM agenthost_knowledge_4.chunks) || (SELECT string_agg(xmin::text || ctid::text, ' ' ORDER BY chunk_id) FROM agenthost_knowledge_4.chunk_texts)");

    private sealed class ChangingEmbedder : IEmbeddingGenerator<string, Embedding<float>>
    {
        public int Dimensions { get; set; } = 256;

        public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default) =>
            Task.FromResult(new GeneratedEmbeddings<Embedding<float>>(values.Select(v => new Embedding<float>(HashingEmbeddingGenerator.Embed(v).AsMemory(0, Dimensions)))));

        public object? GetService(Type serviceType, object? serviceKey = null) => serviceType == typeof(EmbeddingGeneratorMetadata) ? new EmbeddingGeneratorMetadata("test", null, "changing") : null;

        public void Dispose() { }
    }
}
