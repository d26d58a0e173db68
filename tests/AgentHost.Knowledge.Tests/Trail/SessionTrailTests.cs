using AgentHost.Knowledge.Trail;

namespace AgentHost.Knowledge.Tests.Trail;

/// <summary>What calls concluded, a line each.</summary>
public sealed class SessionTrailTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("agenthost-trail-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private SessionTrail Open(long mostBytes = 512 * 1024) => new(Path.Combine(folder, "trail"), "/work/space", mostBytes);

    private static TrailRecord Record(string verdict, string tool = "review_migration") =>
        new(new DateTimeOffset(2026, 11, 22, 10, 0, 0, TimeSpan.Zero), tool, "V1__add.sql; public.orders", verdict);

    [Fact]
    public void A_record_is_one_line_of_json_and_reads_back()
    {
        var record = Record("unsafe: set-not-null-scan\nand more") with { Client = "claude-code" };
        Open().Append(record);
        Assert.Equal("""{"when":"2026-11-22T10:00:00Z","tool":"review_migration","subject":"V1__add.sql; public.orders","verdict":"unsafe: set-not-null-scan and more","client":"claude-code"}""" + "\n",
            File.ReadAllText(Open().File));
        Assert.Equal(record with { Verdict = "unsafe: set-not-null-scan and more" }, Assert.Single(Open().Last(5)));
    }

    [Fact]
    public void The_latest_come_first_and_only_those_that_are_wanted()
    {
        foreach (var i in Enumerable.Range(1, 5)) Open().Append(Record($"{i}", i % 2 == 0 ? "recall" : "explain_plan"));
        Assert.Equal(["5", "3"], Open().Last(2, record => record.Tool == "explain_plan").Select(record => record.Verdict));
    }

    [Fact]
    public void Another_workspace_has_a_trail_of_its_own()
    {
        Open().Append(Record("mine"));
        Assert.Empty(new SessionTrail(Path.Combine(folder, "trail"), "/elsewhere/space").Last(5));
    }

    [Fact]
    public void A_torn_line_takes_nothing_with_it()
    {
        Open().Append(Record("first"));
        File.AppendAllText(Open().File, """{"when":"2026-11-22T10:00:00Z","tool":"rev""");
        Open().Append(Record("""second {"when": quoted"""));
        Assert.Equal(["""second {"when": quoted""", "first"], Open().Last(5).Select(record => record.Verdict));
    }

    [Fact]
    public void Long_parts_are_cut_and_leave_no_half_of_a_character()
    {
        Open().Append(Record(string.Concat(Enumerable.Repeat("🙂", 400))) with { Sql = new string('x', 100_000) });
        var read = Assert.Single(Open().Last(1));
        Assert.InRange(read.Verdict.Length, 290, 300);
        Assert.EndsWith("🙂…", read.Verdict, StringComparison.Ordinal);
        Assert.Equal(8000, read.Sql!.Length);
    }

    [Fact]
    public void A_full_file_is_put_aside_and_two_are_kept()
    {
        foreach (var i in Enumerable.Range(0, 100)) Open(mostBytes: 2000).Append(Record($"{i}"));
        Assert.Equal(2, Directory.GetFiles(Path.Combine(folder, "trail"), "*.jsonl").Length);
        Assert.All(Directory.GetFiles(Path.Combine(folder, "trail"), "*.jsonl"), file => Assert.InRange(new FileInfo(file).Length, 0, 2200));
        Assert.Equal(Enumerable.Range(0, 15).Select(i => $"{99 - i}"), Open().Last(15).Select(record => record.Verdict));
    }

    [Fact]
    public async Task Many_writers_at_once_lose_no_line_also_while_files_are_put_aside()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(() =>
        {
            foreach (var i in Enumerable.Range(0, 100)) Open(mostBytes: 120_000).Append(Record($"{writer}:{i}"));
        })));
        var lines = Directory.GetFiles(Path.Combine(folder, "trail"), "*.jsonl").SelectMany(File.ReadAllLines).Select(TrailLine.Read).ToList();
        Assert.Equal(800, lines.Select(record => record!.Verdict).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void Trails_of_workspaces_that_nobody_works_in_are_forgotten()
    {
        Open().Append(Record("old"));
        File.SetLastWriteTimeUtc(Open().File, DateTime.UtcNow.AddDays(-100));
        new SessionTrail(Path.Combine(folder, "trail"), "/another/space").Append(Record("new"));
        Assert.False(File.Exists(Open().File));
    }

    [Fact]
    public void The_trail_is_for_its_owner_alone()
    {
        Open().Append(Record("x"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Open().File));
    }

    [Fact]
    public void A_trail_that_cannot_be_written_says_where()
    {
        Directory.CreateDirectory(Open().File);
        Assert.Contains(Open().File, Assert.ThrowsAny<IOException>(() => Open().Append(Record("x"))).Message, StringComparison.Ordinal);
    }
}
