using System.Collections.Immutable;
using AgentHost.Sql.Parsing;

namespace AgentHost.Sql.Routines;

/// <summary>
/// A copy of a script in which nothing is left but the statements inside its routines, each at its own place: parsed, it gives them their true lines and
/// columns. Of a statement inside doubled quotes the line is true and the column that of the text without the doubling.
/// </summary>
internal sealed class Canvas
{
    private readonly string _script;
    private readonly char[] _text;
    private int _end;
    private int _at;

    public Canvas(string script)
    {
        _script = script;
        _text = new char[script.Length];
        for (var i = 0; i < script.Length; i++) _text[i] = script[i] is '\n' or '\r' ? script[i] : ' ';
    }

    public string Text => new(_text);

    /// <summary>
    /// Writes an SQL text and a semicolon; returns the range that it takes, or null where it does not fit. A comment at its end, which would hide the
    /// semicolon, is left out.
    /// </summary>
    public (int Start, int End)? Write(string sql, Func<int, int> placeOf)
    {
        if (Tokens(sql) is not [var first, ..] tokens) return null;
        var start = placeOf(first.Start);
        if (start < _end) return null;
        if (!Put(sql.AsSpan(first.Start..tokens[^1].End), i => placeOf(first.Start + i)))
        {
            for (var i = start; i < Math.Min(_at, _text.Length); i++)
                if (!IsBreak(i))
                    _text[i] = ' ';
            return null;
        }
        _text[_at] = ';';
        _end = _at + 1;
        return (start, _at);
    }

    private static ImmutableArray<Token> Tokens(string sql)
    {
        try
        {
            return Lexer.Tokenize(sql).Tokens;
        }
        catch (SqlInputException)
        {
            // A comment without an end; nothing behind it could be told apart.
            return [];
        }
    }

    /// <summary>Writes a text and goes to the place for the semicolon; false where it does not fit.</summary>
    private bool Put(ReadOnlySpan<char> sql, Func<int, int> placeOf)
    {
        _at = placeOf(0);
        for (int i = 0, before = _at; i < sql.Length; i++)
        {
            var place = placeOf(i);
            if (sql[i] is '\n' or '\r')
            {
                if (_script[place] != sql[i]) return false;
                _at = place + 1;
            }
            else
            {
                // Pieces joined across lines stay on their lines.
                if (place > before + 1 && place > _at && _script.AsSpan(before, place - before).ContainsAny('\n', '\r')) _at = place;
                if (_at >= _text.Length || (sql[i] != ' ' && IsBreak(_at))) return false;
                if (!IsBreak(_at)) _text[_at] = sql[i];
                _at++;
            }
            before = Math.Max(place, before);
        }
        while (_at < _text.Length && IsBreak(_at)) _at++;
        return _at < _text.Length;
    }

    private bool IsBreak(int at) => _script[at] is '\n' or '\r';
}
