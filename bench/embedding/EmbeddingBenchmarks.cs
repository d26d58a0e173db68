using AgentHost.Bench;
using AgentHost.Knowledge;
using AgentHost.Knowledge.Embedding;
using BenchmarkDotNet.Attributes;

namespace AgentHost.Bench.Embedding;

/// <summary>The built-in embedder beside the hashing one: short texts as people ask them, whole sections of pages, and reading the model's file.</summary>
[MemoryDiagnoser]
[InProcess]
[MinColumn]
[MedianColumn]
public class EmbeddingBenchmarks : IDisposable
{
    private static readonly string[] Questions =
    [
        "how do I add an index without blocking writes", "site hangs when we deploy a migration", "idle_in_transaction_session_timeout", "dead rows pile up and vacuum does not keep up",
        "FATAL: sorry, too many clients already", "uuid or auto increment for ids", "deadlok detected in nightly job", "is it safe to drop a column",
    ];

    private readonly StaticEmbeddingGenerator trained = new();
    private string[] sections = [];

    /// <summary>Reads the pages.</summary>
    [GlobalSetup]
    public void Setup()
    {
        sections = [.. DocumentLibrary.Load(Path.Combine(AppContext.BaseDirectory, "skills")).Documents.SelectMany(d => d.Sections).Select(s => s.Text).Where(t => t.Length > 400).Take(256)];
        trained.Embed("");
    }

    /// <summary>A question, by the trained model.</summary>
    [Benchmark(OperationsPerInvoke = 8)]
    public float QuestionStatic()
    {
        var sum = 0f;
        foreach (var question in Questions) sum += trained.Embed(question)[0];
        return sum;
    }

    /// <summary>A question, by hashing.</summary>
    [Benchmark(OperationsPerInvoke = 8)]
    public float QuestionHashing()
    {
        var sum = 0f;
        foreach (var question in Questions) sum += HashingEmbeddingGenerator.Embed(question)[0];
        return sum;
    }

    /// <summary>A section of a page, by the trained model.</summary>
    [Benchmark(OperationsPerInvoke = 256)]
    public float SectionStatic()
    {
        var sum = 0f;
        foreach (var section in sections) sum += trained.Embed(section)[0];
        return sum;
    }

    /// <summary>A section of a page, by hashing.</summary>
    [Benchmark(OperationsPerInvoke = 256)]
    public float SectionHashing()
    {
        var sum = 0f;
        foreach (var section in sections) sum += HashingEmbeddingGenerator.Embed(section)[0];
        return sum;
    }

    /// <summary>The file read and verified, and a first text embedded.</summary>
    [Benchmark]
    public float Load()
    {
        using var fresh = new StaticEmbeddingGenerator();
        return fresh.Embed("lock timeout")[0];
    }

    /// <inheritdoc />
    public void Dispose()
    {
        trained.Dispose();
        GC.SuppressFinalize(this);
    }
}
