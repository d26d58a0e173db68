using System.Collections.Immutable;
using System.Text;

namespace AgentHost.Postgres.Twins;

/// <summary>
/// Puts other texts in the place of texts, so that comparisons, beginnings and words stay. A surrogate is a code by which it is ordered, a blank, and the text's words, each
/// letter of which is replaced by one that depends on the key and on the letters before it in its word: a word, or its beginning, is found by the same replacement.
/// </summary>
internal sealed class TextSurrogate(SurrogateKey key)
{
    private const int Symbols = 36, Letters = 26;
    private readonly Dictionary<string, int[]> alphabets = new(StringComparer.Ordinal);

    /// <summary>Surrogates by value, in the order of the values' code units. Values with a common beginning have codes with one, which no other code has.</summary>
    public Dictionary<string, string> Of(IEnumerable<string> values)
    {
        var sorted = values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        var surrogates = new Dictionary<string, string>(StringComparer.Ordinal);
        Code(sorted, "", 0, surrogates);
        return surrogates;
    }

    /// <summary>The words of a text, each replaced; what stands between them is a blank.</summary>
    public string Words(string text) => Words(text, new StringBuilder());

    /// <summary>A word of a text search: two letters for each of its own.</summary>
    public string Lexeme(string lexeme)
    {
        var other = new StringBuilder();
        for (var i = 0; i < lexeme.Length; i++)
        {
            // Of each symbol a pair of letters of its own after what stands before it; other scripts' letters draw one.
            var (symbol, pairs) = (Symbol(lexeme[i]), Alphabet("lexeme", lexeme[..i], Letters * Letters));
            var pair = symbol >= 0 ? pairs[symbol] : pairs[Symbols + lexeme[i] % (Letters * Letters - Symbols)];
            other.Append((char)('a' + pair / Letters)).Append((char)('a' + pair % Letters));
        }

        return other.ToString();
    }

    /// <summary>The pattern that finds the surrogates of what a pattern of LIKE finds, where it asks for whole words or their beginnings; another part of a word it does not find.</summary>
    /// <param name="pattern">The pattern.</param>
    /// <param name="known">All surrogates.</param>
    public string Pattern(string pattern, IEnumerable<string> known)
    {
        var parts = Parts(pattern);
        var other = string.Concat(parts.Select(part => part.IsWildcard ? part.Text : Words(part.Text)));
        if (parts.Count == 0 || parts[0].IsWildcard)
            return other;
        var begin = Words(parts[0].Text);
        var codes = known.Select(surrogate => surrogate.Split(' ', 2)).Where(s => s.Length == 2 && s[1].StartsWith(begin, StringComparison.Ordinal)).Select(s => s[0]).ToList();
        // What no known text begins with is found nowhere.
        return codes.Count == 0 ? "!" + other : Common(codes) + "%" + string.Concat(parts.Skip(1).Select(part => part.IsWildcard ? part.Text : Words(part.Text))).TrimStart('%');
    }

    private void Code(ReadOnlySpan<string> sorted, string code, int shared, Dictionary<string, string> surrogates)
    {
        if (sorted.Length == 0)
            return;
        if (sorted.Length == 1)
        {
            surrogates[sorted[0]] = code + " " + Words(sorted[0]);
            return;
        }

        // Sorted, the first and the last tell what all begin with.
        while (shared < sorted[0].Length && sorted[0][shared] == sorted[^1][shared])
            shared++;
        var starts = new List<int>();
        for (var i = 0; i < sorted.Length; i++)
        {
            if (i == 0 || sorted[i - 1].Length == shared || sorted[i][shared] != sorted[i - 1][shared])
                starts.Add(i);
        }

        var width = (int)Math.Ceiling(Math.Log(Math.Max(2, starts.Count), Letters));
        for (var child = 0; child < starts.Count; child++)
        {
            var end = child + 1 < starts.Count ? starts[child + 1] : sorted.Length;
            Code(sorted[starts[child]..end], code + Place(child, starts.Count, width), shared + (end - starts[child] > 1 ? 1 : 0), surrogates);
        }
    }

    /// <summary>A place among several as letters, spread over the whole alphabet as texts are.</summary>
    private static string Place(int place, int count, int width) => string.Create(width, (place + 0.5) / count, static (letters, share) =>
    {
        for (var i = 0; i < letters.Length; i++)
        {
            share *= Letters;
            letters[i] = (char)('a' + (int)share);
            share -= (int)share;
        }
    });

    private string Words(string text, StringBuilder other)
    {
        var begin = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsLetterOrDigit(text[i]))
            {
                begin = i + 1;
                if (other.Length == 0 || other[^1] != ' ')
                    other.Append(' ');
                continue;
            }

            var (before, symbol) = (text[begin..i].ToUpperInvariant(), Symbol(text[i]));
            var drawn = Alphabet("word", before, Symbols)[symbol >= 0 ? symbol : text[i] % Symbols];
            other.Append((char)(drawn < Letters ? 'a' + drawn : '0' + drawn - Letters));
        }

        return other.ToString();
    }

    private int[] Alphabet(string role, string before, int count) =>
        alphabets.TryGetValue($"{role} {before}", out var known) ? known : alphabets[$"{role} {before}"] = key.Shuffled(role, before, count);

    private static int Symbol(char letter) => char.ToLowerInvariant(letter) switch
    {
        >= 'a' and <= 'z' and var small => small - 'a',
        >= '0' and <= '9' and var digit => Letters + digit - '0',
        _ => -1,
    };

    private static string Common(List<string> codes)
    {
        var (first, last, shared) = (codes.Min(StringComparer.Ordinal)!, codes.Max(StringComparer.Ordinal)!, 0);
        while (shared < first.Length && shared < last.Length && first[shared] == last[shared])
            shared++;
        return first[..shared];
    }

    /// <summary>A pattern's wildcards and what stands between them, with \ taken off.</summary>
    private static List<(bool IsWildcard, string Text)> Parts(string pattern)
    {
        var (parts, plain) = (new List<(bool, string)>(), new StringBuilder());
        void Flush()
        {
            if (plain.Length > 0)
                parts.Add((false, plain.ToString()));
            plain.Clear();
        }

        for (var i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] is '%' or '_')
            {
                Flush();
                parts.Add((true, pattern[i].ToString()));
            }
            else
            {
                plain.Append(pattern[i] == '\\' && i + 1 < pattern.Length ? pattern[++i] : pattern[i]);
            }
        }

        Flush();
        return parts;
    }
}
