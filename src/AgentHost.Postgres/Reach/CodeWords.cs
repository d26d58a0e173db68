using System.Collections.Frozen;
using System.Text;

namespace AgentHost.Postgres.Reach;

/// <summary>
/// The words of a piece of SQL or PL/pgSQL by PostgreSQL's lexical rules (manual, section 4.1), without its strings and comments. It knows no
/// grammar, so that it reads any version's code, and judges too much rather than too little: every word may be a name.
/// </summary>
internal sealed class CodeWords
{
    private const int LongestName = 63;

    /// <summary>Commands that a READ ONLY transaction lets through although they reach beyond it, and EXECUTE, whose text is not seen here.</summary>
    private static readonly FrozenSet<string> Commands = ((string[])
    [
        "analyze", "checkpoint", "cluster", "copy", "deallocate", "discard", "do", "execute", "listen", "load", "lock", "notify", "prepare", "reindex", "unlisten", "vacuum",
    ]).ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> StatementFollows =
        ((string[])["begin", "then", "else", "loop", "atomic"]).ToFrozenSet(StringComparer.Ordinal);

    private readonly string text;
    private int at;
    private string[] last = []; // the word that stands directly before, as it may be folded
    private bool startsStatement = true;

    private CodeWords(string text) => this.text = text;

    /// <summary>Every word, as PostgreSQL folds and cuts names.</summary>
    public HashSet<string> Names { get; } = new(StringComparer.Ordinal);

    /// <summary>Those that a bracket follows.</summary>
    public HashSet<string> Called { get; } = new(StringComparer.Ordinal);

    /// <summary>Why nothing can be said of what the code does, or null.</summary>
    public string? Unprovable { get; private set; }

    /// <summary>Reads a piece of code.</summary>
    /// <param name="text">The code.</param>
    /// <param name="isBody">Whether it is a function's body, in which statements of any kind may stand.</param>
    public static CodeWords Read(string text, bool isBody)
    {
        var words = new CodeWords(text);
        words.Run(isBody);
        return words;
    }

    private char Peek(int ahead = 0) => at + ahead < text.Length ? text[at + ahead] : '\0';

    private void Run(bool isBody)
    {
        while (at < text.Length)
        {
            var c = text[at];
            if (IsBlank(c))
                at++;
            else if (c == '-' && Peek(1) == '-')
                SkipLine();
            else if (c == '/' && Peek(1) == '*')
                SkipBlock();
            else if (IsWordStart(c))
                ReadWord(isBody);
            else if (c == '"')
                ReadQuotedName();
            else
                ReadSymbol(c);
        }
    }

    private static bool IsBlank(char c) => c is ' ' or '\t' or '\n' or '\r' or '\f' or '\v';

    private static bool IsWordStart(char c) => char.IsAsciiLetter(c) || c is '_' or >= '\x80';

    private void ReadWord(bool isBody)
    {
        var start = at;
        while (at < text.Length && (IsWordStart(text[at]) || char.IsAsciiDigit(text[at]) || text[at] == '$'))
            at++;
        var word = text[start..at].ToLowerInvariant();
        if (Peek() == '\'' && word is "e" or "b" or "x" or "n")
        {
            SkipString(escapes: word == "e");
            return;
        }

        if (word == "u" && Peek() == '&' && Peek(1) is '"' or '\'')
        {
            at++;
            if (Peek() == '"')
                Unprovable ??= "writes a name in Unicode escapes";
            return; // the quotes are read next
        }

        if (isBody && (word == "execute" || (startsStatement && Commands.Contains(word))))
            Unprovable ??= word == "execute" ? "runs text that is not known before (EXECUTE)" : $"runs {word.ToUpperInvariant()}";
        startsStatement = StatementFollows.Contains(word);
        // Whether letters beyond ASCII are folded depends on the database's encoding.
        var folded = string.Concat(text[start..at].Select(c => char.IsAsciiLetterUpper(c) ? char.ToLowerInvariant(c) : c));
        Add(folded == word ? [word] : [folded, word]);
    }

    private void ReadQuotedName()
    {
        var name = new StringBuilder();
        for (at++; at < text.Length; at++)
        {
            if (text[at] == '"' && text.AsSpan(++at) is not ['"', ..])
                break;
            name.Append(text[at]);
        }

        startsStatement = false;
        Add([name.ToString()]);
    }

    private void Add(string[] names)
    {
        last = [.. names.Select(Cut)];
        Names.UnionWith(last);
    }

    private string Cut(string name)
    {
        if (Encoding.UTF8.GetByteCount(name) <= LongestName)
            return name;
        if (!Ascii.IsValid(name))
            Unprovable ??= "uses a name that is too long";
        return name[..Math.Min(name.Length, LongestName)];
    }

    private void ReadSymbol(char c)
    {
        if (c == '\'')
        {
            SkipString(escapes: false);
            return;
        }

        if (c == '$' && !char.IsAsciiDigit(Peek(1)) && DollarQuote() is { } quote)
        {
            var close = text.IndexOf(quote, at + quote.Length, StringComparison.Ordinal);
            at = close < 0 ? text.Length : close + quote.Length;
            AfterString();
            return;
        }

        if (c == '(')
            Called.UnionWith(last);
        at++;
        while (c == '$' && char.IsAsciiDigit(Peek()))
            at++;
        startsStatement = c == ';' || (c == '>' && at > 1 && text[at - 2] == '>'); // a label ends in >>
        last = [];
    }

    private void AfterString() => (last, startsStatement) = ([], false);

    private void SkipString(bool escapes)
    {
        do
        {
            for (at++; at < text.Length; at++)
            {
                if (escapes && text[at] == '\\')
                    at++;
                else if (text[at] == '\'' && text.AsSpan(++at) is not ['\'', ..])
                    break;
            }
        }
        while (escapes && GoesOnBehindNewline());
        AfterString();
    }

    /// <summary>A string goes on, in its own form, in the next quotes behind white space with a line's end in it.</summary>
    private bool GoesOnBehindNewline()
    {
        var (before, newline) = (at, false);
        while (at < text.Length)
        {
            if (Peek() == '-' && Peek(1) == '-')
                SkipLine();
            else if (IsBlank(Peek()))
                newline |= text[at++] is '\n' or '\r';
            else
                break;
        }

        if (newline && Peek() == '\'')
            return true;
        at = before;
        return false;
    }

    private string? DollarQuote()
    {
        for (var ahead = 1; ; ahead++)
        {
            var c = Peek(ahead);
            if (c == '$')
                return text.Substring(at, ahead + 1);
            if (!IsWordStart(c) && !(ahead > 1 && char.IsAsciiDigit(c)))
                return null;
        }
    }

    private void SkipLine() => at = text.AsSpan(at).IndexOfAny('\n', '\r') is var n and >= 0 ? at + n : text.Length;

    private void SkipBlock()
    {
        var depth = 0;
        do
        {
            if (Peek() == '/' && Peek(1) == '*')
                (depth, at) = (depth + 1, at + 2);
            else if (Peek() == '*' && Peek(1) == '/')
                (depth, at) = (depth - 1, at + 2);
            else
                at++;
        }
        while (depth > 0 && at < text.Length);
    }
}
