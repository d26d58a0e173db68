using System.Buffers.Binary;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;

namespace AgentHost.Knowledge.Embedding;

/// <summary>
/// The table of token vectors as it lies in its file, read in place. Little-endian: the magic, the counts of words, of buckets and of slips, the digest of what it was trained on, the
/// digest of all that follows; then a key a word (ulong, ascending), a key a slip (ulong, ascending) and its word's row (int), a scale a row (float) and the rows (256 sbytes each),
/// words first, then buckets.
/// </summary>
internal sealed class StaticModel
{
    public const int Dimensions = 256, HeaderLength = 88;

    private const string Remade = "Install AgentHost again, or make the file anew with eng/train-embeddings/run.";

    private readonly byte[] file;
    private readonly int words, buckets, slips;

    private StaticModel(byte[] file, StaticModelHeader header)
    {
        this.file = file;
        (words, buckets, slips) = (header.Words, header.Buckets, header.Slips);
    }

    /// <summary>Reads and verifies a model's file.</summary>
    /// <exception cref="KnowledgeException">The file is missing, cut short, damaged or of another format.</exception>
    public static StaticModel Load(string path)
    {
        try
        {
            return Of(File.ReadAllBytes(path), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new KnowledgeException($"The embedding model {path} cannot be read: {e.Message} {Remade}", e);
        }
    }

    /// <summary>A model from its file's bytes, which it keeps.</summary>
    /// <exception cref="KnowledgeException">The bytes are not a whole model.</exception>
    public static StaticModel Of(byte[] file, string path)
    {
        var header = StaticModelHeader.Of(file, path);
        if (file.Length != header.FileLength) throw new KnowledgeException($"The embedding model {path} is cut short or too long: {file.Length} bytes instead of {header.FileLength}. {Remade}");
        if (!SHA256.HashData(file.AsSpan(HeaderLength)).AsSpan().SequenceEqual(header.Content.Span)) throw new KnowledgeException($"The embedding model {path} is damaged. {Remade}");
        return new StaticModel(file, header);
    }

    /// <summary>The rows that a text is made of.</summary>
    public TokenTable Table => new(Part<ulong>(HeaderLength, words), buckets, Part<ulong>(HeaderLength + words * sizeof(ulong), slips), Part<int>(HeaderLength + (words + slips) * sizeof(ulong), slips));

    private int ScalesStart => HeaderLength + (words + slips) * sizeof(ulong) + slips * sizeof(int);

    /// <summary>The text's vector, of length 1, or zero where it has no words. The same bits on every machine: no sum's order depends on the width of its registers.</summary>
    public float[] Embed(ReadOnlySpan<char> text)
    {
        var vector = new float[Dimensions];
        var scales = Part<float>(ScalesStart, words + buckets);
        var rows = Part<sbyte>(ScalesStart + (words + buckets) * sizeof(float), (words + buckets) * Dimensions);
        foreach (var token in Table.Tokens(text)) Add(vector, rows.Slice(token.Row * Dimensions, Dimensions), token.Weight * scales[token.Row]);
        var norm = Norm(vector);
        if (norm > 0) TensorPrimitives.Divide(vector, norm, vector);
        return vector;
    }

    private ReadOnlySpan<T> Part<T>(int start, int count) where T : unmanaged => MemoryMarshal.Cast<byte, T>(file.AsSpan(start, count * Unsafe.SizeOf<T>()));

    private static void Add(Span<float> vector, ReadOnlySpan<sbyte> row, float weight)
    {
        var factor = Vector256.Create(weight);
        ref var from = ref MemoryMarshal.GetReference(row);
        ref var to = ref MemoryMarshal.GetReference(vector);
        for (nuint i = 0; i < Dimensions; i += 16)
        {
            var (low, high) = Vector256.Widen(Vector256.Create(Vector128.WidenLower(Vector128.LoadUnsafe(ref from, i)), Vector128.WidenUpper(Vector128.LoadUnsafe(ref from, i))));
            (Vector256.LoadUnsafe(ref to, i) + Vector256.ConvertToSingle(low) * factor).StoreUnsafe(ref to, i);
            (Vector256.LoadUnsafe(ref to, i + 8) + Vector256.ConvertToSingle(high) * factor).StoreUnsafe(ref to, i + 8);
        }
    }

    private static float Norm(ReadOnlySpan<float> vector)
    {
        var sum = Vector256<float>.Zero;
        for (var i = 0; i < vector.Length; i += 8)
        {
            var v = Vector256.Create(vector.Slice(i, 8));
            sum += v * v;
        }
        float total = 0;
        for (var i = 0; i < 8; i++) total += sum[i];
        return MathF.Sqrt(total);
    }
}

/// <summary>The beginning of a model's file.</summary>
/// <param name="Words">How many words and pairs of words have a row.</param>
/// <param name="Buckets">How many rows of n-grams follow.</param>
/// <param name="Slips">How many slips of the pen are known.</param>
/// <param name="Inputs">The digest of what the model was trained on, and how.</param>
/// <param name="Content">The digest of all that follows the header.</param>
internal sealed record StaticModelHeader(int Words, int Buckets, int Slips, ReadOnlyMemory<byte> Inputs, ReadOnlyMemory<byte> Content)
{
    private const ulong Magic = 0x3143495441545341; // "ASTATIC1"

    /// <summary>How long the whole file must be.</summary>
    public long FileLength => StaticModel.HeaderLength + (long)Words * sizeof(ulong) + (long)Slips * (sizeof(ulong) + sizeof(int)) + (long)(Words + Buckets) * (sizeof(float) + StaticModel.Dimensions);

    /// <summary>Reads the header of a file without the rest.</summary>
    /// <exception cref="KnowledgeException">The file cannot be read or has another format.</exception>
    public static StaticModelHeader Read(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            var bytes = new byte[StaticModel.HeaderLength];
            return Of(bytes.AsSpan(0, file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new KnowledgeException($"The embedding model {path} cannot be read: {e.Message} Install AgentHost again.", e);
        }
    }

    /// <summary>Reads the header from a file's first bytes.</summary>
    /// <exception cref="KnowledgeException">They are no header.</exception>
    public static StaticModelHeader Of(ReadOnlySpan<byte> bytes, string path)
    {
        if (bytes.Length < StaticModel.HeaderLength || BinaryPrimitives.ReadUInt64LittleEndian(bytes) != Magic)
            throw new KnowledgeException($"{path} is not an embedding model of this version of AgentHost, or is cut short. Install AgentHost again, or make the file anew with eng/train-embeddings/run.");
        var (words, buckets, slips) = (BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]), BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]), BinaryPrimitives.ReadInt32LittleEndian(bytes[16..]));
        if (words < 0 || buckets < 0 || slips < 0) throw new KnowledgeException($"The embedding model {path} is damaged. Install AgentHost again.");
        return new StaticModelHeader(words, buckets, slips, bytes[24..56].ToArray(), bytes[56..88].ToArray());
    }

    /// <summary>The header's bytes.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[StaticModel.HeaderLength];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), Words);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), Buckets);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(16), Slips);
        Inputs.Span.CopyTo(bytes.AsSpan(24));
        Content.Span.CopyTo(bytes.AsSpan(56));
        return bytes;
    }
}
