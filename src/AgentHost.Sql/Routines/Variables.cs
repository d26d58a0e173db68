using System.Collections.Frozen;
using System.Text;
using AgentHost.Sql.Parsing;
using AgentHost.Sql.Statements;

namespace AgentHost.Sql.Routines;

/// <summary>The names of a routine's variables, which the SQL grammar takes for columns.</summary>
internal sealed record Variables(FrozenSet<string> Names)
{
    public static Variables None { get; } = new(FrozenSet<string>.Empty);

    /// <summary>The statement with a condition in which variables are constants: <c>id = r.id</c> compares a column with a value.</summary>
    public static Statement Understood(Statement statement, Variables variables) =>
        statement is RowStatement { Where: { } where } row && variables.AsParameters(where.Text) is { } text && Condition(text) is { } condition
            ? row with { Where = where with { Comparisons = condition.Comparisons } }
            : statement;

    /// <summary>The text with parameters in place of the variables, or null where it names none.</summary>
    private string? AsParameters(string text)
    {
        if (Names.Count == 0) return null;
        var tokens = Lexer.Tokenize(text).Tokens;
        var result = new StringBuilder();
        var end = 0;
        for (var i = 0; i < tokens.Length; i++)
        {
            if (!IsVariable(text, tokens[i]) || (i > 0 && text[tokens[i - 1].Start] == '.')) continue;
            result.Append(text, end, tokens[i].Start - end).Append("$1");
            if (i + 2 < tokens.Length && text[tokens[i + 1].Start] == '.') i += 2;
            // A sum with a number is a value as well: id <= last + 1000.
            while (i + 2 < tokens.Length && text[tokens[i + 1].Start] is ('+' or '-') && tokens[i + 2].Kind == TokenKind.Number) i += 2;
            end = tokens[i].End;
        }
        return end == 0 ? null : result.Append(text, end, text.Length - end).ToString();
    }

    private bool IsVariable(string text, Token token) => token.Kind switch
    {
        TokenKind.Word => Names.Contains(text[token.Start..token.End].ToLowerInvariant()),
        TokenKind.QuotedIdentifier => Names.Contains(text[(token.Start + 1)..(token.End - 1)]),
        _ => false,
    };

    private static Expression? Condition(string text)
    {
        try
        {
            return SqlParser.Parse("DELETE FROM t WHERE " + text).Statements is [RowStatement { Where: { } where }] ? where : null;
        }
        catch (SqlInputException)
        {
            // A variable where the grammar wants no value; what the statement says without knowing of variables stays.
            return null;
        }
    }
}
