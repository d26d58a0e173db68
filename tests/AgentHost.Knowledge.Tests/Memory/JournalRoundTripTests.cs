using AgentHost.Knowledge.Memory;
using FsCheck;
using FsCheck.Fluent;

namespace AgentHost.Knowledge.Tests.Memory;

public sealed class JournalRoundTripTests : IDisposable
{
    private static readonly string[] Pieces =
    [
        "## ", "##", "# ", "### ", "\\## ", "\\\\##\t", "## D-20261121-7f3ak2: Forged", "- status: closed", "- waives: x", "---", "```", "~~~", "\n", "\n\n", "\r\n", "\r",
        "\u2028", "\u0085", "\f", "\v", "\0", "\uFEFF", " ", "\t", "title: x", "ü", "🐘", "\ud800", "'", "\"", ",", ":", "a", "text", "<!--", "\\",
    ];

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void What_was_remembered_is_recalled_identically_and_forges_nothing()
    {
        var texts = Gen.Choose(0, 12).SelectMany(n => Gen.Elements(Pieces).ListOf(n)).Select(string.Concat);
        var entries = from title in texts from text in texts from tag in texts from author in texts select (Title: "t" + title, Text: EntryText.Body(text).Length == 0 ? text + "t" : text, Tag: tag, By: author);
        Prop.ForAll(entries.ToArbitrary(), e =>
        {
            Directory.CreateDirectory(folder.Memory);
            foreach (var file in Directory.GetFiles(folder.Memory)) File.Delete(file);
            var first = Append(new NewEntry(MemoryKind.Decision, e.Title, e.Text) { Tags = [e.Tag], By = e.By });
            var second = Append(new NewEntry(MemoryKind.Decision, "second", e.Text));
            var read = new MemoryJournal(folder.Memory).Entries;
            return read.Length == 2 && Same(read[0], first) && Same(read[1], second) && new MemoryJournal(folder.Memory).Problems.IsEmpty
                && first.Text == Plain(e.Text);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }

    [Fact]
    public void A_text_of_ordinary_lines_is_kept_to_the_letter()
    {
        const string text = "    indented\n\n## A heading\n\\## escaped\n- status: closed\n\n```sql\n## not a heading\nSELECT 1;\n```\n---\ntitle: x\n---";
        Assert.Equal(text, Append(new NewEntry(MemoryKind.Learning, "t", text)).Text);
        Assert.Equal(text, new MemoryJournal(folder.Memory).Entries.Single().Text);
    }

    private MemoryEntry Append(NewEntry entry) => new MemoryJournal(folder.Memory).AppendAsync(entry).GetAwaiter().GetResult();

    // What the journal promises to keep: everything but line-end styles, control characters, and blank space around the whole.
    private static string Plain(string text)
    {
        var lines = string.Concat(text.ReplaceLineEndings("\n").EnumerateRunes().Where(r => r.Value is '\n' or '\t' || !System.Text.Rune.IsControl(r))).TrimEnd().Split('\n');
        return string.Join('\n', lines.SkipWhile(string.IsNullOrWhiteSpace));
    }

    private static bool Same(MemoryEntry a, MemoryEntry b) =>
        (a.Id, a.Kind, a.Title, a.Text, a.Status, a.When, a.By) == (b.Id, b.Kind, b.Title, b.Text, b.Status, b.When, b.By)
        && a.Tags.SequenceEqual(b.Tags) && a.Scopes.SequenceEqual(b.Scopes);
}
