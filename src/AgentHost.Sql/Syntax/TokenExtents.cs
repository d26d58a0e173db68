using AgentHost.Sql.Parsing;

namespace AgentHost.Sql.Syntax;

/// <summary>Finds where in the text a node of libpg_query's tree ends: the tree tells one place of it only.</summary>
internal sealed class TokenExtents(SourceText source)
{
    public int Count => source.Tokens.Length;

    /// <summary>The token that begins at a place of the tree.</summary>
    public int At(int location) => source.TokenAtByte(location);

    public TextRange Range(int first, int last) =>
        first >= Count || last < first ? TextRange.None : new TextRange(source.Tokens[first].Start, source.Tokens[Math.Min(last, Count - 1)].End);

    public int FirstOf(TextRange range) => source.TokenAt(range.Start);

    public int LastOf(TextRange range) => source.TokenAt(range.End) - 1;

    public int Depth(int token) => source.Tokens[token].Depth;

    public bool IsWord(int token, params ReadOnlySpan<string> words)
    {
        if (token < 0 || token >= Count || source.Tokens[token] is not { Kind: TokenKind.Word } t)
            return false;
        foreach (var word in words)
        {
            if (source.Text.AsSpan(t.Start, t.End - t.Start).Equals(word, StringComparison.OrdinalIgnoreCase))
                return true;
        }
        return false;
    }

    public bool IsName(int token) => token >= 0 && token < Count && source.Tokens[token].Kind is TokenKind.Word or TokenKind.QuotedIdentifier;

    public bool IsSymbol(int token, char symbol) => token >= 0 && token < Count && source.Tokens[token] is { Kind: TokenKind.Symbol } t && source.Text[t.Start] == symbol;

    /// <summary>The bracket that closes the one at a token.</summary>
    public int Close(int open)
    {
        var close = open + 1;
        while (close < Count - 1 && source.Tokens[close].Depth > source.Tokens[open].Depth)
            close++;
        return Math.Min(close, Count - 1);
    }

    /// <summary>The end of a dotted name that begins at a token.</summary>
    public int Name(int token)
    {
        while (IsSymbol(token + 1, '.') && (IsName(token + 2) || IsSymbol(token + 2, '*')))
            token += 2;
        return token;
    }

    /// <summary>The end of what begins with a word and may have brackets behind it.</summary>
    public int WithBrackets(int token)
    {
        token = Name(token);
        return IsSymbol(token + 1, '(') || IsSymbol(token + 1, '[') ? Close(token + 1) : token;
    }

    /// <summary>The end of a call that begins at a token: its arguments, WITHIN GROUP, FILTER, OVER.</summary>
    public int Call(int token)
    {
        token = WithBrackets(token);
        while (true)
        {
            if (IsWord(token + 1, "within") && IsSymbol(token + 3, '('))
                token = Close(token + 3);
            else if (IsWord(token + 1, "filter", "over") && IsSymbol(token + 2, '('))
                token = Close(token + 2);
            else if (IsWord(token + 1, "over"))
                token += 2;
            else
                return token;
        }
    }

    /// <summary>The end of a type's name: several words, modifiers, array bounds.</summary>
    public int Type(int token)
    {
        token = Name(token);
        if (IsWord(token + 1, "precision", "varying"))
            token++;
        if (IsSymbol(token + 1, '('))
            token = Close(token + 1);
        if (IsWord(token + 1, "with", "without") && IsWord(token + 2, "time"))
            token += 3;
        while (IsSymbol(token + 1, '['))
            token = Close(token + 1);
        return token;
    }

    /// <summary>Whether the call at a place is written with its keyword between its arguments: AT TIME ZONE, OVERLAPS, IS NORMALIZED, LIKE … ESCAPE.</summary>
    public bool IsBetweenArguments(int location) => location > 0 && At(location) is var token && (IsWord(token, "at", "overlaps", "is", "escape") || IsSymbol(token, '('));

    /// <summary>The END of a CASE.</summary>
    public int Case(int token)
    {
        for (var (open, i) = (0, token); i < Count; i++)
        {
            if (IsWord(i, "case"))
                open++;
            else if (IsWord(i, "end") && --open == 0)
                return i;
        }
        return token;
    }

    /// <summary>The first bracket at or behind a token, closed; the token where there is none.</summary>
    public int Bracketed(int token)
    {
        for (var i = token; i < Math.Min(Count, token + 4); i++)
        {
            if (IsSymbol(i, '('))
                return Close(i);
        }
        return token;
    }

    /// <summary>A range with the brackets that it opens or closes.</summary>
    public TextRange Balanced(TextRange range)
    {
        if (range.IsNone)
            return range;
        var (first, last) = (FirstOf(range), LastOf(range));
        if (first > last)
            return range;
        var depth = int.MaxValue;
        for (var i = first; i <= last; i++)
            depth = Math.Min(depth, source.Tokens[i].Depth);
        while (first > 0 && source.Tokens[first].Depth > depth)
            first--;
        while (last < Count - 1 && source.Tokens[last].Depth > depth)
            last++;
        return Range(first, last);
    }
}
