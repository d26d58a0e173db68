using System.Collections.Frozen;

namespace AgentHost.Knowledge;

/// <summary>
/// Splits text into the words that search and memory compare: lower case, lightly stemmed, function words left out.
/// An identifier such as <c>idle_in_transaction</c> gives itself and its parts.
/// </summary>
internal static class Words
{
    private static readonly FrozenSet<string> Stop = FrozenSet.ToFrozenSet(
        ("a an and are as at be been but by can could did do does for from had has have how i if in into is it its just me my no not of on or our "
        + "out should so some than that the their them then there these they this to too up us was we were what when where which while who why will "
        + "with would you your").Split(' '), StringComparer.Ordinal);

    /// <summary>The words of a text in order, with repetitions.</summary>
    public static IEnumerable<string> Of(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!IsWordPart(text[i])) continue;
            var start = i;
            while (i < text.Length && IsWordPart(text[i])) i++;
            var run = text[start..i].ToLowerInvariant().Trim('_');
            if (run.Contains('_', StringComparison.Ordinal))
            {
                yield return run;
                foreach (var part in run.Split('_', StringSplitOptions.RemoveEmptyEntries))
                    if (Usable(part)) yield return Stem(part);
            }
            else if (Usable(run))
            {
                yield return Stem(run);
            }
        }
    }

    /// <summary>Cuts the endings of English plurals and verb forms; short words stay.</summary>
    public static string Stem(string word)
    {
        if (word.Length <= 3 || char.IsAsciiDigit(word[0])) return word;
        if (word.EndsWith("ies", StringComparison.Ordinal) && word.Length > 4) return word[..^3] + "y";
        if (word.EndsWith("sses", StringComparison.Ordinal) || word.EndsWith("xes", StringComparison.Ordinal) || word.EndsWith("ches", StringComparison.Ordinal))
            return word[..^2];
        if (word.EndsWith('s') && word[^2] is not ('s' or 'u' or 'i')) word = word[..^1];
        if (word.EndsWith("ing", StringComparison.Ordinal) && word.Length > 5) return Doubled(word[..^3]);
        if (word.EndsWith("ed", StringComparison.Ordinal) && word.Length > 4) return Doubled(word[..^2]);
        return word.EndsWith('e') && word.Length > 4 ? word[..^1] : word;
    }

    private static string Doubled(string stem) =>
        stem.Length > 3 && stem[^1] == stem[^2] && stem[^1] is not ('l' or 's' or 'z') ? stem[..^1] : stem;

    private static bool Usable(string word) => word.Length > 0 && (word.Length > 1 || char.IsAsciiDigit(word[0])) && !Stop.Contains(word);

    private static bool IsWordPart(char c) => char.IsLetterOrDigit(c) || c == '_';
}
