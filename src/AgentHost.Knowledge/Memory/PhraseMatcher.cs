using System.Collections.Immutable;

namespace AgentHost.Knowledge.Memory;

/// <summary>Finds which lists of phrases a text holds a phrase of, in one pass over its words. At most 64 lists: the answer has a bit for each.</summary>
internal sealed class PhraseMatcher
{
    private const int WidestGap = 8;
    private const string Gap = "~";

    private readonly Dictionary<string, List<(Part[] Phrase, int List)>> byWord = new(StringComparer.Ordinal);
    private readonly Dictionary<char, List<(Part[] Phrase, int List)>> byLetter = [];
    private readonly Dictionary<string, List<(Part[] Phrase, int List)>>.AlternateLookup<ReadOnlySpan<char>> bySpan;

    private readonly record struct Part(string Word, bool IsBeginning, bool IsEnd, bool IsGap)
    {
        public static Part Read(string text) =>
            text.Length > 1 && text.EndsWith('*') ? new(text[..^1], true, false, false)
            : text.Length > 1 && text.StartsWith('*') ? new(text[1..], false, true, false)
            : new(text, false, false, text == Gap);

        public bool Is(ReadOnlySpan<char> word) =>
            IsBeginning ? word.StartsWith(Word, StringComparison.Ordinal) : IsEnd ? word.EndsWith(Word, StringComparison.Ordinal) : word.SequenceEqual(Word);
    }

    /// <param name="lists">Each a list of phrases divided by semicolons.</param>
    public PhraseMatcher(ImmutableArray<string> lists)
    {
        for (var list = 0; list < lists.Length; list++)
            foreach (var phrase in lists[list].Split(';').Select(text => text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Part.Read).ToArray()))
                if (phrase[0] is { IsBeginning: false, IsEnd: false }) Add(byWord, phrase[0].Word, phrase, list);
                else if (phrase[0].IsBeginning) Add(byLetter, phrase[0].Word[0], phrase, list);
                else throw new InvalidDataException($"A phrase cannot begin with the end of a word: *{phrase[0].Word}");
        bySpan = byWord.GetAlternateLookup<ReadOnlySpan<char>>();

        static void Add<T>(Dictionary<T, List<(Part[], int)>> phrases, T key, Part[] phrase, int list)
            where T : notnull
        {
            if (phrases.TryGetValue(key, out var known)) known.Add((phrase, list));
            else phrases[key] = [(phrase, list)];
        }
    }

    /// <summary>The lists of which the text holds a phrase, a bit each.</summary>
    /// <param name="text">Prose or SQL.</param>
    /// <param name="ids">Ids that phrases with <c>@</c> name.</param>
    public ulong Find(string text, IEnumerable<string> ids)
    {
        var lower = string.Concat(text.ToLowerInvariant(), string.Concat(ids.Select(id => $" ; @{id.ToLowerInvariant()}")));
        var words = Split(lower);
        var found = 0UL;
        for (var at = 0; at < words.Count; at++)
        {
            var word = lower.AsSpan(words[at]);
            if (bySpan.TryGetValue(word, out var phrases)) Follow(phrases);
            if (byLetter.TryGetValue(word[0], out var beginnings)) Follow(beginnings);

            void Follow(List<(Part[] Phrase, int List)> candidates)
            {
                foreach (var (phrase, list) in candidates)
                    if ((found & 1UL << list) == 0 && phrase[0].Is(lower.AsSpan(words[at])) && Follows(lower, words, at + 1, phrase, 1)) found |= 1UL << list;
            }
        }
        return found;
    }

    private static bool Follows(string text, List<Range> words, int at, Part[] phrase, int part)
    {
        if (part == phrase.Length) return true;
        if (!phrase[part].IsGap) return at < words.Count && phrase[part].Is(text.AsSpan(words[at])) && Follows(text, words, at + 1, phrase, part + 1);
        for (var gap = 0; gap <= WidestGap && at + gap < words.Count && text[words[at + gap].Start.Value] != ';'; gap++)
            if (Follows(text, words, at + gap, phrase, part + 1)) return true;
        return false;
    }

    // Words with their underscores; a semicolon and a lonely star are words as well, an id with its hyphens is one.
    private static List<Range> Split(string text)
    {
        var words = new List<Range>(text.Length / 6);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is ';' or '*')
            {
                words.Add(i..(i + 1));
                continue;
            }
            var isId = text[i] == '@';
            if (!isId && !IsPart(text[i])) continue;
            var start = i++;
            while (i < text.Length && (IsPart(text[i]) || (isId && text[i] == '-'))) i++;
            words.Add(start..i);
            i--;
        }
        return words;
    }

    private static bool IsPart(char c) => char.IsLetterOrDigit(c) || c == '_';
}
