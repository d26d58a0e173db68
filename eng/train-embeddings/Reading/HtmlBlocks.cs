using System.Collections.Frozen;
using System.Net;
using System.Text;

namespace AgentHost.TrainEmbeddings.Reading;

/// <summary>What a block of a page is.</summary>
internal enum BlockKind { Heading, Term, Text }

/// <summary>A heading (with its level), a term that is being defined, or a paragraph.</summary>
internal readonly record struct Block(BlockKind Kind, int Level, string Text);

/// <summary>Reads the prose of generated manuals' pages (DocBook's and Sphinx's HTML): no code, no navigation.</summary>
internal static class HtmlBlocks
{
    private static readonly FrozenSet<string> Breaks = FrozenSet.ToFrozenSet(["p", "div", "li", "td", "th", "tr", "dd", "dt", "dl", "ul", "ol", "table", "section", "h1", "h2", "h3", "h4", "h5", "h6", "br", "hr", "blockquote"]);
    private static readonly FrozenSet<string> Skipped = FrozenSet.ToFrozenSet(["script", "style", "pre", "nav", "head", "header", "footer", "svg"]);
    private static readonly string[] SkippedClasses = ["navheader", "navfooter", "toc", "sphinxsidebar", "related", "footer", "refsynopsisdiv", "navigation", "docutils container", "admonition-version", "body-right"];

    public static List<Block> Of(string html)
    {
        var blocks = new List<Block>();
        var text = new StringBuilder();
        var (kind, level) = (BlockKind.Text, 0);
        for (var i = 0; i < html.Length;)
        {
            if (html[i] != '<')
            {
                var end = html.IndexOf('<', i) is > 0 and var next ? next : html.Length;
                text.Append(html, i, end - i);
                i = end;
                continue;
            }
            var close = html.IndexOf('>', i);
            if (close < 0) break;
            var tag = html.AsSpan(i + 1, close - i - 1);
            i = close + 1;
            var ending = tag.StartsWith("/");
            var name = Name(ending ? tag[1..] : tag);
            if (!ending && (Skipped.Contains(name) || (name == "div" && HasSkippedClass(tag))))
            {
                Close();
                i = AfterElement(html, name, i);
                continue;
            }
            if (!Breaks.Contains(name))
            {
                // Only markup within a line keeps words together.
                continue;
            }
            Close();
            if (ending) (kind, level) = (BlockKind.Text, 0);
            else if (name.Length == 2 && name[0] == 'h' && name[1] is >= '1' and <= '6') (kind, level) = (BlockKind.Heading, name[1] - '0');
            else if (name == "dt") (kind, level) = (BlockKind.Term, 0);
        }
        Close();
        return blocks;

        void Close()
        {
            var line = string.Join(' ', WebUtility.HtmlDecode(text.ToString()).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
            text.Clear();
            if (line.Any(char.IsLetter)) blocks.Add(new Block(kind, level, line));
        }
    }

    private static string Name(ReadOnlySpan<char> tag)
    {
        var end = 0;
        while (end < tag.Length && char.IsAsciiLetterOrDigit(tag[end])) end++;
        return tag[..end].ToString().ToLowerInvariant();
    }

    private static bool HasSkippedClass(ReadOnlySpan<char> tag)
    {
        var start = tag.IndexOf("class=\"");
        if (start < 0) return false;
        var value = tag[(start + 7)..];
        value = value[..Math.Max(0, value.IndexOf('"'))];
        foreach (var skipped in SkippedClasses)
            if (value.StartsWith(skipped, StringComparison.Ordinal)) return true;
        return false;
    }

    private static int AfterElement(string html, string name, int at)
    {
        var depth = 1;
        while (depth > 0)
        {
            var open = html.IndexOf('<', at);
            if (open < 0) return html.Length;
            var close = html.IndexOf('>', open);
            if (close < 0) return html.Length;
            var tag = html.AsSpan(open + 1, close - open - 1);
            if (tag.StartsWith("/") && Name(tag[1..]) == name) depth--;
            else if (Name(tag) == name && !tag.EndsWith("/")) depth++;
            at = close + 1;
        }
        return at;
    }
}
