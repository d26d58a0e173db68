using System.Collections.Immutable;

namespace AgentHost.Knowledge.Memory;

/// <summary>Finds which lists of phrases a text holds a phrase of, in one pass over its words.</summary>
internal sealed class PhraseMatcher
{
    private const int WidestGap = 8;

    private readonly Dictionary<string, List<(string[] Phrase, int List)>> byFirst = new(StringComparer.Ordinal);
    private readonly List<(string[] Phrase, int List)> byBeginning = [];

    /// <param name="lists">Each a list of phrases divided by semicolons.</param>
    public PhraseMatcher(ImmutableArray<string> lists)
    {
        for (var list = 0; list < lists.Length; list++)
            foreach (var phrase in lists[list].Split(';').Select(text => text.Split(' ', StringSplitOptions.RemoveEmptyEntries)))
            {
                if (phrase[0].Contains('*', StringComparison.Ordinal) && phrase[0] != "*") byBeginning.Add((phrase, list));
                else if (byFirst.TryGetValue(phrase[0], out var known)) known.Add((phrase, list));
                else byFirst[phrase[0]] = [(phrase, list)];
            }
    }

    /// <summary>The lists of which the text holds a phrase.</summary>
    /// <param name="text">Prose or SQL.</param>
    /// <param name="ids">Ids that phrases with <c>@</c> name.</param>
    public ImmutableHashSet<int> Find(string text, IEnumerable<string> ids)
    {
        var words = Split(text);
        words.AddRange(ids.SelectMany(id => new[] { ";", "@" + id.ToLowerInvariant() }));
        var found = ImmutableHashSet.CreateBuilder<int>();
        for (var at = 0; at < words.Count; at++)
        {
            if (byFirst.TryGetValue(words[at], out var phrases))
                foreach (var (phrase, list) in phrases)
                    if (Follows(words, at + 1, phrase, 1)) found.Add(list);
            foreach (var (phrase, list) in byBeginning)
                if (IsWord(words[at], phrase[0]) && Follows(words, at + 1, phrase, 1)) found.Add(list);
        }
        return found.ToImmutable();
    }

    private static bool Follows(List<string> words, int at, string[] phrase, int part)
    {
        if (part == phrase.Length) return true;
        if (phrase[part] != "~") return at < words.Count && IsWord(words[at], phrase[part]) && Follows(words, at + 1, phrase, part + 1);
        for (var gap = 0; gap <= WidestGap && at + gap < words.Count && words[at + gap] != ";"; gap++)
            if (Follows(words, at + gap, phrase, part + 1)) return true;
        return false;
    }

    private static bool IsWord(string word, string pattern) =>
        pattern == "*" ? word == "*"
        : pattern.EndsWith('*') ? word.StartsWith(pattern[..^1], StringComparison.Ordinal)
        : pattern.StartsWith('*') ? word.EndsWith(pattern[1..], StringComparison.Ordinal)
        : word == pattern;

    /// <summary>Lower-case words with their underscores; a semicolon and a lonely star are words as well.</summary>
    private static List<string> Split(string text)
    {
        var words = new List<string>();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is ';' or '*')
            {
                words.Add(text[i].ToString());
                continue;
            }
            if (!IsPart(text[i])) continue;
            var start = i;
            while (i < text.Length && IsPart(text[i])) i++;
            words.Add(text[start..i].ToLowerInvariant());
            i--;
        }
        return words;
    }

    private static bool IsPart(char c) => char.IsLetterOrDigit(c) || c == '_';
}
