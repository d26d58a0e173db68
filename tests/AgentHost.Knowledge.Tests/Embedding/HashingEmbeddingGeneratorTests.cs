using AgentHost.Bench;
using System.Numerics.Tensors;
using AgentHost.Knowledge.Embedding;
using FsCheck;
using FsCheck.Fluent;

namespace AgentHost.Knowledge.Tests.Embedding;

public sealed class HashingEmbeddingGeneratorTests
{
    [Fact]
    public void Vectors_are_of_length_one_and_always_the_same()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<string>(), text =>
        {
            var vector = HashingEmbeddingGenerator.Embed(text ?? "");
            var norm = TensorPrimitives.Norm<float>(vector);
            return vector.Length == 256 && (norm == 0 || MathF.Abs(norm - 1) < 1e-4f) && vector.SequenceEqual(HashingEmbeddingGenerator.Embed(text ?? ""));
        }).Check(Config.QuickThrowOnFailure);
    }

    [Fact]
    public void Vectors_are_the_same_on_every_machine()
    {
        // A change here means that stored vectors no longer match: change ModelName with it.
        var vector = HashingEmbeddingGenerator.Embed("CREATE INDEX CONCURRENTLY can leave an invalid index behind");
        Assert.Equal(Expected, string.Join(' ', vector.Take(32).Select(v => (int)MathF.Round(v * 100))));
        Assert.Equal("agenthost-hashing-1", HashingEmbeddingGenerator.ModelName);
    }

    private const string Expected = "0 0 3 0 0 0 3 0 0 -7 -6 0 0 3 0 0 0 0 0 0 0 0 0 -3 0 -30 -3 8 0 3 3 0";

    [Theory]
    [InlineData("vacuuming large tables", "autovacuum falls behind", "foreign keys without downtime")]
    [InlineData("create the index concurrently", "building indexes concurrently", "choose a connection pool size")]
    [InlineData("idle_in_transaction_session_timeout", "sessions idle in transaction", "lookup tables or enums")]
    public void Texts_that_share_words_are_nearer_than_others(string text, string near, string far) =>
        Assert.True(Similarity(text, near) > Similarity(text, far) + 0.1f);

    private static float Similarity(string a, string b) =>
        TensorPrimitives.Dot<float>(HashingEmbeddingGenerator.Embed(a), HashingEmbeddingGenerator.Embed(b));
}
