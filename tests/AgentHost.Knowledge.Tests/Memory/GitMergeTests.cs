using System.Diagnostics;
using AgentHost.Knowledge.Memory;

namespace AgentHost.Knowledge.Tests.Memory;

/// <summary>Two branches that both remember something, merged.</summary>
public sealed class GitMergeTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly MemoryJournal journal;
    private readonly string file;

    public GitMergeTests()
    {
        journal = new MemoryJournal(folder.Memory);
        file = Path.Combine(folder.Memory, "decisions.md");
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Without_the_merge_driver_git_leaves_a_conflict_that_is_told_and_no_entry_is_lost()
    {
        var ids = await DivergeAsync();
        Assert.NotEqual(0, Git("merge", "-q", "theirs"));
        Assert.Equal(ids.Order(), journal.Entries.Select(e => e.Id).Order());
        Assert.Contains(journal.Problems, problem => problem.Message.StartsWith("Git has left a conflict here.", StringComparison.Ordinal));
        Assert.All(journal.Entries, entry => Assert.DoesNotContain("<<<<", entry.Text));
        Assert.All(journal.Entries, entry => Assert.DoesNotContain("====", entry.Text));
    }

    [Fact]
    public async Task Merged_as_whole_entries_both_branches_are_there_as_they_were_written()
    {
        var ids = await DivergeAsync();
        var mine = journal.Entries;
        var merged = MemoryMerge.Of(MemoryKind.Decision, Output("show", "theirs~1:memory/decisions.md"), File.ReadAllText(file), Output("show", "theirs:memory/decisions.md"));
        Assert.Equal(0, merged.Conflicts);
        File.WriteAllText(file, merged.Text);
        Assert.Empty(journal.Problems);
        Assert.Equal(ids.Order(), journal.Entries.Select(e => e.Id).Order());
        Assert.All(mine, entry => Assert.Equal(entry.Text, journal.Entries.Single(e => e.Id == entry.Id).Text));
        Git("checkout", "-q", "-f", "theirs");
        var theirs = journal.Entries;
        File.WriteAllText(file, merged.Text);
        Assert.All(theirs, entry => Assert.Equal((entry.Text, entry.Title, entry.When), (journal.Entries.Single(e => e.Id == entry.Id) is var e ? (e.Text, e.Title, e.When) : default)));
    }

    [Fact]
    public void Edits_deletions_and_additions_of_both_sides_are_kept_and_only_a_true_conflict_is_marked()
    {
        const string origin = "# Decisions\n\n## D-1: One\n\na\n\n## D-2: Two\n\nb\n\n## D-3: Three\n\nc\n\n## D-4: Four\n\nd\n";
        const string ours = "# Decisions\n\n## D-1: One, edited here\n\na\n\n## D-2: Two\n\nb\n\n## D-3: Three\n\nc of ours\n\n## D-4: Four\n\nd\n\n## D-5: Five\n\ne\n";
        const string theirs = "# Decisions\n\n## D-1: One\n\na\n\n## D-2: Two, edited there\n\nb\n\n## D-3: Three\n\nc of theirs\n\n## D-6: Six\n\nf\n";
        var merged = MemoryMerge.Of(MemoryKind.Decision, origin, ours, theirs);
        Assert.Equal(1, merged.Conflicts);
        Assert.Equal(
            "# Decisions\n\n## D-1: One, edited here\n\na\n\n## D-2: Two, edited there\n\nb\n\n<<<<<<< ours\n## D-3: Three\n\nc of ours\n=======\n## D-3: Three\n\nc of theirs\n>>>>>>> theirs\n\n## D-5: Five\n\ne\n\n## D-6: Six\n\nf\n",
            merged.Text);
        Assert.Equal(ours, MemoryMerge.Of(MemoryKind.Decision, origin, ours, origin).Text);
        Assert.Equal(theirs, MemoryMerge.Of(MemoryKind.Decision, origin, origin, theirs).Text);
    }

    // Both branches write entries of the same author with the same tags and scope: the lines that shuffle git's merge.
    private async Task<List<string>> DivergeAsync()
    {
        Git("init", "-q", "-b", "ours");
        var ids = new List<string> { await Decide("Before the branches") };
        Commit("base");
        Git("checkout", "-q", "-b", "theirs");
        ids.Add(await Decide("Theirs, first"));
        ids.Add(await Decide("Theirs, second"));
        Commit("theirs");
        Git("checkout", "-q", "ours");
        ids.Add(await Decide("Ours"));
        Commit("ours");
        return ids;

        void Commit(string message)
        {
            Git("add", "-A");
            Assert.Equal(0, Git("commit", "-q", "-m", message));
        }
    }

    private async Task<string> Decide(string title) => (await journal.AppendAsync(new NewEntry(MemoryKind.Decision, title, $"Context: {title}.\n\nDecision: so.")
    {
        By = "claude-code", Tags = ["keys"], Scopes = ["public.orders"],
    })).Id;

    private int Git(params string[] arguments) => Run(arguments).ExitCode;

    private string Output(params string[] arguments) => Run(arguments).Output;

    private (int ExitCode, string Output) Run(string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("git", ["-c", "user.name=a", "-c", "user.email=a@example.com", .. arguments])
        {
            WorkingDirectory = folder.Path, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }
}
