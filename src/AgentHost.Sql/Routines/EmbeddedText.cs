using AgentHost.Sql.Parsing;

namespace AgentHost.Sql.Routines;

/// <summary>The content of a string literal, each character with its place in the text that holds the literal.</summary>
internal sealed class EmbeddedText
{
    private readonly int[]? _places;
    private readonly int _base;

    private EmbeddedText(string text, int start, int[]? places) => (Text, _base, _places) = (text, start, places);

    public string Text { get; }

    /// <summary>The place of a character; of the text's end, that of the closing quote.</summary>
    public int PlaceOf(int index) => _places is null ? _base + index : _places[index];

    /// <summary>Reads the literal that is a token of a text; null for the forms with escapes (<c>E'…'</c>, <c>U&amp;'…'</c>) and what is no literal.</summary>
    public static EmbeddedText? Read(string text, Token token, Func<int, int> placeOf)
    {
        var literal = text.AsSpan(token.Start, token.End - token.Start);
        if (token.Kind != TokenKind.String || literal.Length < 2) return null;
        if (literal[0] == '$')
        {
            var tag = literal[1..].IndexOf('$') + 2;
            return literal.Length < 2 * tag ? null : Take(text[(token.Start + tag)..(token.End - tag)], token.Start + tag, placeOf);
        }
        if (literal[0] != '\'' || literal[^1] != '\'') return null;
        var content = literal[1..^1];
        return content.Contains('\'') ? Undouble(content, token.Start + 1, placeOf) : Take(content.ToString(), token.Start + 1, placeOf);
    }

    private static EmbeddedText? Undouble(ReadOnlySpan<char> content, int start, Func<int, int> placeOf)
    {
        var characters = new char[content.Length];
        var places = new int[content.Length + 1];
        var count = 0;
        for (var i = 0; i < content.Length; i++)
        {
            characters[count] = content[i];
            places[count++] = placeOf(start + i);
            // Anything else than a doubled quote here is the seam of 'a' <newline> 'b'.
            if (content[i] == '\'' && (++i == content.Length || content[i] != '\'')) return null;
        }
        places[count] = placeOf(start + content.Length);
        return new EmbeddedText(new string(characters, 0, count), 0, places);
    }

    private static EmbeddedText Take(string content, int start, Func<int, int> placeOf)
    {
        var first = placeOf(start);
        if (placeOf(start + content.Length) == first + content.Length) return new EmbeddedText(content, first, null);
        var places = new int[content.Length + 1];
        for (var i = 0; i < places.Length; i++) places[i] = placeOf(start + i);
        return new EmbeddedText(content, 0, places);
    }
}
