using System.Collections.Immutable;
using System.Text;
using AgentHost.Knowledge.Store;

namespace AgentHost.Knowledge.Ingest;

/// <summary>A file that is to be ingested.</summary>
/// <param name="Path">Where it lies.</param>
/// <param name="Slug">The page's slug: the source's name, and the path without its ending.</param>
/// <param name="Place">The source's name and the path with its ending, as results tell it.</param>
internal sealed record SourceFile(string Path, string Slug, string Place)
{
    /// <summary>The longest file that is read, in bytes.</summary>
    public const long Longest = 16 * 1024 * 1024;

    /// <summary>Changed whenever the same file is read in another way.</summary>
    private const int Version = 1;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The endings of the files that are known.</summary>
    public static ImmutableArray<string> Endings { get; } = [".md", ".markdown", ".html", ".htm", ".xhtml", ".txt", ".text"];

    private bool IsHtml => System.IO.Path.GetExtension(Path).ToUpperInvariant() is ".HTML" or ".HTM" or ".XHTML";

    /// <summary>The file's bytes, and what tells whether it has changed.</summary>
    /// <exception cref="KnowledgeException">It is too large or cannot be read.</exception>
    public (byte[] Content, Guid Hash) Read()
    {
        try
        {
            var length = new FileInfo(Path).Length;
            if (length > Longest) throw new KnowledgeException($"{Path}: {length / (1024 * 1024)} MB are too much for one page; at most {Longest / (1024 * 1024)} MB are read");
            var content = File.ReadAllBytes(Path);
            return (content, Chunk.HashOf($"{Chunk.Version} {Version} {Place} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(content))}"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new KnowledgeException($"{Path}: cannot be read ({e.Message})", e);
        }
    }

    /// <summary>The page that the bytes make; without chunks where nothing in it is text.</summary>
    /// <exception cref="KnowledgeException">It is no text.</exception>
    public StoredPage Parse(byte[] content, Guid hash)
    {
        var text = QuotedText.Visible(Decode(content)).ReplaceLineEndings("\n");
        var name = System.IO.Path.GetFileNameWithoutExtension(Path);
        try
        {
            return Cut(text, name, hash);
        }
        catch (Exception e) when (e is ArgumentException or KnowledgeException)
        {
            throw new KnowledgeException($"{Path}: cannot be cut into sections ({e.Message.Split('\n')[0].TrimEnd('.')})", e); // Markdig refuses what is nested too deeply
        }
    }

    private StoredPage Cut(string text, string name, Guid hash)
    {
        var document = IsHtml ? OfHtml(text, name) : System.IO.Path.GetExtension(Path).ToUpperInvariant() is ".TXT" or ".TEXT" ? OfPlain(text, name) : OfMarkdown(text, name);
        var says = document.Sections.Any(s => s.Text.Any(char.IsLetterOrDigit));
        return new StoredPage(Slug, null, "quoted", Place, hash, says ? [.. Chunk.Of(document).SelectMany(Shorten)] : []);
    }

    private string Decode(byte[] content)
    {
        var isMarked = content is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..];
        if (!isMarked && content.AsSpan(0, Math.Min(content.Length, 8192)).Contains((byte)0)) throw new KnowledgeException($"{Path}: is not text but binary");
        try
        {
            using var reader = new StreamReader(new MemoryStream(content), Strict, detectEncodingFromByteOrderMarks: true);
            return reader.ReadToEnd();
        }
        catch (DecoderFallbackException e)
        {
            var head = Encoding.Latin1.GetString(content, 0, Math.Min(content.Length, 2048));
            var isLatin = IsHtml && (head.Contains("iso-8859-1", StringComparison.OrdinalIgnoreCase) || head.Contains("windows-1252", StringComparison.OrdinalIgnoreCase));
            return isLatin ? Encoding.Latin1.GetString(content) : throw new KnowledgeException($"{Path}: is not UTF-8 (from byte {e.Index} on); save it as UTF-8", e);
        }
    }

    private Document OfHtml(string html, string name)
    {
        var (title, sections) = HtmlSections.Of(html, name);
        return new Document(Slug, "", "quoted", QuotedText.Heading(title), Place, html) { Sections = sections };
    }

    private Document OfPlain(string text, string name) => new(Slug, "", "quoted", name, Place, text) { Sections = [new Section(name, [], 1, text.Trim())] };

    private Document OfMarkdown(string text, string name) => new(Slug, "", "quoted", QuotedText.Heading(DocumentLibrary.TitleOf(text) ?? name), Place, text);

    // A block that no page of ours has: longer than a piece can be (a table in one paragraph, code of a thousand lines).
    private static IEnumerable<Chunk> Shorten(Chunk chunk)
    {
        const int Most = 6000;
        for (var rest = chunk.Text; ;)
        {
            if (rest.Length <= Most)
            {
                yield return chunk with { Text = rest };
                yield break;
            }
            var cut = rest.LastIndexOfAny(['\n', ' '], Most, Most / 2) is > 0 and var space ? space : Most;
            if (char.IsHighSurrogate(rest[cut - 1])) cut--;
            yield return chunk with { Text = rest[..cut] };
            rest = rest[cut..].TrimStart();
        }
    }
}
