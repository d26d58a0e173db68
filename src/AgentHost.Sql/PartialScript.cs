using System.Collections.Immutable;
using AgentHost.Sql.Parsing;

namespace AgentHost.Sql;

/// <summary>A script of which the grammar may refuse some statements; the others are read as if those were not there.</summary>
/// <param name="Script">The statements that can be read, at their places in the text.</param>
/// <param name="Refused">The others in source order.</param>
public sealed record PartialScript(Script Script, ImmutableArray<RefusedStatement> Refused)
{
    /// <summary>How many statements are left out one by one; behind as many the rest of the text is left out as a whole.</summary>
    public const int MaxRefused = 20;

    /// <summary>Reads as much of a text as can be read.</summary>
    /// <exception cref="SqlInputException">As for <see cref="SqlParser.Parse"/>; of syntax errors only one that cannot be tied to a statement.</exception>
    /// <exception cref="ParserUnavailableException">The parser library is not installed.</exception>
    public static PartialScript Parse(string sql)
    {
        var refused = ImmutableArray.CreateBuilder<RefusedStatement>();
        for (var left = sql; ;)
        {
            try
            {
                return new PartialScript(SqlParser.Parse(left) with { Text = sql }, refused.DrainToImmutable());
            }
            catch (SqlSyntaxException error)
            {
                var statement = At(left, error.Span.Start, toTheEnd: refused.Count == MaxRefused - 1);
                bool isNamed = statement.Length > 0 && Refusal(left, statement) is not null;
                if (!isNamed && FirstRefused(left, error.Reason) is { } other)
                    statement = other;
                else if (!isNamed)
                    throw;
                refused.Add(new RefusedStatement(statement, error.Reason, isNamed ? error.Span : statement));
                left = Blank(left, statement);
            }
        }
    }

    /// <summary>
    /// The statement around an error: from behind the semicolon that ended the one before it to the next semicolon, even one inside brackets, for
    /// a bracket may be what is missing.
    /// </summary>
    private static SourceSpan At(string text, int offset, bool toTheEnd)
    {
        var source = SourceText.Read(text);
        var all = new TokenRange(source, 0, source.Tokens.Length);
        var (first, end) = (source.TokenAt(offset), source.TokenAt(offset));
        while (first > 0 && !(all.IsSymbol(first - 1, ';') && source.Tokens[first - 1].Depth == 0))
            first--;
        while (end < all.End && (toTheEnd || !all.IsSymbol(end, ';')))
            end++;
        return new TokenRange(source, first, Math.Min(end + 1, all.End)).Span;
    }

    /// <summary>The first statement that is refused for this reason, of which the parser did not say where it stands.</summary>
    private static SourceSpan? FirstRefused(string text, string reason)
    {
        var source = SourceText.Read(text);
        var all = new TokenRange(source, 0, source.Tokens.Length);
        for (int first = 0, end = 1; end <= all.End; end++)
        {
            if (end < all.End && !(all.IsSymbol(end - 1, ';') && source.Tokens[end - 1].Depth == 0))
                continue;
            var statement = new TokenRange(source, first, end).Span;
            if (Refusal(text, statement) == reason)
                return statement;
            first = end;
        }
        return null;
    }

    /// <summary>Why the grammar refuses a statement; null where it is not the statement's own fault.</summary>
    private static string? Refusal(string text, SourceSpan statement)
    {
        try
        {
            _ = SqlParser.Parse(text.Substring(statement.Start, statement.Length));
            return null;
        }
        catch (SqlSyntaxException error)
        {
            return error.Reason;
        }
    }

    private static string Blank(string text, SourceSpan statement) => string.Create(text.Length, (text, statement), static (target, from) =>
    {
        from.text.CopyTo(target);
        foreach (ref var c in target.Slice(from.statement.Start, from.statement.Length))
        {
            if (c is not ('\n' or '\r'))
                c = ' ';
        }
    });
}

/// <summary>A statement that PostgreSQL's grammar refuses.</summary>
/// <param name="Span">The whole statement with its semicolon, as far as it can be told.</param>
/// <param name="Reason">PostgreSQL's message: <c>syntax error at or near "tabel"</c>.</param>
/// <param name="At">Where PostgreSQL points.</param>
public sealed record RefusedStatement(SourceSpan Span, string Reason, SourceSpan At);
