using System.Numerics.Tensors;
using System.Security.Cryptography;
using System.Runtime.InteropServices;
using AgentHost.Knowledge.Embedding;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.AI;

namespace AgentHost.Knowledge.Tests.Embedding;

public sealed class StaticEmbeddingGeneratorTests
{
    private static readonly StaticEmbeddingGenerator Embedder = new();

    [Fact]
    public void Vectors_are_of_length_one_or_zero_whatever_the_text()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<string>(), text =>
        {
            var vector = Embedder.Embed(text ?? "");
            var norm = TensorPrimitives.Norm<float>(vector);
            return vector.Length == 256 && (norm == 0 || MathF.Abs(norm - 1) < 1e-4f) && vector.SequenceEqual(Embedder.Embed(text ?? ""));
        }).Check(Config.QuickThrowOnFailure);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \t\n")]
    [InlineData("?! … — ()")]
    [InlineData("😀😀")]
    public void A_text_without_words_has_the_zero_vector(string text) => Assert.All(Embedder.Embed(text), x => Assert.Equal(0, x));

    [Theory]
    [InlineData("quuxifrobnicate")]
    [InlineData("データベース")]
    [InlineData("żółć größe naïve")]
    [InlineData("\ud800 half a pair")]
    [InlineData("nul\0byte")]
    public void A_text_of_unknown_words_has_a_vector(string text) => Assert.Equal(1, TensorPrimitives.Norm<float>(Embedder.Embed(text)), 4);

    [Fact]
    public void A_word_without_end_has_a_vector() => Assert.Equal(1, TensorPrimitives.Norm<float>(Embedder.Embed(new string('x', 100_000))), 4);

    [Fact]
    public void Many_threads_get_what_one_gets()
    {
        var texts = Enumerable.Range(0, 400).Select(i => $"query {i} waits for lock number {i * 7} on table t{i % 13} and gets a deadlok error").ToArray();
        var alone = texts.Select(Embedder.Embed).ToArray();
        var together = new float[texts.Length][];
        var shared = new StaticEmbeddingGenerator();
        Parallel.For(0, texts.Length, i => together[i] = shared.Embed(texts[i]));
        Assert.Equal(alone, together);
    }

    [Fact]
    public async Task It_says_what_it_is()
    {
        using var generator = EmbeddingGenerators.Create();
        var metadata = (EmbeddingGeneratorMetadata)generator.GetService(typeof(EmbeddingGeneratorMetadata))!;
        var content = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(StaticEmbeddingGenerator.DefaultPath).AsSpan(StaticModel.HeaderLength)))[..12];
        Assert.Equal(($"agenthost-static-1-{content}", 256), (metadata.DefaultModelId, metadata.DefaultModelDimensions));
        Assert.Equal(2, (await generator.GenerateAsync(["a b", ""])).Count);
    }

    [Fact]
    public void The_file_is_small_enough_to_ship() => Assert.InRange(new FileInfo(StaticEmbeddingGenerator.DefaultPath).Length, 4_000_000, 8_000_000);

    [Fact]
    public void A_table_given_by_hand_is_summed_and_normalised_to_the_same_bits_on_every_machine()
    {
        var model = StaticModel.Of(SmallModel(), "small");
        var vector = model.Embed("Lock the locks, and the vacuum_lock of unknwon things!");
        Assert.Equal("6F448BF9C4F4ABAB", Convert.ToHexString(SHA256.HashData(MemoryMarshal.AsBytes<float>(vector)))[..16]);
    }

    [Theory]
    [InlineData("vacum")]
    [InlineData("acuum")]
    [InlineData("vaccuum")]
    [InlineData("vaxuum")]
    [InlineData("vacumu")]
    [InlineData("avcuum")]
    public void One_slip_of_the_pen_is_the_word_that_was_meant(string misspelt)
    {
        var model = StaticModel.Of(SmallModel(), "small");
        Assert.Equal(model.Embed("vacuum"), model.Embed(misspelt));
        Assert.NotEqual(model.Embed("vacuum"), model.Embed("vakuun"));
    }

    [Fact]
    public void Nothing_is_opened_before_it_is_needed_and_a_missing_file_is_told()
    {
        var generator = new StaticEmbeddingGenerator("/nowhere/model.bin");
        Assert.Contains("Install AgentHost again", Assert.Throws<KnowledgeException>(() => generator.Embed("text")).Message);
        Assert.Throws<KnowledgeException>(() => generator.ModelName);
    }

    [Fact]
    public void A_damaged_file_is_refused_wherever_it_is_damaged()
    {
        var whole = SmallModel();
        Prop.ForAll(Gen.Choose(0, whole.Length - 1).ToArbitrary(), Gen.Choose(0, 2).ToArbitrary(), (at, how) =>
        {
            var file = how switch { 0 => whole[..at], 1 => [.. whole, 0], _ => [.. whole] };
            if (how == 2) file[at] ^= 0x10;
            // The digest of the inputs and the reserved words of the header say nothing about the vectors.
            if (how == 2 && at is >= 20 and < 56) return true;
            return Record.Exception(() => StaticModel.Of(file, "model.bin")) is KnowledgeException { Message: var message } && message.Contains("model.bin") && message.Contains("Install AgentHost again");
        }).Check(Config.QuickThrowOnFailure);
    }

    // Words of the test's own with numbers that a formula gives.
    private static byte[] SmallModel()
    {
        const int Buckets = 50;
        var keys = new[] { "lock", "vacuum", "the", "thing" }.Select(w => TokenTable.HashOf(w)).Append(TokenTable.HashOf(TokenTable.HashOf("vacuum"), TokenTable.HashOf("lock"))).Order().ToArray();
        var known = new List<ulong>();
        TokenTable.SlipsOf("vacuum", known);
        ulong[] slips = [.. known.Order()];
        var meant = Enumerable.Repeat(Array.IndexOf(keys, TokenTable.HashOf("vacuum")), slips.Length).ToArray();
        var scales = Enumerable.Range(1, keys.Length + Buckets).Select(i => 1f / i).ToArray();
        var rows = Enumerable.Range(0, scales.Length * StaticModel.Dimensions).Select(i => (sbyte)((i * 37 + i / 256 * 11) % 255 - 127)).ToArray();
        byte[] content = [.. MemoryMarshal.AsBytes<ulong>(keys), .. MemoryMarshal.AsBytes<ulong>(slips), .. MemoryMarshal.AsBytes<int>(meant), .. MemoryMarshal.AsBytes<float>(scales), .. MemoryMarshal.AsBytes<sbyte>(rows)];
        return [.. new StaticModelHeader(keys.Length, Buckets, slips.Length, new byte[32], SHA256.HashData(content)).ToBytes(), .. content];
    }
}
