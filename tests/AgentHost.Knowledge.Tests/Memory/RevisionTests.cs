using AgentHost.Knowledge.Memory;

namespace AgentHost.Knowledge.Tests.Memory;

public sealed class RevisionTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly FixedClock clock = new(new(2026, 11, 22, 8, 0, 0, TimeSpan.Zero));
    private readonly MemoryJournal journal;

    public RevisionTests() => journal = new MemoryJournal(folder.Memory, workspace: null, clock);

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_resolved_issue_keeps_its_words_and_tells_by_whom_and_why_it_was_settled()
    {
        var issue = await Remember(MemoryKind.Issue, "Orders report is slow");
        var path = Path.Combine(folder.Memory, "issues.md");
        var before = File.ReadAllText(path);
        var learning = await Remember(MemoryKind.Learning, "A partial index serves the report");
        clock.Now += TimeSpan.FromHours(1);
        var resolved = await journal.ReviseAsync(new EntryRevision(issue.Id, RevisionAction.Resolve, "The index took it from 9 s to 40 ms.") { By = "ada", Because = [learning.Id] });

        Assert.Equal("resolved", resolved.Status);
        Assert.Equal(("Orders report is slow", "text"), (resolved.Title, resolved.Text));
        var revision = Assert.Single(resolved.History);
        Assert.Equal(("resolved", "ada", "The index took it from 9 s to 40 ms.", clock.Now), (revision.Status, revision.By, revision.Text, revision.When));
        Assert.Equal(new Standing(false, "resolved"), journal.StandingOf(resolved));
        Assert.Equal(before + $"\n## Revision of {issue.Id}\n- when: 2026-11-22T09:00:00Z\n- by: ada\n- status: resolved\n- because: {learning.Id}\n\nThe index took it from 9 s to 40 ms.\n", File.ReadAllText(path));
        Assert.Empty(new MemoryJournal(folder.Memory).Problems);
        Assert.DoesNotContain(journal.Recall(null, 10), entry => entry.Id == issue.Id);
    }

    [Fact]
    public async Task What_was_closed_can_be_reopened_and_the_history_shows_both()
    {
        var decision = await Remember(MemoryKind.Decision, "Use LISTEN for the queue");
        Assert.Equal("withdrawn", (await journal.ReviseAsync(new(decision.Id, RevisionAction.Close, "Never built."))).Status);
        clock.Now += TimeSpan.FromMinutes(1);
        var again = await journal.ReviseAsync(new(decision.Id.ToLowerInvariant(), RevisionAction.Reopen, "Built after all."));
        Assert.Equal(["withdrawn", "accepted"], again.History.Select(r => r.Status));
        Assert.True(journal.IsInForce(again));
        Assert.Equal("outdated", (await journal.ReviseAsync(new((await Remember(MemoryKind.Learning, "l")).Id, RevisionAction.Close, "Version 18 changed it."))).Status);
    }

    [Fact]
    public async Task A_superseding_entry_carries_on_what_the_old_one_was_for()
    {
        var old = await journal.AppendAsync(new NewEntry(MemoryKind.Decision, "Keep local times", "text") { Scopes = ["public.orders"], Waives = ["timestamp-without-tz"], Tags = ["time"] });
        var now = await journal.AppendAsync(NewEntry.Replacing(old, "Keep local times until the move", "until spring") with { Until = new DateOnly(2027, 3, 31) });
        Assert.Equal((old.Scopes[0], old.Waives[0], old.Tags[0]), (now.Scopes[0], now.Waives[0], now.Tags[0]));
        Assert.Equal(new Standing(false, $"superseded by {now.Id}"), journal.StandingOf(old));
        Assert.Equal(now.Id, journal.Waivers().For("timestamp-without-tz", "public.orders")!.Id);
    }

    [Fact]
    public async Task What_makes_no_sense_is_refused_with_the_reason_and_writes_nothing()
    {
        var decision = await Remember(MemoryKind.Decision, "d");
        var closed = await Remember(MemoryKind.Issue, "i");
        await journal.ReviseAsync(new(closed.Id, RevisionAction.Close, "no"));
        var before = Directory.GetFiles(folder.Memory).ToDictionary(file => file, File.ReadAllText);
        await Refused("only issues are resolved", new(decision.Id, RevisionAction.Resolve, "x"));
        await Refused("nothing to reopen", new(decision.Id, RevisionAction.Reopen, "x"));
        await Refused("not in force any more (closed)", new(closed.Id, RevisionAction.Close, "x"));
        await Refused($"Did you mean {decision.Id}", new(decision.Id[..12], RevisionAction.Close, "x"));
        await Refused("needs a text", new(decision.Id, RevisionAction.Close, " "));
        await Refused("no entry 'D-1'", new(decision.Id, RevisionAction.Close, "x") { Because = ["D-1"] });
        await Refused("a connection string", new(decision.Id, RevisionAction.Close, "postgres://app:s3cret99@db/x"));
        Assert.Contains("no entry 'D-9'", (await Assert.ThrowsAsync<MemoryException>(() => journal.AppendAsync(new NewEntry(MemoryKind.Decision, "t", "x") { Supersedes = ["D-9"] }))).Message);
        Assert.Contains("is no issue", (await Assert.ThrowsAsync<MemoryException>(() => journal.AppendAsync(new NewEntry(MemoryKind.Decision, "t", "x") { Resolves = [decision.Id] }))).Message);
        Assert.All(before, file => Assert.Equal(file.Value, File.ReadAllText(file.Key)));

        async Task Refused(string reason, EntryRevision revision) => Assert.Contains(reason, (await Assert.ThrowsAsync<MemoryException>(() => journal.ReviseAsync(revision))).Message);
    }

    [Fact]
    public void Revisions_written_by_hand_are_read_and_what_is_wrong_with_them_is_told()
    {
        folder.Write("issues.md", """
            ## I-1: Slow
            ## Revision of I-1
            - status: closed
            ## Revision of I-7
            - status: closed
            ## Revision of I-1
            - colour: red
            """);
        Assert.Equal("closed", Assert.Single(journal.Entries).Status);
        Assert.Equal(["issues.md:4: This revises I-7, which is no entry. Correct the id, or bring the entry back.", "issues.md:6: The revision of I-1 says no status", "issues.md:7: 'colour' is not a field of a revision"],
            journal.Problems.OrderBy(p => p.Line).Select(p => p.ToString()).Zip([200, 47, 50], (text, length) => text[..Math.Min(length, text.Length)]));
    }

    private Task<MemoryEntry> Remember(MemoryKind kind, string title) => journal.AppendAsync(new NewEntry(kind, title, "text"));
}
