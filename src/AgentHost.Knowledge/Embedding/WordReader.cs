namespace AgentHost.Knowledge.Embedding;

/// <summary>
/// Reads a text's words as the static model knows them: runs of letters and digits in lower case, cut at underscores and at a capital that begins a word
/// (<c>createdAt</c>), apostrophes dropped, light endings cut. The model file is made with exactly these words: a change here needs a new model file.
/// </summary>
internal ref struct WordReader(ReadOnlySpan<char> text, Span<char> buffer)
{
    /// <summary>The length that the buffer must have; letters of a word beyond it are dropped.</summary>
    public const int LongestWord = 48;

    private readonly ReadOnlySpan<char> text = text;
    private readonly Span<char> buffer = buffer[..LongestWord];
    private int at;

    /// <summary>The next word, valid until the next call; false at the end.</summary>
    public bool Next(out ReadOnlySpan<char> word)
    {
        while (at < text.Length && !char.IsLetterOrDigit(text[at])) at++;
        var length = 0;
        for (var start = at; at < text.Length; at++)
        {
            var c = text[at];
            if (!char.IsLetterOrDigit(c))
            {
                if (c is '\'' or '’' && at + 1 < text.Length && char.IsLetter(text[at + 1])) continue;
                break;
            }
            if (at > start && BeginsWord(at)) break;
            if (length < LongestWord) buffer[length++] = char.IsAscii(c) ? (char)(char.IsAsciiLetterUpper(c) ? c | 0x20 : c) : char.ToLowerInvariant(c);
        }
        word = buffer[..Stemmed(buffer[..length])];
        return length > 0;
    }

    private readonly bool BeginsWord(int i) =>
        char.IsUpper(text[i]) && char.IsLower(text[i - 1]) && i + 1 < text.Length && char.IsLower(text[i + 1]);

    // Cuts the endings of English plurals and verb forms in place; the length that is left.
    private static int Stemmed(Span<char> word)
    {
        var n = word.Length;
        if (n <= 3 || char.IsAsciiDigit(word[0])) return n;
        if (word.EndsWith("ies") && n > 4)
        {
            word[n - 3] = 'y';
            return n - 2;
        }
        if (word.EndsWith("sses") || word.EndsWith("xes") || word.EndsWith("ches")) return n - 2;
        if (word[n - 1] == 's' && word[n - 2] is not ('s' or 'u' or 'i')) n--;
        if (n > 5 && word[..n].EndsWith("ing")) return Doubled(word[..(n - 3)]);
        if (n > 4 && word[..n].EndsWith("ed")) return Doubled(word[..(n - 2)]);
        return n > 4 && word[n - 1] == 'e' ? n - 1 : n;
    }

    private static int Doubled(ReadOnlySpan<char> stem) =>
        stem.Length > 3 && stem[^1] == stem[^2] && stem[^1] is not ('l' or 's' or 'z') ? stem.Length - 1 : stem.Length;
}
