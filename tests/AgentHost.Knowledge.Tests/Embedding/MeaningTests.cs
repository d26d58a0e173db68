using System.Numerics.Tensors;
using AgentHost.Knowledge.Embedding;
using Xunit.Abstractions;

namespace AgentHost.Knowledge.Tests.Embedding;

/// <summary>What the model must have understood. The texts were written before the model was tuned, and it was not tuned on them.</summary>
public sealed class MeaningTests(ITestOutputHelper output)
{
    private static readonly StaticEmbeddingGenerator Embedder = new();

    private static readonly (string Text, string Near, string Far)[] Triples =
    [
        ("slow", "latency", "privilege"), ("delete", "remove", "compress"), ("fast", "quick", "foreign"), ("password", "authentication", "partition"), ("primary key", "unique identifier", "network socket"),
        ("fill up the disk", "out of space", "time zone"), ("the site hangs", "blocked waiting", "column names"), ("replica", "standby", "enum"), ("crash", "recovery", "alias"), ("money", "numeric", "trigger"),
        ("customer", "tenant", "checkpoint"), ("dead rows", "bloat", "password"), ("roll back", "undo", "collation"), ("concurrent", "parallel", "decimal"), ("schema change", "migration", "random number"),
        ("duplicate", "unique", "archive"), ("connection pool", "too many clients", "full text"), ("backup", "restore", "regular expression"), ("memory", "ram", "schema"), ("page through results", "offset limit", "foreign key"),
        ("date", "timestamp", "role"), ("mandatory field", "not null", "hash join"), ("rename", "change the name", "estimate"), ("permission denied", "grant", "vacuum"), ("stale statistics", "analyze", "sequence"),
        ("word search", "full text", "tablespace"), ("lock", "wait", "json"), ("error", "failure", "index"), ("guess", "estimate", "socket"), ("document store", "json", "deadlock"),
    ];

    [Fact]
    public void Synonyms_are_nearer_than_strangers()
    {
        var missed = Triples.Where(t => Similarity(t.Text, t.Near) <= Similarity(t.Text, t.Far)).ToArray();
        foreach (var t in Triples) output.WriteLine($"{t.Text}: {t.Near} {Similarity(t.Text, t.Near):F2}, {t.Far} {Similarity(t.Text, t.Far):F2}");
        Assert.True(missed.Length <= 2, string.Join("; ", missed));
    }

    [Theory]
    [InlineData("vaccum", "vacuum", "replication")]
    [InlineData("deadlok detected", "deadlock detected", "duplicate key")]
    [InlineData("postgers performence", "postgres performance", "foreign keys")]
    [InlineData("authetication", "authentication", "partitioning")]
    [InlineData("concurently", "concurrently", "numeric")]
    [InlineData("timout", "timeout", "tablespace")]
    public void A_misspelt_word_is_near_what_was_meant(string misspelt, string meant, string other) =>
        Assert.True(Similarity(misspelt, meant) > Similarity(misspelt, other) + 0.2f, $"{Similarity(misspelt, meant):F2} {Similarity(misspelt, other):F2}");

    [Theory]
    [InlineData("idle_in_transaction_session_timeout", "sessions idle in a transaction time out", "numeric precision")]
    [InlineData("maxParallelWorkers", "max parallel workers", "unique key")]
    [InlineData("pg_stat_activity", "pg stat activity", "char varchar")]
    public void An_identifier_is_near_its_parts(string identifier, string parts, string other) =>
        Assert.True(Similarity(identifier, parts) > Similarity(identifier, other) + 0.3f, $"{Similarity(identifier, parts):F2} {Similarity(identifier, other):F2}");

    private static float Similarity(string a, string b) => TensorPrimitives.Dot<float>(Embedder.Embed(a), Embedder.Embed(b));
}
