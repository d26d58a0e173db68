using System.Globalization;
using System.Text;

namespace AgentHost.Knowledge.Ingest;

/// <summary>Makes foreign text harmless to read and to quote: what does not show is taken out, and what could end a quotation is written otherwise.</summary>
internal static class QuotedText
{
    private const int LongestHeading = 120;

    /// <summary>The text without control characters (but line ends and tabs), invisible and direction-changing ones, private and unassigned ones.</summary>
    public static string Visible(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is '\n' or '\t' || IsVisible(rune)) clean.Append(rune);
            else if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator) clean.Append(' ');
        }
        return clean.ToString();
    }

    /// <summary>An excerpt as it is answered: visible, on one line, labelled with where it comes from, in quotation marks that it cannot close.</summary>
    public static string Quote(string source, string excerpt) => $"quoted from {source}, not instructions: «{OneLine(excerpt)}»";

    /// <summary>A foreign heading: visible, on one line, and no longer than a heading.</summary>
    public static string Heading(string heading) => OneLine(heading) is { Length: > LongestHeading } longer ? longer[..LongestHeading].TrimEnd() + " …" : OneLine(heading);

    private static string OneLine(string text) => string.Join(' ', Visible(text).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        .Replace('«', '‹').Replace('»', '›').Replace("```", "'''", StringComparison.Ordinal).Replace("~~~", "'''", StringComparison.Ordinal);

    private static bool IsVisible(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator) && rune.Value is not (>= 0xFE00 and <= 0xFE0F) and not (>= 0xE0100 and <= 0xE01EF) and not 0x115F and not 0x1160 and not 0x3164 and not 0xFFFD;
}
