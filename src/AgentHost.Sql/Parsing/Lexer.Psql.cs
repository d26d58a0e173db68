namespace AgentHost.Sql.Parsing;

/// <content>What psql does not send as it stands (manual, psql, Meta-Commands, Variables): meta-commands, variables and the rows of a COPY.</content>
internal ref partial struct Lexer
{
    /// <summary>A backslash begins a command at the start of a line, and behind a statement where the command sends it: \\g, \\gexec, \\gset.</summary>
    private readonly bool IsMetaCommand() =>
        (StartsLine(_at) && (char.IsAsciiLetter(Peek(1)) || Peek(1) is '!' or '?' or '.')) || (Peek(1) == 'g' && _tokens.Count > _statement);

    private readonly bool StartsLine(int at)
    {
        while (--at >= 0 && text[at] is ' ' or '\t') { }
        return at < 0 || text[at] is '\n' or '\r';
    }

    private void SkipMetaCommand()
    {
        var (start, end) = (_at, LineEnd(_at));
        Blank(start, end);
        if (Peek(1) == 'g' && _tokens.Count > _statement)
        {
            (_ends ??= []).Add(start);
            _at = start + 1;
            Add(start, TokenKind.Symbol);
            _statement = _tokens.Count;
            _depth = 0;
        }

        _at = end;
    }

    /// <summary>
    /// A colon before a variable: <c>:name</c>, <c>:'name'</c>, <c>:"name"</c>. Without it the variable reads like a name or a string. Slices, casts and the
    /// pairs of JSON_OBJECT have colons of their own.
    /// </summary>
    private readonly bool IsVariable()
    {
        if (!(IsWordStart(Peek(1)) || Peek(1) is '\'' or '"') || (_at > 0 && text[_at - 1] == ':') || _tokens.Count == _statement) return false;
        var before = _tokens[^1];
        if (before.Kind is not (TokenKind.Word or TokenKind.Symbol) || text[before.Start] is ')' or ']') return false;
        for (var i = _tokens.Count - 1; _depth > 0 && i >= _statement; i--)
        {
            if (_tokens[i].Depth != _depth - 1 || text[_tokens[i].Start] is not ('(' or '[')) continue;
            return text[_tokens[i].Start] == '(' && !(i > _statement && (IsWord(_tokens[i - 1], "json_object") || IsWord(_tokens[i - 1], "json_objectagg")));
        }

        return true;
    }

    /// <summary>
    /// A quoted variable reads like a string or a name, and so does a bare one where a name can stand; where a value stands in a query or a change of rows,
    /// it is a value that is not known.
    /// </summary>
    private void ReadVariable()
    {
        var start = _at;
        var first = _tokens[_statement];
        if (!IsWordStart(Peek(1)) || _tokens[^1].Kind != TokenKind.Symbol
            || !(IsWord(first, "select") || IsWord(first, "insert") || IsWord(first, "update") || IsWord(first, "delete") || IsWord(first, "merge") || IsWord(first, "with")))
        {
            Blank(start, ++_at);
            return;
        }

        for (_at++; _at < text.Length && (text[_at] >= '\x80' || WordCharacters.Contains(text[_at])); _at++) { }
        (_parameters ??= []).Add(start.._at);
        Add(start, TokenKind.Parameter);
    }

    private readonly bool ReadsStandardInput()
    {
        if (_tokens.Count - _statement < 4 || !IsWord(_tokens[_statement], "copy")) return false;
        for (var i = _statement + 2; i + 1 < _tokens.Count; i++)
            if (IsWord(_tokens[i], "from") && IsWord(_tokens[i + 1], "stdin"))
                return true;
        return false;
    }

    private readonly bool IsWord(Token token, string word) =>
        token.Kind == TokenKind.Word && text.AsSpan(token.Start, token.End - token.Start).Equals(word, StringComparison.OrdinalIgnoreCase);

    /// <summary>Passes over the rows up to the line <c>\.</c>; where there is no such line, nothing is taken for rows.</summary>
    private void SkipCopyRows()
    {
        if (_noMoreRows) return;
        var rows = LineEnd(_at);
        for (var at = rows; at < text.Length;)
        {
            at += text[at] == '\r' && at + 1 < text.Length && text[at + 1] == '\n' ? 2 : 1;
            var end = LineEnd(at);
            if (text.AsSpan(at, end - at).SequenceEqual("\\."))
            {
                Blank(rows, end);
                _at = end;
                return;
            }
            at = end;
        }
        _noMoreRows = true;
    }
}

/// <summary>What psql does not send as it stands.</summary>
/// <param name="Blanks">Stretches that it keeps to itself.</param>
/// <param name="Ends">Places in them at which a statement ends all the same.</param>
/// <param name="Parameters">Variables that stand for a value.</param>
internal sealed record PsqlText(List<Range> Blanks, List<int> Ends, List<Range> Parameters)
{
    /// <summary>The text as the parser reads it, every character at its place.</summary>
    public string Sent(string text) => string.Create(text.Length, (text, this), static (target, from) =>
    {
        from.text.CopyTo(target);
        foreach (var blank in from.Item2.Blanks)
            foreach (ref var c in target[blank])
                if (c is not ('\n' or '\r'))
                    c = ' ';
        foreach (var end in from.Item2.Ends)
            target[end] = ';';
        foreach (var parameter in from.Item2.Parameters)
        {
            target[parameter].Fill(' ');
            "$1".CopyTo(target[parameter]);
        }
    });
}
