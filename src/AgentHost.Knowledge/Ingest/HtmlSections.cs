using System.Collections.Immutable;
using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;

namespace AgentHost.Knowledge.Ingest;

/// <summary>
/// The readable text of a HTML page by its headings, as Markdown: paragraphs, lists, rows of tables, code in fences. Navigation, scripts, styles, forms and what is
/// hidden are left out. A term of a definition list that can be linked to (a setting in PostgreSQL's manual) is a heading too.
/// </summary>
internal sealed class HtmlSections
{
    private const int TermLevel = 7, Deepest = 400;

    private static readonly HashSet<string> LeftOut = new(StringComparer.OrdinalIgnoreCase)
    {
        "SCRIPT", "STYLE", "NAV", "HEADER", "FOOTER", "ASIDE", "NOSCRIPT", "TEMPLATE", "SVG", "MATH", "FORM", "BUTTON", "IFRAME", "OBJECT", "SELECT", "INPUT", "HEAD", "IMG", "VIDEO", "AUDIO",
    };

    private static readonly HashSet<string> LeftOutClasses = new(StringComparer.OrdinalIgnoreCase)
    {
        "navheader", "navfooter", "toc", "indexterm", "index", "sidebar", "breadcrumb", "breadcrumbs", "menu", "navbar", "navigation", "headerlink", "id_link", "sr-only", "visually-hidden", "footnotes-back",
    };

    private static readonly HashSet<string> LeftOutRoles = new(StringComparer.OrdinalIgnoreCase) { "navigation", "banner", "contentinfo", "search", "menu" };

    private static readonly HashSet<string> Blocks = new(StringComparer.OrdinalIgnoreCase)
    {
        "P", "DIV", "SECTION", "ARTICLE", "MAIN", "UL", "OL", "DL", "LI", "DD", "DT", "TABLE", "TBODY", "THEAD", "TFOOT", "TR", "PRE", "BLOCKQUOTE", "FIGURE", "FIGCAPTION", "HR", "ADDRESS", "DETAILS", "SUMMARY", "BODY", "FIELDSET",
    };

    private readonly ImmutableArray<Section>.Builder sections = ImmutableArray.CreateBuilder<Section>();
    private readonly List<(int Level, string Heading)> path = [];
    private readonly StringBuilder text = new();
    private readonly StringBuilder line = new();
    private readonly string title;
    private (string Heading, int Level) current;

    private HtmlSections(string title) => (this.title, current) = (title, (title, 1));

    /// <summary>The page's title and its sections, in order.</summary>
    /// <exception cref="KnowledgeException">Its elements are nested beyond reason.</exception>
    public static (string Title, ImmutableArray<Section> Sections) Of(string html, string otherwise)
    {
        using var page = new HtmlParser().ParseDocument(html);
        if (IsTooDeep(page)) throw new KnowledgeException($"its elements are nested more than {Deepest} deep");
        var named = Flat(page.Title ?? "");
        var main = page.QuerySelectorAll("main, [role=main]") is [var only] ? only : page.QuerySelectorAll("article") is [var article] ? article : page.Body;
        var called = named.Length > 0 ? named : page.QuerySelector("h1") is { } first && Flat(first.TextContent) is { Length: > 0 } heading ? heading : otherwise;
        var reader = new HtmlSections(called);
        if (main is not null) reader.Read(main);
        reader.Close();
        return (called, reader.sections.ToImmutable());
    }

    private void Read(INode node)
    {
        foreach (var child in node.ChildNodes)
        {
            if (child is IText plain) line.Append(plain.Data);
            else if (child is IElement element && !IsLeftOut(element)) ReadElement(element);
        }
    }

    private void ReadElement(IElement element)
    {
        switch (element.TagName)
        {
            case "H1" or "H2" or "H3" or "H4" or "H5" or "H6":
                Begin(Flat(Text(element)), element.TagName[1] - '0');
                break;
            case "DT" when element.HasAttribute("id") || element.QuerySelector(":scope > a[id], :scope > span[id]") is not null:
                Begin(Flat(Text(element)), TermLevel);
                break;
            case "DT":
                Block(() => Read(element), "**", ":**");
                break;
            case "DL":
                var outside = (current, Path: path.ToList());
                Block(() => Read(element));
                if (current != outside.current) Return(outside.current, outside.Path);
                break;
            case "PRE":
                Break();
                if (Text(element).Trim('\n', '\r') is { } code && code.Trim().Length > 0) text.Append("```\n").Append(code.TrimEnd().Replace("```", "'''", StringComparison.Ordinal)).Append("\n```\n\n");
                break;
            case "LI":
                Block(() => Read(element), "- ");
                break;
            case "TR":
                Block(() => line.AppendJoin(" | ", element.Children.Select(cell => Flat(Text(cell))).Where(cell => cell.Length > 0)));
                break;
            case "BR":
                line.Append(' ');
                break;
            case "CODE" when element.QuerySelector("*") is null && element.TextContent.Trim() is { Length: > 0 and < 80 } name && !name.Contains('`', StringComparison.Ordinal):
                line.Append('`').Append(name).Append('`');
                break;
            case var tag when Blocks.Contains(tag):
                Block(() => Read(element));
                break;
            default:
                Read(element);
                break;
        }
    }

    private void Begin(string heading, int level)
    {
        Break();
        // Pages often say their title again as their first heading.
        if (heading.Length == 0 || (sections.Count == 0 && text.Length == 0 && heading.Equals(title, StringComparison.OrdinalIgnoreCase))) return;
        Close();
        path.RemoveAll(p => p.Level >= level);
        path.Add((level, heading));
        current = (heading, level);
    }

    private void Return((string Heading, int Level) outside, List<(int Level, string Heading)> outsidePath)
    {
        Close();
        path.Clear();
        path.AddRange(outsidePath);
        current = outside;
    }

    private void Close()
    {
        Break();
        var content = text.ToString().Trim();
        text.Clear();
        if (content.Length > 0) sections.Add(new Section(current.Heading, [.. path.Select(p => p.Heading)], current.Level, content));
    }

    private void Block(Action inside, string before = "", string after = "")
    {
        Break();
        var start = text.Length;
        inside();
        Break();
        if (text.Length <= start) return;
        text.Insert(start, before);
        if (after.Length > 0) text.Insert(text.Length - 2, after);
    }

    private void Break()
    {
        var flat = Flat(line.ToString());
        line.Clear();
        if (flat.Length > 0) text.Append(flat).Append("\n\n");
    }

    private static string Text(IElement element)
    {
        if (element.QuerySelector("script, style, .indexterm, .headerlink, .id_link, [hidden]") is null) return element.TextContent;
        var copy = (IElement)element.Clone();
        foreach (var hidden in copy.QuerySelectorAll("script, style, .indexterm, .headerlink, .id_link, [hidden]").ToList()) hidden.Remove();
        return copy.TextContent;
    }

    // Without recursion, which such a page would end the process by.
    private static bool IsTooDeep(INode root)
    {
        var depth = 0;
        for (var node = root.FirstChild; node is not null;)
        {
            if (depth > Deepest) return true;
            if (node.FirstChild is { } child)
            {
                (node, depth) = (child, depth + 1);
                continue;
            }
            while (node is not null && node != root && node.NextSibling is null) (node, depth) = (node.Parent, depth - 1);
            node = node is null || node == root ? null : node.NextSibling;
        }
        return false;
    }

    private static bool IsLeftOut(IElement element) =>
        LeftOut.Contains(element.TagName) || element.HasAttribute("hidden") || element.GetAttribute("aria-hidden") == "true"
        || (element.GetAttribute("role") is { } role && LeftOutRoles.Contains(role)) || element.ClassList.Any(LeftOutClasses.Contains)
        || (element.GetAttribute("style") is { } style && IsHiding(style.Replace(" ", "", StringComparison.Ordinal)));

    private static bool IsHiding(string style) =>
        style.Contains("display:none", StringComparison.OrdinalIgnoreCase) || style.Contains("visibility:hidden", StringComparison.OrdinalIgnoreCase) || style.Contains("font-size:0", StringComparison.OrdinalIgnoreCase);

    private static string Flat(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
