using System.Text.RegularExpressions;
using AgentHost.Knowledge;

namespace AgentHost.Skills.Tests;

/// <summary>What the engines cite by name is there: each page and, where a section is named, the section.</summary>
public sealed partial class CitationTests
{
    private static readonly DocumentLibrary Library = DocumentLibrary.Load(Path.Combine(AppContext.BaseDirectory, "skills"));

    public static TheoryData<string> Sections => [.. Matches(PageAndSection()).Select(m => $"{m.Groups["page"].Value}#{m.Groups["section"].Value}").Distinct()];

    public static TheoryData<string> Pages => [.. Matches(MadeCitation()).SelectMany(m => PageName().Matches(m.Value)).Select(m => m.Groups["page"].Value).Distinct()];

    [Theory]
    [MemberData(nameof(Sections))]
    public void A_section_that_is_cited_is_in_its_page(string cited) => Assert.True(Library.Find(cited.Split('#')[0])?.HasSection(cited.Split('#')[1]), cited);

    [Theory]
    [MemberData(nameof(Pages))]
    public void A_page_that_is_cited_is_there(string page) => Assert.NotNull(Library.Find(page));

    private static IEnumerable<Match> Matches(Regex regex) =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", "AgentHost.Skills"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal)).SelectMany(file => regex.Matches(File.ReadAllText(file)));

    [GeneratedRegex(@"""(?<page>[a-z0-9]+(-[a-z0-9]+)+)"",\s*""(?<section>[A-Z][^""]*)""\)", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex PageAndSection();

    [GeneratedRegex(@"new Citation\([^;]*?\)", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex MadeCitation();

    [GeneratedRegex(@"""(?<page>[a-z0-9]+(-[a-z0-9]+)+)""", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex PageName();
}
