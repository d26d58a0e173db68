using AgentHost.Knowledge.Memory;

namespace AgentHost.Knowledge.Tests.Memory;

public sealed class JournalWritingTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly MemoryJournal journal;

    public JournalWritingTests() => journal = new MemoryJournal(folder.Memory);

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task An_entry_is_a_section_that_a_person_would_write()
    {
        var entry = await journal.AppendAsync(new NewEntry(MemoryKind.Decision, "Use bigint identity keys", "They index well.\n\nUUIDs are for what leaves the house.")
        {
            By = "claude-code", Tags = ["keys", "identity"], Scopes = ["public.orders", "billing.*"], Waives = ["prefer-uuid"], Until = new DateOnly(2027, 1, 1),
        });
        var expected = $"""
            ## {entry.Id}: Use bigint identity keys
            - when: {entry.When:yyyy-MM-ddTHH:mm:ssZ}
            - by: claude-code
            - tags: keys, identity
            - scope: public.orders, billing.*
            - status: accepted
            - waives: prefer-uuid
            - until: 2027-01-01

            They index well.

            UUIDs are for what leaves the house.

            """;
        Assert.EndsWith(expected, File.ReadAllText(Path.Combine(folder.Memory, "decisions.md")));
        Assert.Matches("^D-[0-9]{8}-[0-9a-hjkmnp-tv-z]{6}$", entry.Id);
    }

    [Fact]
    public async Task Each_kind_has_its_file_and_its_first_status()
    {
        Assert.Equal("noted", (await journal.AppendAsync(new NewEntry(MemoryKind.Learning, "l", "text"))).Status);
        Assert.Equal("accepted", (await journal.AppendAsync(new NewEntry(MemoryKind.Decision, "d", "text"))).Status);
        Assert.Equal("open", (await journal.AppendAsync(new NewEntry(MemoryKind.Issue, "i", "text"))).Status);
        Assert.Equal(["decisions.md", "issues.md", "learnings.md"], Directory.GetFiles(folder.Memory).Select(f => Path.GetFileName(f)).Order());
        Assert.Empty(journal.Problems);
    }

    [Fact]
    public async Task A_torn_tail_is_left_alone_and_the_next_entry_starts_on_its_own_line()
    {
        folder.Write("learnings.md", "# Learnings\n\n## L-1: Whole\n\ntext\n\n## L-2026");
        var entry = await journal.AppendAsync(new NewEntry(MemoryKind.Learning, "Next", "more"));
        Assert.Equal(["L-1", entry.Id], journal.Entries.Select(e => e.Id));
        Assert.Equal(7, Assert.Single(journal.Problems).Line);
        Assert.Contains("\n## L-2026\n", File.ReadAllText(Path.Combine(folder.Memory, "learnings.md")));
    }

    [Fact]
    public async Task A_folder_without_a_parent_is_a_clear_error()
    {
        var lost = new MemoryJournal(Path.Combine(folder.Path, "no", "memory"));
        var error = await Assert.ThrowsAsync<MemoryException>(() => lost.AppendAsync(new NewEntry(MemoryKind.Issue, "t", "text")));
        Assert.Contains("does not exist", error.Message);
        Assert.Empty(lost.Recall(null, 10));
    }

    [Fact]
    public async Task A_file_that_cannot_be_written_is_a_clear_error()
    {
        // A folder where the file should be: refused for root too, whom permissions do not stop.
        Directory.CreateDirectory(Path.Combine(folder.Memory, "issues.md"));
        var error = await Assert.ThrowsAsync<MemoryException>(() => journal.AppendAsync(new NewEntry(MemoryKind.Issue, "t", "text")));
        Assert.Contains("issues.md", error.Message);
        Assert.Contains("Nothing was remembered", error.Message);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_link_out_of_the_workspace_is_refused(bool wholeFolder)
    {
        using var elsewhere = new TemporaryFolder();
        if (wholeFolder) Directory.CreateSymbolicLink(folder.Memory, elsewhere.Path);
        else
        {
            Directory.CreateDirectory(folder.Memory);
            File.CreateSymbolicLink(Path.Combine(folder.Memory, "issues.md"), Path.Combine(elsewhere.Path, "issues.md"));
        }
        var error = await Assert.ThrowsAsync<MemoryException>(() => journal.AppendAsync(new NewEntry(MemoryKind.Issue, "t", "text")));
        Assert.Contains("symbolic link", error.Message);
        Assert.Throws<MemoryException>(() => journal.Recall(null, 5));
        Assert.Empty(Directory.GetFileSystemEntries(elsewhere.Path));
    }

    [Fact]
    public async Task Unusable_entries_are_refused_with_the_reason()
    {
        await Refused("needs a title", new NewEntry(MemoryKind.Issue, " \n ", "text"));
        await Refused("200", new NewEntry(MemoryKind.Issue, new string('x', 201), "text"));
        await Refused("needs a text", new NewEntry(MemoryKind.Issue, "title", " \n\t\0"));
        await Refused("64 KiB", new NewEntry(MemoryKind.Issue, "t", new string('x', 70_000)));
        await Refused("Only a decision", new NewEntry(MemoryKind.Issue, "t", "text") { Waives = ["r"], Scopes = ["*"] });
        await Refused("needs a scope", new NewEntry(MemoryKind.Decision, "t", "text") { Waives = ["r"] });
        await Refused("names nothing", new NewEntry(MemoryKind.Decision, "t", "text") { Scopes = ["a.b.c"] });

        async Task Refused(string reason, NewEntry entry) =>
            Assert.Contains(reason, (await Assert.ThrowsAsync<MemoryException>(() => journal.AppendAsync(entry))).Message);
    }
}
