using System.Collections.Immutable;
using System.Text;
using Markdig;
using Markdig.Extensions.Yaml;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace AgentHost.Knowledge;

/// <summary>Cuts a Markdown page at its headings.</summary>
internal static class MarkdownSections
{
    private static readonly Lazy<MarkdownPipeline> Pipeline = new(() => new MarkdownPipelineBuilder().UseYamlFrontMatter().UsePipeTables().Build());

    public static MarkdownDocument Parse(string markdown) => Markdown.Parse(markdown, Pipeline.Value);

    public static ImmutableArray<Section> Of(string markdown, string title)
    {
        var page = Parse(markdown);
        var sections = ImmutableArray.CreateBuilder<Section>();
        var path = new List<(int Level, string Heading)>();
        var (heading, level) = (title, 1);
        var start = page.FirstOrDefault() is YamlFrontMatterBlock front ? front.Span.End + 1 : 0;
        foreach (var next in page.OfType<HeadingBlock>())
        {
            Close(next.Span.Start);
            (heading, level, start) = (PlainText(next), next.Level, next.Span.End + 1);
            path.RemoveAll(p => p.Level >= level);
            if (level > 1) path.Add((level, heading));
        }
        Close(markdown.Length);
        return sections.ToImmutable();

        void Close(int end)
        {
            var text = markdown[start..end].Trim('\r', '\n', ' ');
            if (text.Length > 0 || sections.Count > 0 || level > 1) sections.Add(new Section(heading, [.. path.Select(p => p.Heading)], level, text));
        }
    }

    public static string PlainText(LeafBlock block)
    {
        var text = new StringBuilder();
        foreach (var inline in block.Inline?.Descendants() ?? [])
            text.Append(inline switch { LiteralInline literal => literal.Content.ToString(), CodeInline code => code.Content, LineBreakInline => " ", HtmlEntityInline entity => entity.Transcoded.ToString(), _ => "" });
        return text.ToString().Trim();
    }
}
