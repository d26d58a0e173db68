using Markdig;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using YamlDotNet.Serialization;

namespace AgentHost.Knowledge.Tests.Pages;

public sealed class PageShapeTests
{
    private static readonly DocumentLibrary Library = DocumentLibrary.Load(Path.Combine(AppContext.BaseDirectory, "skills"));

    public static TheoryData<string> Slugs => [.. Library.Documents.Select(d => d.Slug)];

    public static TheoryData<string> Skills => [.. Library.Documents.Where(d => d.Kind == "skill").Select(d => d.Slug)];

    [Fact]
    public void No_two_pages_share_a_slug() =>
        Assert.Empty(Library.Documents.GroupBy(d => d.Slug).Where(g => g.Count() > 1).Select(g => g.Key));

    [Theory]
    [MemberData(nameof(Slugs))]
    public void Links_between_pages_lead_somewhere(string slug)
    {
        var page = Library.Find(slug)!;
        var folder = Path.GetDirectoryName(Path.Combine(AppContext.BaseDirectory, page.Path))!;
        var broken = Markdown.Parse(page.Text).Descendants<LinkInline>().Select(l => l.Url!.Split('#')[0])
            .Where(u => u.Length > 0 && !u.Contains("://", StringComparison.Ordinal) && !File.Exists(Path.Combine(folder, u)));
        Assert.Empty(broken);
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
