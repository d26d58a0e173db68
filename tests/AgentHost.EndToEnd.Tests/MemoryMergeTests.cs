using System.Diagnostics;

namespace AgentHost.EndToEnd.Tests;

/// <summary>git with <c>agenthost memory merge</c> as the driver of memory files.</summary>
public sealed class MemoryMergeTests : IDisposable
{
    private readonly WorkspaceFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Two_branches_that_both_remembered_something_are_merged_without_a_conflict()
    {
        folder.Write(".gitattributes", "memory/*.md merge=agenthost-memory\n");
        const string start = "# Decisions\n\n## D-1: First\n- by: a\n\nText.\n";
        Git("init", "-q", "-b", "ours");
        Git("config", "merge.agenthost-memory.driver", $"{Built.Host} memory merge %O %A %B %P");
        Commit(start);
        Git("checkout", "-q", "-b", "theirs");
        Commit(start + Entry("D-20261122-aaaaaa", "Theirs"));
        Git("checkout", "-q", "ours");
        Commit(start + Entry("D-20261122-bbbbbb", "Ours"));
        Assert.Equal(0, Git("merge", "-q", "-m", "merged", "theirs"));
        Assert.Equal(start + Entry("D-20261122-bbbbbb", "Ours") + Entry("D-20261122-aaaaaa", "Theirs"), File.ReadAllText(Path.Combine(folder.Path, "memory/decisions.md")));
    }

    [Fact]
    public void An_entry_that_both_sides_changed_is_a_conflict_in_that_entry_alone()
    {
        folder.Write("o", "# Issues\n\n## I-1: One\n\na\n");
        folder.Write("a", "# Issues\n\n## I-1: One\n\nours\n\n## I-2: Two\n");
        folder.Write("b", "# Issues\n\n## I-1: One\n\ntheirs\n\n## I-3: Three\n");
        var merge = Run(Built.Host, "memory", "merge", "o", "a", "b", "memory/issues.md");
        Assert.Equal(1, merge.ExitCode);
        Assert.Contains("1 entry was changed on both sides", merge.Errors, StringComparison.Ordinal);
        Assert.Equal("# Issues\n\n<<<<<<< ours\n## I-1: One\n\nours\n=======\n## I-1: One\n\ntheirs\n>>>>>>> theirs\n\n## I-2: Two\n\n## I-3: Three\n", File.ReadAllText(Path.Combine(folder.Path, "a")));
        Assert.Contains("'a' is no memory file", Run(Built.Host, "memory", "merge", "o", "a", "b").Errors, StringComparison.Ordinal);
    }

    // The lines that two entries of one author share are those that shuffle a merge by lines.
    private static string Entry(string id, string title) => $"\n## {id}: {title}\n- when: 2026-11-22T00:00:00Z\n- by: claude-code\n- tags: keys\n- scope: public.orders\n- status: accepted\n\nText of {title}.\n";

    private void Commit(string decisions)
    {
        folder.Write("memory/decisions.md", decisions);
        Git("add", "-A");
        Assert.Equal(0, Git("commit", "-q", "-m", "a commit"));
    }

    private int Git(params string[] arguments) => Run("git", ["-c", "user.name=a", "-c", "user.email=a@example.com", .. arguments]).ExitCode;

    private (int ExitCode, string Errors) Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder.Path, RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false })!;
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, errors);
    }
}
