using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace AgentHost.Knowledge.Store;

/// <summary>The piece of a page that is embedded and found: a section, a part of a long one, or a line in which people ask for the page.</summary>
/// <param name="Section">The heading, for citing.</param>
/// <param name="Headings">The page's title and the headings down to the section.</param>
/// <param name="Text">The Markdown, or the line.</param>
/// <param name="IsAsked">Whether it is a line that leads to its page and is never shown.</param>
internal sealed partial record Chunk(string Section, string Headings, string Text, bool IsAsked = false)
{
    /// <summary>Changed whenever the same page is cut or indexed in another way: every chunk is then made anew.</summary>
    public const int Version = 5;

    private const int LongestInWords = 260, FewestInWords = 20, FewestAroundCode = 12;

    /// <summary>What the embedder sees: where the text stands is part of what it means; code is not, its words are another language's.</summary>
    public string Embedded => EmbeddedOf(Headings, Text, IsAsked);

    /// <summary>What the embedder sees of a stored chunk.</summary>
    public static string EmbeddedOf(string headings, string text, bool isAsked) => isAsked ? text : headings + "\n" + Prose(text);

    /// <summary>Equal only where heading path and text are.</summary>
    public Guid Hash => HashOf($"{Version}\n{IsAsked}\n{Headings}\n{Text}");

    /// <summary>The exact names in the chunk as words of the text index: <c>=wallevel</c> anywhere, <c>#wallevel</c> in its own heading.</summary>
    public string[] NameWords =>
        [.. ExactNames.In(Headings + "\n" + Text).Select(n => '=' + n), .. IsAsked ? [] : ExactNames.In(Section).Select(n => '#' + n)];

    /// <summary>The start of a text's SHA-256: enough to tell texts apart.</summary>
    public static Guid HashOf(string text) => new(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));

    /// <summary>A page's chunks, its sections first, then the lines in which it is asked for.</summary>
    public static ImmutableArray<Chunk> Of(Document document) =>
        [.. OfSections(document), .. document.Asked.Select(line => new Chunk("", "", line, IsAsked: true))];

    private static ImmutableArray<Chunk> OfSections(Document document)
    {
        var chunks = ImmutableArray.CreateBuilder<Chunk>();
        foreach (var section in document.Sections.Where(s => !IsBibliography(s.Heading)))
        {
            var headings = string.Join(" > ", section.Path.Prepend(document.Title));
            foreach (var part in Parts(section.Text))
            {
                if (chunks.Count > 0 && CountWords(Prose(part)) < FewestInWords)
                    chunks[^1] = chunks[^1] with { Text = $"{chunks[^1].Text}\n\n{(IsExample(part) && CountWords(section.Heading) < 3 ? "" : section.Heading + ":\n")}{part}" };
                else if (section.Level == 1 || Says(part)) chunks.Add(new Chunk(section.Heading, headings, part));
            }
        }
        return chunks.Count > 0 ? chunks.ToImmutable() : [new Chunk(document.Title, document.Title, "")];
    }

    // What a page rests on is cited by nobody who asks: it holds the right words and says nothing.
    private static bool IsBibliography(string heading) => heading.Trim().TrimEnd(':').ToUpperInvariant() is "REFERENCES" or "REFERENCE" or "SOURCES" or "BIBLIOGRAPHY" or "SEE ALSO" or "FURTHER READING" or "LINKS";

    // A section that only lists links to other pages answers nothing.
    private static bool Says(string text) => Link().Replace(text, "").Any(char.IsLetterOrDigit);

    // Code with hardly a word around it shows what the section before it says; its heading says only "Bad" or "Good".
    private static bool IsExample(string text) => Prose(text) is var prose && prose.Length < text.Length && CountWords(prose) < FewestAroundCode;

    /// <summary>The text without its code blocks.</summary>
    public static string Prose(string markdown) => CodeBlock().Replace(markdown, "\n");

    // Cut only between blocks, and never within a code block.
    private static IEnumerable<string> Parts(string text)
    {
        if (CountWords(text) <= LongestInWords)
        {
            yield return text;
            yield break;
        }
        var part = new StringBuilder();
        foreach (var block in MarkdownSections.Parse(text))
        {
            var source = text[block.Span.Start..(block.Span.End + 1)];
            if (part.Length > 0 && CountWords(part.ToString()) + CountWords(source) > LongestInWords)
            {
                yield return part.ToString().Trim();
                part.Clear();
            }
            part.Append(source).Append("\n\n");
        }
        if (part.Length > 0) yield return part.ToString().Trim();
    }

    private static int CountWords(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;

    [GeneratedRegex(@"^[ \t]*(?<fence>`{3,}|~{3,})[^\n]*\n.*?(?:^[ \t]*\k<fence>[^\n]*$|\z)", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"\[[^\[\]\n]{1,200}\]\([^()\s]{1,300}\)", RegexOptions.None, 1000)]
    private static partial Regex Link();
}
