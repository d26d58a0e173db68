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
    [InlineData("[]", "cut off")]
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

    private static async Task<byte[]> WriteAsync(CatalogSnapshot snapshot)
    {
        using var stream = new MemoryStream();
        await CatalogSnapshotFile.WriteAsync(stream, snapshot);
        return stream.ToArray();
    }
}
