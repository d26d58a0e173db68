using AgentHost.Knowledge.Memory;
using FsCheck;
using FsCheck.Fluent;

namespace AgentHost.Knowledge.Tests.Memory;

public sealed class FollowingTests : IDisposable
{
    private static readonly string[] Pieces =
    [
        "## D-1: One\n", "## D-2: Two\n- tags: a\n", "## D-20261121-7f3ak2: Three", "## Revision of D-1\n- status: closed\n", "!# D-3: Half\n", "##", "## no id\n", "\n", "\n\n", "text\n", "- when: soon\n", "```\n", "~~~\n",
        "<<<<<<< ours\n", "=======\n", ">>>>>>> theirs\n", "ü", "\uFEFF", "\r\n", "# ", "\0", "\\## x\n", SectionLines.CutMark + "\n",
    ];

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_journal_that_followed_every_edit_says_what_one_says_that_reads_the_file_anew()
    {
        var edits = from at in Gen.Choose(0, 1000)
                    from removed in Gen.Choose(0, 40)
                    from pieces in Gen.Choose(0, 4).SelectMany(n => Gen.Elements(Pieces).ListOf(n))
                    select (At: at, Removed: removed, Inserted: string.Concat(pieces));
        Prop.ForAll(Gen.Choose(1, 8).SelectMany(n => edits.ListOf(n)).ToArbitrary(), sequence =>
        {
            var following = new MemoryJournal(folder.Memory);
            var text = "# Decisions\n\n## D-1: First\n- by: me\n\nBody.\n\n## D-2: Second\n\nMore.\n";
            folder.Write("decisions.md", text);
            _ = following.Entries;
            foreach (var (at, removed, inserted) in sequence)
            {
                var start = text.Length * at / 1001;
                text = text[..start] + inserted + text[Math.Min(text.Length, start + removed)..];
                folder.Write("decisions.md", text);
                // Edits of the same length within one tick of the clock are told apart by the time alone, so each gets its own.
                File.SetLastWriteTimeUtc(Path.Combine(folder.Memory, "decisions.md"), DateTime.UnixEpoch.AddSeconds(ticks++));
                var fresh = new MemoryJournal(folder.Memory);
                if (!Described(following).SequenceEqual(Described(fresh))) return false;
            }
            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(400));
    }

    private int ticks;

    private static IEnumerable<string> Described(MemoryJournal journal) =>
        [.. journal.Entries.Select(e => $"{e.Line} {e.Id} {e.Title}|{e.Text}|{e.Status}|{e.When:O}|{string.Join(',', e.Tags)}|{e.History.Length}"), .. journal.Problems.Select(p => p.ToString())];
}
