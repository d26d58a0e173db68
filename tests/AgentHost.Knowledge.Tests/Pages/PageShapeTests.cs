using Markdig;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using YamlDotNet.Serialization;

namespace AgentHost.Knowledge.Tests.Pages;

public sealed class PageShapeTests
{
    private static readonly DocumentLibrary Library = DocumentLibrary.Load(Path.Combine(AppContext.BaseDirectory, "skills"));

    public static TheoryData<string> Pages => [.. Library.Documents.Select(d => d.Path)];

    public static TheoryData<string> References => [.. Library.Documents.Where(d => d.Kind == "reference").Select(d => d.Path)];

    public static TheoryData<string> Skills => [.. Library.Documents.Where(d => d.Kind == "skill").Select(d => d.Slug)];

    [Fact]
    public void No_two_pages_of_a_kind_share_a_slug() =>
        Assert.Empty(Library.Documents.GroupBy(d => (d.Kind, d.Slug)).Where(g => g.Count() > 1).Select(g => g.Key));

    [Theory]
    [MemberData(nameof(Pages))]
    public void Links_between_pages_lead_somewhere(string path)
    {
        var page = Library.Documents.Single(d => d.Path == path);
        var folder = Path.GetDirectoryName(Path.Combine(AppContext.BaseDirectory, page.Path))!;
        var broken = Markdown.Parse(page.Text).Descendants<LinkInline>().Select(l => l.Url!.Split('#')[0])
            .Where(u => u.Length > 0 && !u.Contains("://", StringComparison.Ordinal) && !File.Exists(Path.Combine(folder, u)));
        Assert.Empty(broken);
    }

    [Theory]
    [MemberData(nameof(References))]
    public void A_reference_has_250_to_700_words_and_leads_to_at_least_two_other_pages(string path)
    {
        var page = Library.Documents.Single(d => d.Path == path);
        Assert.InRange(page.Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length, 250, 700);
        Assert.InRange(Markdown.Parse(page.Text).Descendants<LinkInline>().Count(l => l.Url!.EndsWith(".md", StringComparison.Ordinal)), 2, 40);
    }

    [Theory]
    [MemberData(nameof(Skills))]
    public void A_skill_page_leads_to_each_of_its_references(string slug)
    {
        var links = Markdown.Parse(Library.Find(slug)!.Text).Descendants<LinkInline>().Select(l => l.Url!).ToHashSet(StringComparer.Ordinal);
        Assert.Subset(links, Library.Documents.Where(d => d.Skill == slug && d.Kind == "reference").Select(d => $"references/{d.Slug}.md").ToHashSet(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Skills))]
    public void A_skill_page_has_valid_front_matter(string slug)
    {
        var page = Library.Find(slug)!;
        Assert.StartsWith("---\n", page.Text);
        var front = new DeserializerBuilder().Build().Deserialize<Dictionary<string, object>>(page.Text.Split("\n---\n")[0]);
        Assert.Equal(page.Skill, front["name"]);
        Assert.Matches("^[a-z0-9]+(-[a-z0-9]+)*$", page.Skill);
        Assert.InRange(((string)front["description"]).Length, 1, 1024);
        Assert.True(page.Text.Split('\n').Length < 500);
    }
}
