using AgentHost.Knowledge.Memory;

namespace AgentHost.Knowledge.Tests.Memory;

/// <summary>What happens to entries when processes race, die, and the disk gives out.</summary>
public sealed class DurabilityTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly MemoryJournal journal;

    public DurabilityTests() => journal = new MemoryJournal(folder.Memory);

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Eight_processes_that_write_200_entries_each_at_once_lose_nothing_and_share_no_id()
    {
        Directory.CreateDirectory(folder.Memory);
        var writers = Enumerable.Range(0, 8).Select(_ => JournalProcess.Start(folder.Memory, 200)).ToList();
        var ids = (await Task.WhenAll(writers.Select(writer => writer.AcknowledgedAsync()))).SelectMany(acknowledged => acknowledged).ToList();
        Assert.All(writers, writer => Assert.Equal(0, writer.ExitCode));
        Assert.Equal(1600, ids.Distinct().Count());
        Assert.Equal(ids.Order(), journal.Entries.Select(e => e.Id).Order());
        Assert.Empty(journal.Problems);
    }

    [Fact]
    public async Task Three_hundred_kills_at_random_moments_lose_no_acknowledged_entry()
    {
        Directory.CreateDirectory(folder.Memory);
        var acknowledged = new System.Collections.Concurrent.ConcurrentBag<string>();
        await Parallel.ForEachAsync(Enumerable.Range(0, 300), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (round, _) =>
        {
            using var writer = JournalProcess.Start(folder.Memory, 100_000, length: 200 + (round * 37 % 20_000));
            for (var left = Random.Shared.Next(1, 6); left > 0; left--) acknowledged.Add((await writer.StandardOutput.ReadLineAsync(_))!);
            writer.Kill();
            foreach (var id in await writer.AcknowledgedAsync()) acknowledged.Add(id);
        });
        var next = await journal.AppendAsync(new NewEntry(MemoryKind.Learning, "After the kills", "text"));
        var kept = journal.Entries.ToDictionary(e => e.Id, e => e.Text.Length);
        Assert.True(acknowledged.Count >= 300);
        Assert.All(acknowledged, id => Assert.True(kept.ContainsKey(id), id));
        Assert.True(kept.ContainsKey(next.Id));
        // An entry that is read is whole: what a kill cut short is told as unfinished and is none.
        Assert.All(kept.Where(entry => entry.Key != next.Id), entry => Assert.Equal(0, (entry.Value - 200) % 37));
        Assert.All(journal.Problems, problem => Assert.Contains("was not written to its end", problem.Message));
    }

    [Fact]
    public async Task What_was_cut_short_while_it_was_written_is_no_entry_and_is_kept_and_told_until_it_is_removed()
    {
        await journal.AppendAsync(new NewEntry(MemoryKind.Learning, "Whole", "text"));
        var path = Path.Combine(folder.Memory, "learnings.md");
        File.AppendAllText(path, "\n!# L-20261122-abc123: Half\n- when: 2026-11-22T00:00:00Z\n- by: me\n\nThe first li");
        var next = await journal.AppendAsync(new NewEntry(MemoryKind.Learning, "Next", "more"));
        Assert.Equal(["Whole", "Next"], new MemoryJournal(folder.Memory).Entries.Select(e => e.Title));
        var problem = Assert.Single(journal.Problems);
        Assert.Equal(12, problem.Line);
        Assert.Contains("L-20261122-abc123: Half was not written to its end", problem.Message);
        Assert.Contains("The first li\n", File.ReadAllText(path));
        File.WriteAllText(path, File.ReadAllText(path).Replace("!# L-20261122-abc123: Half\n- when: 2026-11-22T00:00:00Z\n- by: me\n\nThe first li\n", ""));
        Assert.Empty(journal.Problems);
        Assert.Equal(next.Id, journal.Entries[^1].Id);
    }

    [Fact]
    public async Task An_entry_that_was_read_while_it_was_being_written_is_seen_once_it_is_whole_even_within_one_tick_of_the_clock()
    {
        var entry = await journal.AppendAsync(new NewEntry(MemoryKind.Learning, "Whole", "text"));
        var path = Path.Combine(folder.Memory, "learnings.md");
        var whole = File.ReadAllText(path);
        var reader = new MemoryJournal(folder.Memory);
        Write(whole.Replace("\n## L-", "\n!# L-"));
        Assert.Empty(reader.Entries);
        Write(whole);
        Assert.Equal(entry.Id, Assert.Single(reader.Entries).Id);

        void Write(string text)
        {
            File.WriteAllText(path, text);
            File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch.AddDays(1));
        }
    }

    [Fact]
    public async Task An_entry_that_ends_within_a_line_is_told_even_after_others_were_written_behind_it()
    {
        var entry = await journal.AppendAsync(new NewEntry(MemoryKind.Decision, "Cut by the machine's crash", "The reason is a long one."));
        var path = Path.Combine(folder.Memory, "decisions.md");
        File.WriteAllText(path, File.ReadAllText(path)[..^6]);
        var line = Assert.Single(journal.Problems);
        Assert.Equal(("decisions.md", entry.Line), (line.File, line.Line));
        await journal.AppendAsync(new NewEntry(MemoryKind.Decision, "Another", "text"));
        Assert.Contains("may be cut off", Assert.Single(journal.Problems).Message);
        Assert.Equal(["The reason is a long", "text"], journal.Entries.Select(e => e.Text));
        File.WriteAllText(path, File.ReadAllText(path).Replace(SectionLines.CutMark + "\n", ""));
        Assert.Empty(journal.Problems);
    }

    [Fact]
    public async Task A_hand_written_last_line_without_an_end_is_nothing_to_complain_about()
    {
        folder.Write("decisions.md", "## D-0007: No enums\n\nLookup tables.");
        Assert.Empty(journal.Problems);
        await journal.AppendAsync(new NewEntry(MemoryKind.Decision, "Another", "text"));
        Assert.Empty(journal.Problems);
        Assert.Equal(["Lookup tables.", "text"], journal.Entries.Select(e => e.Text));
    }

    [Fact]
    public async Task A_full_disk_leaves_the_file_as_it_was_and_keeps_what_was_acknowledged()
    {
        using var tiny = TinyFileSystem.TryMount(96);
        var memory = Path.Combine(tiny?.Path ?? folder.Path, "memory");
        Directory.CreateDirectory(memory);
        using var writer = tiny is null ? JournalProcess.StartWithSmallFiles(memory, 100, 3000, kib: 32) : JournalProcess.Start(memory, 100, 3000);
        var errors = writer.StandardError.ReadToEndAsync();
        var acknowledged = await writer.AcknowledgedAsync();
        Assert.Equal(3, writer.ExitCode);
        Assert.Contains("Nothing was remembered; make the folder writable (or free space)", await errors);
        Assert.InRange(acknowledged.Count, 10, 99);
        var read = new MemoryJournal(memory);
        Assert.Equal(acknowledged.Order(), read.Entries.Select(e => e.Id).Order());
        Assert.Empty(read.Problems);
        Assert.All(read.Entries, entry => Assert.Equal(3000, entry.Text.Length));
        Assert.DoesNotContain(Directory.GetFiles(memory), file => File.ReadAllText(file) is var text && (text.Length == 0 || text[^1] != '\n'));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_a_clear_error_and_can_still_be_read()
    {
        using var tiny = TinyFileSystem.TryMount(96);
        var memory = Path.Combine(tiny?.Path ?? folder.Path, "memory");
        Directory.CreateDirectory(memory);
        var here = new MemoryJournal(memory);
        await here.AppendAsync(new NewEntry(MemoryKind.Issue, "Before", "text"));
        if (tiny is null) foreach (var file in Directory.GetFiles(memory).Append(memory)) File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        else tiny.MakeReadOnly();
        foreach (var kind in Enum.GetValues<MemoryKind>())
        {
            var error = await Assert.ThrowsAsync<MemoryException>(() => here.AppendAsync(new NewEntry(kind, "After", "text")));
            Assert.Contains("cannot be written", error.Message);
            Assert.Contains("make the folder writable", error.Message);
        }
        Assert.Equal(["Before"], here.Entries.Select(e => e.Title));
        if (tiny is null) File.SetUnixFileMode(memory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
