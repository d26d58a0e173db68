using System.Runtime.InteropServices;

namespace AgentHost.Knowledge.Embedding;

/// <summary>A row of the model's table and how much of it a text takes.</summary>
internal readonly record struct Token(int Row, float Weight);

/// <summary>
/// Tells which rows of the model's table a text is made of: a row a known word, a row a known pair of neighbouring words; a word that is not known is taken for the
/// field's word that is one slip of the pen away, else for its character n-grams, hashed into buckets (as fastText does). Words are known by their hashes: no strings are kept.
/// </summary>
/// <param name="keys">The hashes of words and pairs, ascending; a key's place is its row.</param>
/// <param name="buckets">How many rows of n-grams follow.</param>
/// <param name="slipKeys">The hashes of words with one letter left out and of its place, ascending (<see cref="SlipsOf"/>).</param>
/// <param name="slipRows">The word's row, for each of <paramref name="slipKeys"/>.</param>
internal readonly ref struct TokenTable(ReadOnlySpan<ulong> keys, int buckets, ReadOnlySpan<ulong> slipKeys, ReadOnlySpan<int> slipRows)
{
    /// <summary>Shorter words are as easily another word as a misspelt one.</summary>
    public const int ShortestSlip = 5;

    /// <summary>Character n-grams of a word between two marks have these lengths.</summary>
    public const int ShortestGram = 3, LongestGram = 5;

    private readonly ReadOnlySpan<ulong> keys = keys, slipKeys = slipKeys;
    private readonly ReadOnlySpan<int> slipRows = slipRows;

    /// <summary>The text's rows, ascending, each once; a word said n times weighs √n.</summary>
    public List<Token> Tokens(ReadOnlySpan<char> text)
    {
        var rows = new List<int>(32);
        var tokens = new List<Token>(32);
        Span<char> buffer = stackalloc char[WordReader.LongestWord];
        var reader = new WordReader(text, buffer);
        var before = 0UL;
        while (reader.Next(out var word))
        {
            var hash = HashOf(word);
            var row = Find(hash);
            if (row < 0 && (row = Meant(word)) < 0) AddPieces(word, tokens);
            else rows.Add(row);
            if (before != 0 && (row = Find(HashOf(before, hash))) >= 0) rows.Add(row);
            before = hash;
        }
        var pieces = tokens.Count;
        var sorted = CollectionsMarshal.AsSpan(rows);
        sorted.Sort();
        for (int i = 0, next; i < sorted.Length; i = next)
        {
            for (next = i + 1; next < sorted.Length && sorted[next] == sorted[i];) next++;
            tokens.Add(new Token(sorted[i], MathF.Sqrt(next - i)));
        }
        if (pieces > 0) Merge(tokens);
        return tokens;
    }

    /// <summary>The row of a key, or a negative number.</summary>
    public int Find(ulong key) => keys.BinarySearch(key);

    /// <summary>The keys of a word with each of its letters left out in turn: what two words that differ by a slip (a letter left out, put in, replaced, or exchanged with the next) share.</summary>
    public static void SlipsOf(ReadOnlySpan<char> word, List<ulong> slips)
    {
        Span<char> less = stackalloc char[WordReader.LongestWord];
        for (var i = 0; i < word.Length; i++) slips.Add(SlipKey(Without(word, i, less), i));
    }

    // The row of the word that an unknown one is a slip away from, or a negative number.
    private int Meant(ReadOnlySpan<char> word)
    {
        if (word.Length < ShortestSlip - 1 || slipKeys.IsEmpty || word.ContainsAnyInRange('0', '9')) return -1;
        for (var i = 0; i <= word.Length; i++)
            if (slipKeys.BinarySearch(SlipKey(word, i)) is >= 0 and var leftOut) return slipRows[leftOut];
        Span<char> less = stackalloc char[WordReader.LongestWord];
        for (var i = 0; i < word.Length && word.Length >= ShortestSlip; i++)
        {
            var rest = Without(word, i, less);
            for (var place = Math.Max(0, i - 1); place <= i + 1; place++)
                if (slipKeys.BinarySearch(SlipKey(rest, place)) is >= 0 and var replaced) return slipRows[replaced];
            if (word.Length > ShortestSlip && Find(HashOf(rest)) is >= 0 and var putIn) return putIn;
        }
        return -1;
    }

    private static ReadOnlySpan<char> Without(ReadOnlySpan<char> word, int i, Span<char> less)
    {
        word[..i].CopyTo(less);
        word[(i + 1)..].CopyTo(less[i..]);
        return less[..(word.Length - 1)];
    }

    private static ulong SlipKey(ReadOnlySpan<char> rest, int place) => Mixed(HashOf(rest) + (ulong)(place + 1) * 0x9E3779B97F4A7C15UL);

    /// <summary>The buckets' rows of a word's n-grams, one an n-gram; none for a number, whose digits mean nothing.</summary>
    public void Grams(ReadOnlySpan<char> word, List<int> rows)
    {
        if (!word.ContainsAnyExceptInRange('0', '9') || buckets == 0) return;
        Span<char> framed = stackalloc char[WordReader.LongestWord + 2];
        framed[0] = '^';
        word.CopyTo(framed[1..]);
        framed[word.Length + 1] = '$';
        framed = framed[..(word.Length + 2)];
        for (var size = ShortestGram; size <= LongestGram; size++)
            for (var i = 0; i + size <= framed.Length; i++) rows.Add(keys.Length + (int)(HashOf(framed.Slice(i, size)) % (uint)buckets));
    }

    /// <summary>A word's key: FNV-1a with MurmurHash3's finalizer, so that low bits depend on every letter.</summary>
    public static ulong HashOf(ReadOnlySpan<char> word)
    {
        var hash = 14695981039346656037UL;
        foreach (var c in word) hash = (hash ^ c) * 1099511628211UL;
        return Mixed(hash);
    }

    /// <summary>The key of two neighbouring words.</summary>
    public static ulong HashOf(ulong first, ulong second) => Mixed(first * 0x9E3779B97F4A7C15UL + second);

    private static ulong Mixed(ulong hash)
    {
        hash ^= hash >> 33;
        hash *= 0xff51afd7ed558ccdUL;
        hash ^= hash >> 33;
        hash *= 0xc4ceb9fe1a85ec53UL;
        return hash ^ (hash >> 33);
    }

    private void AddPieces(ReadOnlySpan<char> word, List<Token> tokens)
    {
        var grams = new List<int>();
        Grams(word, grams);
        foreach (var gram in grams) tokens.Add(new Token(gram, 1f / grams.Count));
    }

    private static void Merge(List<Token> tokens)
    {
        tokens.Sort((a, b) => (a.Row, a.Weight).CompareTo((b.Row, b.Weight)));
        var kept = 0;
        for (var i = 1; i < tokens.Count; i++)
        {
            if (tokens[i].Row == tokens[kept].Row) tokens[kept] = tokens[kept] with { Weight = tokens[kept].Weight + tokens[i].Weight };
            else tokens[++kept] = tokens[i];
        }
        tokens.RemoveRange(kept + 1, tokens.Count - kept - 1);
    }
}
