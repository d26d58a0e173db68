using AgentHost.Knowledge.Tests.Memory;

namespace AgentHost.Knowledge.Tests;

public sealed class DocumentLibraryTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Pages_are_found_by_skill_kind_and_slug()
    {
        Write("review-migration/SKILL.md", "---\nname: review-migration\ntitle: Review a migration\n---\n# Ignored\n");
        Write("review-migration/rules/drop-column.md", "# Drop a `column`\n\ntext\n");
        Write("review-migration/references/expand-and-contract.md", "no heading at all\n");
        Write("explain-plan/problems/sort-spill.md", "---\ntitle: [broken\n---\n# Sort spills\n");
        Write("explain-plan/notes.txt", "not a page");
        var library = DocumentLibrary.Load(Path.Combine(folder.Path, "skills"));
        Assert.Equal(
            ["sort-spill problem Sort spills", "review-migration skill Review a migration", "expand-and-contract reference expand-and-contract", "drop-column rule Drop a column"],
            library.Documents.Select(d => $"{d.Slug} {d.Kind} {d.Title}"));
        Assert.Equal("skills/review-migration/rules/drop-column.md", library.Find("Drop-Column")!.Path);
        Assert.Null(library.Find("nothing"));
    }

    [Fact]
    public void A_page_is_cut_at_its_headings_but_not_within_code()
    {
        Write("s/references/p.md", "---\ntitle: T\n---\nlead\n\n## One `code`\n\nfirst\n\n```sql\n## no heading\n```\n\n### Deeper\n\nsecond\n\n## Two\n");
        var sections = DocumentLibrary.Load(Path.Combine(folder.Path, "skills")).Find("p")!.Sections;
        Assert.Equal(["T:", "One code:One code", "Deeper:One code/Deeper", "Two:Two"], sections.Select(s => $"{s.Heading}:{string.Join('/', s.Path)}"));
        Assert.Equal(["lead", "first\n\n```sql\n## no heading\n```", "second", ""], sections.Select(s => s.Text));
        Assert.Equal([1, 2, 3, 2], sections.Select(s => s.Level));
    }

    [Fact]
    public void A_missing_folder_is_told_when_pages_are_asked_for()
    {
        var library = DocumentLibrary.Load(Path.Combine(folder.Path, "nowhere"));
        Assert.Contains("nowhere", Assert.Throws<KnowledgeException>(() => library.Documents).Message);
    }

    private void Write(string path, string text)
    {
        var file = Path.Combine(folder.Path, "skills", path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
