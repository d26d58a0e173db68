using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace AgentHost.Knowledge.Store;

/// <summary>The piece of a page that is embedded and found: a section, or a part of a long one.</summary>
/// <param name="Section">The heading, for citing.</param>
/// <param name="Headings">The page's title and the headings down to the section.</param>
/// <param name="Text">The Markdown.</param>
internal sealed partial record Chunk(string Section, string Headings, string Text)
{
    /// <summary>Changed whenever the same page is cut or indexed in another way: every chunk is then made anew.</summary>
    public const int Version = 4;

    private const int LongestInWords = 260, FewestInWords = 20, FewestAroundCode = 12;

    /// <summary>What the embedder sees: where the text stands is part of what it means; code is not, its words are another language's.</summary>
    public string Embedded => Headings + "\n" + Prose(Text);

    /// <summary>Equal only where heading path and text are.</summary>
    public byte[] Hash => SHA256.HashData(Encoding.UTF8.GetBytes($"{Version}\n{Headings}\n{Text}"));

    /// <summary>The exact names in the chunk, one word each, as <see cref="Identifiers"/> gives them.</summary>
    public string Names => Identifiers(Headings + "\n" + Text);

    public static ImmutableArray<Chunk> Of(Document document)
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

    /// <summary>Names that must be found by their letters, joined by spaces: words with an underscore (written without it), SQLSTATEs and other words with digits.</summary>
    public static string Identifiers(string text) =>
        string.Join(' ', Name().Matches(text).Select(m => m.Value.Replace("_", "", StringComparison.Ordinal).ToLowerInvariant()).Where(n => n.Length > 2).Distinct(StringComparer.Ordinal));

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

    [GeneratedRegex(@"\b[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)+\b|\b(?=[0-9A-Z]{5}\b)[0-9][0-9A-Z]*\b|\b[A-Za-z]+[0-9][A-Za-z0-9]*\b", RegexOptions.None, 1000)]
    private static partial Regex Name();
}
