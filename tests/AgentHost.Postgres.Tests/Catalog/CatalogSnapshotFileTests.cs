using System.Collections.Immutable;
using System.IO.Compression;
using System.Text;
using AgentHost.Postgres.Catalog;

namespace AgentHost.Postgres.Tests.Catalog;

public sealed class CatalogSnapshotFileTests
{
    private static readonly CatalogSnapshot Snapshot = new(17_00_11, "CREATE TABLE t (a int);", [
        new("public", "t", 'r') { Rows = 12.5e6, Pages = 5, ParentSchema = "s", ParentName = "p", Indexes = [new("t_idx", 3, null, IsValid: false, 7)], Counters = new() { Updated = 9, LastAnalyze = DateTimeOffset.UnixEpoch } },
        new("public", "empty", 'p'),
    ])
    {
        Database = "shop", TakenAt = DateTimeOffset.UnixEpoch, Settings = new Dictionary<string, string> { ["work_mem"] = "4096" }.ToImmutableSortedDictionary(),
        OpenTransactions = [new(720, "report", "active", ["public.t"])], HiddenSessions = 2, Notes = ["1 operator is not part of the schema as it was read."],
    };

    [Fact]
    public async Task What_is_written_is_read_back_and_written_the_same()
    {
        var bytes = await WriteAsync(Snapshot);
        Assert.True(CatalogSnapshotFile.IsSnapshot(bytes));
        var read = await CatalogSnapshotFile.ReadAsync(new MemoryStream(bytes));
        Assert.Equal((Snapshot.Ddl, Snapshot.TakenAt, Snapshot.HiddenSessions, "4096"), (read.Ddl, read.TakenAt, read.HiddenSessions, read.Settings["work_mem"]));
        Assert.Equal(Snapshot.Relations[0] with { Indexes = [] }, read.Relations[0] with { Indexes = [] });
        Assert.Equal(Snapshot.Relations[0].Indexes.Single(), read.Relations[0].Indexes.Single());
        Assert.Null(read.Relations[1].Rows);
        Assert.Equal(bytes, await WriteAsync(read));
    }

    [Theory]
    [InlineData("{\"format\":\"agenthost-snapshot\",\"version\":3,\"snapshot\":{}}", "version 3")]
    [InlineData("{\"format\":\"other\",\"version\":1}", "something else")]
    [InlineData("{\"format\":\"agenthost-snapshot\",\"version\":1,\"snapshot\":null}", "cut off")]
    [InlineData("[]", "something else")]
    [InlineData("hello world", "something else")]
    [InlineData("{\"form", "cut off")]
    [InlineData("{\"format\":\"agenthost-snapshot\",\"version\":2,\"snapshot\":{\"serverVersionNum\":170000,\"relations\":[]}}", "cut off or changed")]
    [InlineData("{\"format\":\"agenthost-snapshot\",\"version\":2,\"snapshot\":{\"serverVersionNum\":170000,\"ddl\":\"\"}}", "cut off or changed")]
    [InlineData("{\"format\":\"agenthost-snapshot\",\"version\":2,\"snapshot\":{\"serverVersionNum\":170000,\"ddl\":\"\",\"relations\":[{\"name\":\"t\"}]}}", "cut off or changed")]
    [InlineData("{\"format\":\"agenthost-snapshot\",\"version\":2,\"snapshot\":{\"serverVersionNum\":170000,\"ddl\":\"\",\"relations\":[{\"schema\":\"s\",\"name\":\"t\",\"kind\":\"r\",\"statistics\":[{\"column\":\"a\",\"commonValues\":[\"1\",\"2\"],\"commonFrequencies\":[0.5]}]}]}}", "cut off or changed")]
    [InlineData("", "cut off")]
    public async Task What_is_no_snapshot_is_refused_with_the_reason(string json, string reason)
    {
        using var packed = new MemoryStream();
        await using (var zip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            await zip.WriteAsync(Encoding.UTF8.GetBytes(json));
        packed.Position = 0;
        Assert.Contains(reason, (await Assert.ThrowsAsync<SnapshotFileException>(() => CatalogSnapshotFile.ReadAsync(packed))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_was_cut_off_anywhere_is_refused()
    {
        var bytes = await WriteAsync(Snapshot);
        for (var length = 2; length < bytes.Length - 8; length += 7)
            await Assert.ThrowsAsync<SnapshotFileException>(() => CatalogSnapshotFile.ReadAsync(new MemoryStream(bytes[..length])));
    }

    [Fact]
    public async Task A_file_that_was_changed_in_the_middle_is_refused()
    {
        var bytes = await WriteAsync(Snapshot);
        for (var place = 12; place < bytes.Length; place += 5)
        {
            var changed = bytes.ToArray();
            changed[place] ^= 0x55;
            await Assert.ThrowsAsync<SnapshotFileException>(() => CatalogSnapshotFile.ReadAsync(new MemoryStream(changed)));
        }
    }

    [Fact]
    public async Task A_file_that_unpacks_to_more_than_any_snapshot_is_refused_before_it_fills_the_memory()
    {
        using var packed = new MemoryStream();
        await using (var zip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            await zip.WriteAsync("{\"format\":\"agenthost-snapshot\",\"version\":2,\"x\":\""u8.ToArray());
            for (var i = 0; i < 520; i++)
                await zip.WriteAsync(new byte[1 << 20]);
        }

        packed.Position = 0;
        Assert.Contains("more than 512 MB", (await Assert.ThrowsAsync<SnapshotFileException>(() => CatalogSnapshotFile.ReadAsync(packed))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_schema_that_does_not_parse_is_named_by_its_snapshot() =>
        Assert.Contains("The schema in the snapshot of shop, taken 1970-01-01 00:00 UTC, cannot be read", Assert.Throws<SnapshotFileException>(() => SnapshotDifference.Between(Snapshot, Snapshot with { Ddl = "CREATE TABLE (" })).Message, StringComparison.Ordinal);

    private static async Task<byte[]> WriteAsync(CatalogSnapshot snapshot)
    {
        using var stream = new MemoryStream();
        await CatalogSnapshotFile.WriteAsync(stream, snapshot);
        return stream.ToArray();
    }
}
