using System.Text.RegularExpressions;

namespace AgentHost.Knowledge.Store;

/// <summary>Picks the sentences of a section that answer a query.</summary>
internal static partial class Excerpt
{
    private const int EnoughWords = 55, Shortest = 20;

    /// <summary>The run of sentences, of about <see cref="EnoughWords"/> words, that holds most of the query's words; code only where there is nothing else.</summary>
    public static string Of(string markdown, string query)
    {
        var prose = Link().Replace(Chunk.Prose(markdown), "${text}"); // a link's address means nothing outside its page
        var sentences = Sentences(prose);
        if (sentences.Count == 0) return Shorten(OneLine(Fence().Replace(markdown, "")));
        var asked = Words.Of(query).ToHashSet(StringComparer.Ordinal);
        var (best, bestScore) = ("", double.MinValue);
        for (var first = 0; first < sentences.Count; first++)
        {
            var run = sentences[first];
            for (var next = first + 1; next < sentences.Count && Count(run) + Count(sentences[next]) <= EnoughWords; next++) run += " " + sentences[next];
            var found = Words.Of(run).Where(asked.Contains).Distinct(StringComparer.Ordinal).Sum(w => w.Length > 4 ? 1.5 : 1.0);
            // Between equals the earlier run wins, and a scrap of a few words loses.
            var score = found - (first * 0.01) - (Count(run) < Shortest ? 1 : 0);
            if (score > bestScore) (best, bestScore) = (run, score);
        }
        return Shorten(best);
    }

    private static List<string> Sentences(string prose)
    {
        var sentences = new List<string>();
        foreach (var paragraph in Paragraph().Split(prose))
            sentences.AddRange(SentenceEnd().Split(OneLine(paragraph)).Where(s => s.Any(char.IsLetter) && !IsLeadIn(s)));
        return sentences;
    }

    // "Before the migration:" says nothing without the code that follows it.
    private static bool IsLeadIn(string sentence) => sentence.EndsWith(':') && Count(sentence) < 5;

    private static string Shorten(string text)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words.Length <= EnoughWords + 10 ? string.Join(' ', words) : string.Join(' ', words.Take(EnoughWords)) + " …";
    }

    private static int Count(string text) => text.AsSpan().Count(' ') + 1;

    private static string OneLine(string text) => WhiteSpace().Replace(text, " ").Trim();

    [GeneratedRegex(@"\[(?<text>[^\[\]\n]{1,200})\]\([^()\s]{1,300}\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Link();

    // The line that opens or closes a code block, with the words behind the marks.
    [GeneratedRegex(@"^[ \t]*(?:`{3,}|~{3,})[^\n]*$", RegexOptions.Multiline, 1000)]
    private static partial Regex Fence();

    [GeneratedRegex(@"\n\s*\n|\n(?=\s*(?:[-*|]|\d+\.)\s)", RegexOptions.None, 1000)]
    private static partial Regex Paragraph();

    [GeneratedRegex(@"(?<=[a-z0-9)`*""][.!?:])\s+(?=[A-Z`*""(])", RegexOptions.None, 1000)]
    private static partial Regex SentenceEnd();

    [GeneratedRegex(@"\s+", RegexOptions.None, 1000)]
    private static partial Regex WhiteSpace();
}
