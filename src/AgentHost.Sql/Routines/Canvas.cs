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

    public Canvas(string script)
    {
        _script = script;
        _text = new char[script.Length];
        for (var i = 0; i < script.Length; i++) _text[i] = script[i] is '\n' or '\r' ? script[i] : ' ';
    }

    public string Text => new(_text);

    /// <summary>Writes an SQL text and a semicolon; returns the range that it takes, or null where it does not fit.</summary>
    public (int Start, int End)? Write(ReadOnlySpan<char> sql, Func<int, int> placeOf)
    {
        var at = placeOf(0);
        if (at < _end || sql.IsEmpty) return null;
        var start = at;
        for (var i = 0; i < sql.Length; i++)
        {
            var place = placeOf(i);
            if (sql[i] is '\n' or '\r')
            {
                if (_script[place] != sql[i]) return null;
                at = place + 1;
                continue;
            }
            if (at >= _text.Length || (sql[i] != ' ' && IsBreak(at))) return null;
            if (!IsBreak(at)) _text[at] = sql[i];
            at++;
        }
        while (at < _text.Length && IsBreak(at)) at++;
        if (at >= _text.Length) return null;
        _text[at] = ';';
        _end = at + 1;
        return (start, at);
    }

    private bool IsBreak(int at) => _script[at] is '\n' or '\r';
}
