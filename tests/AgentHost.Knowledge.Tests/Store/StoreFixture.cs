using AgentHost.Bench;
using System.Collections.Concurrent;
using AgentHost.Knowledge.Embedding;
using AgentHost.Postgres;
using Microsoft.Extensions.AI;
using Npgsql;

namespace AgentHost.Knowledge.Tests.Store;

/// <summary>A scratch database with pgvector, and a skills folder to write pages into.</summary>
public sealed class StoreFixture : IAsyncLifetime
{
    private readonly Memory.TemporaryFolder folder = new();
    private ScratchDatabase scratch = null!;

    public NpgsqlDataSource Source { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        scratch = await (await PrivateServer.ConnectAsync()).CreateScratchAsync();
        await scratch.ExecuteAsync("CREATE EXTENSION vector");
        Source = NpgsqlDataSource.Create(scratch.ConnectionString);
    }

    public async Task DisposeAsync()
    {
        await Source.DisposeAsync();
        await scratch.DisposeAsync();
        folder.Dispose();
    }

    public void Write(string slug, string text, string skill = "review-migration")
    {
        var path = Path.Combine(folder.Path, "skills", skill, "references", slug + ".md");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    public void WriteAsked(string yaml) => File.WriteAllText(Path.Combine(folder.Path, "skills", "review-migration", "asked.yaml"), yaml);

    public DocumentLibrary Library() => DocumentLibrary.Load(Path.Combine(folder.Path, "skills"));

    public void Delete(string slug) => File.Delete(Path.Combine(folder.Path, "skills", "review-migration", "references", slug + ".md"));

    public Task<KnowledgeStore> OpenAsync(IEmbeddingGenerator<string, Embedding<float>>? embedder = null) =>
        KnowledgeStore.OpenAsync(StoreDatabase.Over(Source), embedder ?? new CountingEmbedder(), DocumentLibrary.Load(Path.Combine(folder.Path, "skills")));

    public async Task ExecuteAsync(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<T> ScalarAsync<T>(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }
}

/// <summary>Counts the texts it embeds; optionally under another name and length.</summary>
public sealed class CountingEmbedder(string model = "counting-1", int dimensions = 256) : IEmbeddingGenerator<string, Embedding<float>>
{
    public ConcurrentQueue<string> Embedded { get; } = [];

    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        var vectors = new GeneratedEmbeddings<Embedding<float>>();
        foreach (var value in values)
        {
            Embedded.Enqueue(value);
            vectors.Add(new Embedding<float>(HashingEmbeddingGenerator.Embed(value).AsMemory(0, dimensions)));
        }
        return Task.FromResult(vectors);
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceType == typeof(EmbeddingGeneratorMetadata) ? new EmbeddingGeneratorMetadata("test", null, model, dimensions) : null;

    public void Dispose() { }
}
