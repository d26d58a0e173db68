using System.Buffers;
using System.Collections.Immutable;

namespace AgentHost.Sql.Parsing;

/// <summary>
/// Splits text into tokens by PostgreSQL's lexical rules (manual, section 4.1), and finds what psql would not send to the server:
/// its meta-commands and the rows of <c>COPY … FROM stdin</c>. It judges little: an unterminated string runs to the end of the text, and the
/// grammar says what is wrong with it.
/// </summary>
internal ref partial struct Lexer(string text)
{
    private static readonly SearchValues<char> WordCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_$");

    private readonly ImmutableArray<Token>.Builder _tokens = ImmutableArray.CreateBuilder<Token>();
    private List<Range>? _blanks;
    private List<int>? _ends;
    private List<Range>? _parameters;
    private int _at;
    private int _depth;
    private int _statement;
    private bool _noMoreRows;

    /// <summary>The tokens, and what psql does not send as it stands.</summary>
    public static (ImmutableArray<Token> Tokens, PsqlText? Psql) Tokenize(string text)
    {
        var lexer = new Lexer(text);
        lexer.Run();
        return (lexer._tokens.DrainToImmutable(), lexer._blanks is null && lexer._parameters is null ? null : new PsqlText(lexer._blanks ?? [], lexer._ends ?? [], lexer._parameters ?? []));
    }

    private readonly char Peek(int ahead = 0) => _at + ahead < text.Length ? text[_at + ahead] : '\0';

    private void Run()
    {
        if (Peek() == '\uFEFF') Blank(0, _at = 1);
        while (_at < text.Length)
        {
            var c = text[_at];
            if (c is ' ' or '\n' or '\t' or '\r' or '\f' or '\v') _at++;
            else if (c == '-' && Peek(1) == '-') _at = LineEnd(_at);
            else if (c == '/' && Peek(1) == '*') SkipBlockComment();
            else if (c == '\\' && IsMetaCommand()) SkipMetaCommand();
            else if (c == ':' && IsVariable()) ReadVariable();
            else ReadToken(c);
        }
    }

    private void ReadToken(char c)
    {
        var start = _at;
        if (IsWordStart(c)) ReadWord(start);
        else if (char.IsAsciiDigit(c) || (c == '.' && char.IsAsciiDigit(Peek(1)))) ReadNumber(start);
        else if (c == '\'') ReadQuoted(start, '\'', escapes: false, TokenKind.String);
        else if (c == '"') ReadQuoted(start, '"', escapes: false, TokenKind.QuotedIdentifier);
        else if (c == '$' && char.IsAsciiDigit(Peek(1)))
        {
            do _at++; while (char.IsAsciiDigit(Peek()));
            Add(start, TokenKind.Parameter);
        }
        else if (c == '$' && DollarDelimiter() is { } length) ReadDollarQuoted(start, length);
        else ReadSymbol(c, start);
    }

    private static bool IsWordStart(char c) => char.IsAsciiLetter(c) || c == '_' || c >= '\x80';

    private void ReadWord(int start)
    {
        var escapes = text[start] is 'e' or 'E';
        if (Peek(1) == '\'' && text[start] is 'e' or 'E' or 'b' or 'B' or 'x' or 'X' or 'n' or 'N')
        {
            _at++;
            ReadQuoted(start, '\'', escapes, TokenKind.String);
            return;
        }
        if (text[start] is 'u' or 'U' && Peek(1) == '&' && Peek(2) is '\'' or '"')
        {
            var quote = Peek(2);
            _at += 2;
            ReadQuoted(start, quote, escapes: false, quote == '"' ? TokenKind.QuotedIdentifier : TokenKind.String);
            return;
        }
        while (_at < text.Length && (text[_at] >= '\x80' || WordCharacters.Contains(text[_at]))) _at++;
        Add(start, TokenKind.Word);
    }

    private void ReadNumber(int start)
    {
        var isDecimal = Peek(1) is not ('x' or 'X' or 'o' or 'O' or 'b' or 'B');
        for (_at++; _at < text.Length; _at++)
        {
            var c = text[_at];
            var isExponentSign = c is '+' or '-' && isDecimal && text[_at - 1] is 'e' or 'E' && char.IsAsciiDigit(Peek(1));
            var isPoint = c == '.' && isDecimal && Peek(1) != '.';
            if (!char.IsAsciiLetterOrDigit(c) && c != '_' && !isPoint && !isExponentSign) break;
        }
        Add(start, TokenKind.Number);
    }

    private void ReadQuoted(int start, char quote, bool escapes, TokenKind kind)
    {
        for (_at++; _at < text.Length; _at++)
        {
            if (escapes && text[_at] == '\\') _at++;
            else if (text[_at] == quote)
            {
                if (Peek(1) != quote) break;
                _at++;
            }
        }
        _at = Math.Min(_at + 1, text.Length);
        Add(start, kind);
    }

    /// <summary>The length of the <c>$tag$</c> that stands here, or null.</summary>
    private readonly int? DollarDelimiter()
    {
        for (var ahead = 1; ; ahead++)
        {
            var c = Peek(ahead);
            if (c == '$') return ahead + 1;
            if (!IsWordStart(c) && !(ahead > 1 && char.IsAsciiDigit(c))) return null;
        }
    }

    private void ReadDollarQuoted(int start, int length)
    {
        var close = text.AsSpan(start + length).IndexOf(text.AsSpan(start, length), StringComparison.Ordinal);
        _at = close < 0 ? text.Length : start + length + close + length;
        Add(start, TokenKind.String);
    }

    private void ReadSymbol(char c, int start)
    {
        _at++;
        if (c is ')' or ']' && _depth > 0) _depth--;
        Add(start, TokenKind.Symbol);
        if (c is '(' or '[') _depth++;
        if (c != ';' || _depth > 0) return;
        if (ReadsStandardInput()) SkipCopyRows();
        _statement = _tokens.Count;
    }

    private readonly void Add(int start, TokenKind kind)
    {
        if (_tokens.Count == SqlParser.MaxTokens)
            throw new SqlInputException(
                $"The text has more than {SqlParser.MaxTokens:N0} tokens. Split it into files that are read one by one.",
                new LineIndex(text).Span(start, _at));
        _tokens.Add(new Token(start, _at, _depth, kind));
    }

    private void SkipBlockComment()
    {
        var (start, nesting, isNested) = (_at, 0, false);
        do
        {
            if (Peek() == '/' && Peek(1) == '*') { isNested |= nesting++ > 0; _at += 2; }
            else if (Peek() == '*' && Peek(1) == '/') { nesting--; _at += 2; }
            else _at++;
        }
        while (nesting > 0 && _at < text.Length);
        if (nesting > 0) throw new SqlSyntaxException("unterminated /* comment", new LineIndex(text).Span(start, start + 2));
        // PostgreSQL's scanner takes time that grows with the square of /*/*/*…
        if (isNested) Blank(start, _at);
    }

    private readonly int LineEnd(int from) => text.AsSpan(from).IndexOfAny('\n', '\r') is var n and >= 0 ? from + n : text.Length;

    private void Blank(int start, int end) => (_blanks ??= []).Add(start..end);
}
