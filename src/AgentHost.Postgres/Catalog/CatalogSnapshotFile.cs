using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AgentHost.Postgres.Catalog;

/// <summary>A <see cref="CatalogSnapshot"/> as a file: compressed JSON with a version, the same bytes for the same snapshot.</summary>
public static class CatalogSnapshotFile
{
    /// <summary>The version that is written, and the newest that is read.</summary>
    public const int Version = 2;

    private const string Format = "agenthost-snapshot";

    /// <summary>How each begins.</summary>
    private static ReadOnlySpan<byte> Beginning => "{\"format\":\"agenthost-snapshot\""u8;

    /// <summary>The most that a file may unpack to, in bytes: 512 MB.</summary>
    private const long MaxBytes = 512L << 20;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
        RespectNullableAnnotations = true,
        // The correlation of a column whose rows are all alike is not a number.
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>Whether a file that begins so is one.</summary>
    public static bool IsSnapshot(ReadOnlySpan<byte> start) => start.StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b]);

    /// <summary>Writes a snapshot.</summary>
    public static async Task WriteAsync(Stream stream, CatalogSnapshot snapshot, CancellationToken ct = default)
    {
        await using var packed = new GZipStream(stream, CompressionLevel.Optimal, leaveOpen: true);
        await JsonSerializer.SerializeAsync(packed, new Envelope(Format, Version, snapshot), Json, ct);
    }

    /// <summary>Reads a snapshot.</summary>
    /// <exception cref="SnapshotFileException">It is none, is of a newer version, or was cut off.</exception>
    public static async Task<CatalogSnapshot> ReadAsync(Stream stream, CancellationToken ct = default)
    {
        using var unpacked = new MemoryStream();
        var isOne = false;
        try
        {
            await using (var packed = new GZipStream(stream, CompressionMode.Decompress, leaveOpen: true))
                await CopyAsync(packed, unpacked, ct);
            unpacked.Position = 0;
            var head = await JsonSerializer.DeserializeAsync<Head>(unpacked, Json, ct);
            if (head?.Format != Format)
                throw SomethingElse();
            if (head.Version > Version)
                throw new SnapshotFileException($"It is of version {head.Version}; this AgentHost reads versions up to {Version}. Update AgentHost, or make the snapshot anew.");
            unpacked.Position = 0;
            isOne = true;
            return Whole((await JsonSerializer.DeserializeAsync<Envelope>(unpacked, Json, ct))!.Snapshot);
        }
        catch (JsonException) when (!isOne && !Beginning[..(int)Math.Min(Beginning.Length, unpacked.Length)].SequenceEqual(unpacked.GetBuffer().AsSpan(0, (int)Math.Min(Beginning.Length, unpacked.Length))))
        {
            throw SomethingElse();
        }
        catch (Exception e) when (e is InvalidDataException or JsonException or EndOfStreamException)
        {
            throw new SnapshotFileException("It was cut off or changed. Make it anew with agenthost twin.", e);
        }
    }

    private static SnapshotFileException SomethingElse() => new("It holds something else than a snapshot. Make one with agenthost twin.");

    /// <summary>What has been written is whole: whoever changed it may have left names or figures out, of which a planner would read what is not there.</summary>
    private static CatalogSnapshot Whole(CatalogSnapshot snapshot)
    {
        bool Is(ColumnStatistics s) => s.Column is not null && s.CommonValues.Length == s.CommonFrequencies.Length && s.CommonElements.Length <= s.CommonElementFrequencies.Length;
        var whole = snapshot is { Ddl: not null, Relations.IsDefault: false, ServerVersionNum: > 0 }
            && snapshot.Relations.All(r => r is { Schema: not null, Name: not null } && r.Statistics.All(Is) && r.Indexes.All(i => i.Name is not null && i.Statistics.All(Is)))
            && snapshot.ExtendedStatistics.All(e => e is { Schema: not null, Name: not null, Columns: not null } && e.Expressions.All(Is));
        return whole ? snapshot : throw new JsonException("Something that every snapshot has is missing.");
    }

    private static async Task CopyAsync(Stream from, MemoryStream to, CancellationToken ct)
    {
        var block = new byte[81_920];
        int read;
        while ((read = await from.ReadAsync(block, ct)) > 0)
        {
            if (to.Length + read > MaxBytes)
                throw new SnapshotFileException($"It unpacks to more than {MaxBytes >> 20} MB, which no snapshot should. Make it anew with agenthost twin.");
            to.Write(block, 0, read);
        }
    }

    private sealed record Head(string Format, int Version);

    private sealed record Envelope(string Format, int Version, CatalogSnapshot Snapshot);
}

/// <summary>A snapshot file cannot be used; the message says why and what to do.</summary>
public sealed class SnapshotFileException : Exception
{
    /// <inheritdoc cref="SnapshotFileException" />
    public SnapshotFileException(string message, Exception? cause = null) : base(message, cause) { }
}
