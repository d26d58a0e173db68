namespace AgentHost.Sql.Parsing;

/// <summary>Some consecutive tokens of a text: a statement, a clause, an item of a list.</summary>
/// <param name="Source">The text.</param>
/// <param name="First">Index of the first token.</param>
/// <param name="End">Index behind the last token.</param>
internal readonly record struct TokenRange(SourceText Source, int First, int End)
{
    public bool IsEmpty => First >= End;

    /// <summary>From the first token's first character to the last one's last.</summary>
    public SourceSpan Span => IsEmpty
        ? Source.Span(StartOf(First), StartOf(First))
        : Source.Span(Source.Tokens[First].Start, Source.Tokens[End - 1].End);

    public string Text => IsEmpty ? "" : Source.Text[Source.Tokens[First].Start..Source.Tokens[End - 1].End];

    public TokenRange From(int first) => this with { First = Math.Clamp(first, First, End) };

    public TokenRange Until(int end) => this with { End = Math.Clamp(end, First, End) };

    /// <summary>The part that begins at a byte offset of the parser's tree.</summary>
    public TokenRange FromByte(int byteOffset) => From(Source.TokenAtByte(byteOffset));

    /// <summary>Whether a token is this keyword, unquoted.</summary>
    public bool IsWord(int token, string word) =>
        token >= First && token < End && Source.Tokens[token] is { Kind: TokenKind.Word } t &&
        Source.Text.AsSpan(t.Start, t.End - t.Start).Equals(word, StringComparison.OrdinalIgnoreCase);

    public bool IsSymbol(int token, char symbol) =>
        token >= First && token < End && Source.Tokens[token] is { Kind: TokenKind.Symbol } t && Source.Text[t.Start] == symbol;

    /// <summary>The first such keyword outside the brackets that this range opens; <see cref="End"/> where there is none.</summary>
    public int Find(string word)
    {
        for (var i = First; i < End; i++)
            if (Source.Tokens[i].Depth == Source.Tokens[First].Depth && IsWord(i, word))
                return i;
        return End;
    }

    /// <summary>What stands behind the first such keyword outside brackets, up to the end.</summary>
    public TokenRange After(string word) => From(Find(word) + 1);

    /// <summary>The first item: up to a comma, a semicolon or a bracket that was open before.</summary>
    public TokenRange Item()
    {
        for (var i = First; i < End; i++)
        {
            var depth = Source.Tokens[i].Depth - Source.Tokens[First].Depth;
            if (depth < 0 || (depth == 0 && (IsSymbol(i, ',') || IsSymbol(i, ';')))) return Until(i);
        }
        return this;
    }

    /// <summary>The tokens before the first semicolon outside all brackets.</summary>
    public TokenRange UpToSemicolon()
    {
        for (var i = First; i < End; i++)
            if (Source.Tokens[i].Depth == 0 && IsSymbol(i, ';'))
                return Until(i);
        return this;
    }

    /// <summary>What the first bracket encloses, without the brackets; empty where there is none.</summary>
    public TokenRange Bracketed()
    {
        for (var open = First; open < End; open++)
        {
            if (!IsSymbol(open, '(')) continue;
            var close = open + 1;
            while (close < End && Source.Tokens[close].Depth > Source.Tokens[open].Depth) close++;
            return new TokenRange(Source, open + 1, close);
        }
        return From(End);
    }

    private int StartOf(int token) => token < Source.Tokens.Length ? Source.Tokens[token].Start : Source.Text.Length;
}
