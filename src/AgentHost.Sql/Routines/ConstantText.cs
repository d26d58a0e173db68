using System.Text;
using AgentHost.Sql.Parsing;

namespace AgentHost.Sql.Routines;

/// <summary>A text that an expression always gives: literals joined by <c>||</c>, <c>format</c> of literals, <c>quote_ident</c> and <c>quote_literal</c> of one.</summary>
internal sealed class ConstantText
{
    private readonly SourceText _body;
    private readonly EmbeddedText _content;
    private readonly int _end;
    private readonly StringBuilder _text = new();
    private readonly List<int> _places = [];
    private int _token;

    private ConstantText(SourceText body, EmbeddedText content, int first, int end) => (_body, _content, _token, _end) = (body, content, first, end);

    public string Text => _text.ToString();

    /// <summary>The place of a character; what <c>format</c> puts in stands where its <c>%</c> stands.</summary>
    public int PlaceOf(int index) => _places[index];

    /// <summary>Reads the expression between two offsets of the body; null where it is not constant, or not so in a way that is known here.</summary>
    public static ConstantText? Read(SourceText body, EmbeddedText content, int start, int end)
    {
        var read = new ConstantText(body, content, body.TokenAt(start), body.TokenAt(end));
        do
        {
            if (!read.Operand()) return null;
        }
        while (read.Symbol('|') && read.Symbol('|'));
        return read._token == read._end ? read : null;
    }

    private bool Operand() => Literal() is { } literal ? Add(literal)
        : Word("format") ? Arguments() is [{ } pattern, .. var rest] && Format(pattern, rest)
        : Word("quote_ident") ? Arguments() is [{ } name] && Add(SqlIdentifier.Quote(name.Text), name.PlaceOf(0))
        : Word("quote_literal") && Arguments() is [{ } value] && Add(Quote(value.Text), value.PlaceOf(0));

    private List<EmbeddedText>? Arguments()
    {
        if (!Symbol('(')) return null;
        var arguments = new List<EmbeddedText>();
        do
        {
            if (Literal() is not { } argument) return null;
            arguments.Add(argument);
        }
        while (Symbol(','));
        return Symbol(')') ? arguments : null;
    }

    private bool Format(EmbeddedText pattern, List<EmbeddedText> arguments)
    {
        var next = 0;
        for (var i = 0; i < pattern.Text.Length; i++)
        {
            if (pattern.Text[i] != '%')
            {
                Add(pattern.Text[i], pattern.PlaceOf(i));
                continue;
            }
            var place = pattern.PlaceOf(i++);
            var kind = i < pattern.Text.Length ? pattern.Text[i] : ' ';
            if (kind != '%' && (kind is not ('I' or 'L' or 's') || next == arguments.Count)) return false;
            Add(kind switch
            {
                '%' => "%",
                'I' => SqlIdentifier.Quote(arguments[next++].Text),
                'L' => Quote(arguments[next++].Text),
                _ => arguments[next++].Text,
            }, place);
        }
        return true;
    }

    private EmbeddedText? Literal() => _token < _end && EmbeddedText.Read(_body.Text, _body.Tokens[_token], _content.PlaceOf) is { } text && ++_token > 0 ? text : null;

    private bool Word(string word)
    {
        if (!new TokenRange(_body, _token, _end).IsWord(_token, word)) return false;
        _token++;
        return true;
    }

    private bool Symbol(char symbol)
    {
        if (!new TokenRange(_body, _token, _end).IsSymbol(_token, symbol)) return false;
        _token++;
        return true;
    }

    private bool Add(EmbeddedText literal)
    {
        for (var i = 0; i < literal.Text.Length; i++) Add(literal.Text[i], literal.PlaceOf(i));
        return true;
    }

    private bool Add(string text, int place)
    {
        foreach (var c in text) Add(c is '\n' or '\r' ? ' ' : c, place);
        return true;
    }

    private void Add(char c, int place)
    {
        _text.Append(c);
        _places.Add(place);
    }

    private static string Quote(string value) =>
        (value.Contains('\\') ? " E" : "") + "'" + value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal) + "'";
}
