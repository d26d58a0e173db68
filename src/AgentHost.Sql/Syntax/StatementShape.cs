using System.Collections.Immutable;
using System.Text;
using AgentHost.Sql.Parsing;

namespace AgentHost.Sql.Syntax;

/// <summary>What statements have in common that differ in their constants, comments and layout alone.</summary>
public static class StatementShape
{
    /// <summary>The statement's words, with <c>?</c> for each constant and parameter, and for a list of them.</summary>
    /// <exception cref="SqlInputException">A comment does not end.</exception>
    public static string Of(string sql)
    {
        var tokens = Lexer.Tokenize(sql).Tokens;
        var text = new StringBuilder(sql.Length);
        for (var i = 0; i < tokens.Length; i++)
        {
            if (tokens[i] is { Kind: TokenKind.Symbol } only && sql[only.Start] == ';' && i == tokens.Length - 1)
                break;
            var isSpaced = i > 0 && tokens[i - 1].End < tokens[i].Start || (i > 0 && tokens[i].Kind != TokenKind.Symbol);
            if (isSpaced)
                text.Append(' ');
            if (IsValue(tokens[i]))
            {
                text.Append('?');
                // However long the list is.
                while (i + 2 < tokens.Length && tokens[i + 1].Kind == TokenKind.Symbol && sql[tokens[i + 1].Start] == ',' && IsValue(tokens[i + 2]) && tokens[i + 2].Depth == tokens[i].Depth)
                    i += 2;
            }
            else
            {
                var word = sql[tokens[i].Start..tokens[i].End];
                text.Append(tokens[i].Kind == TokenKind.Word ? word.ToLowerInvariant() : word);
            }
        }
        return text.ToString();
    }

    /// <summary>The constants of a statement in the order of its text, each with the expression to put a parameter in the place of (<c>date '2025-01-01'</c> as a whole).</summary>
    public static ImmutableArray<(SyntaxNode Constant, SyntaxNode Whole)> Constants(QuerySyntax query)
    {
        var found = new Dictionary<int, (SyntaxNode Constant, SyntaxNode Whole)>();
        foreach (var node in query.Levels().SelectMany(l => l.Expressions()).SelectMany(e => e.All()))
        {
            if (node is { Kind: NodeKind.Cast, Parts: [{ Kind: NodeKind.Constant, Range.IsNone: false } literal] } && node.Range.End == literal.Range.End && node.Range.Start < literal.Range.Start)
                found[literal.Range.Start] = (literal, node);
            else if (node is { Kind: NodeKind.Constant, Range.IsNone: false, Constant: not (ConstantKind.Null or ConstantKind.Boolean or ConstantKind.None) })
                found.TryAdd(node.Range.Start, (node, node));
        }
        return [.. found.OrderBy(f => f.Key).Select(f => f.Value)];
    }

    private static bool IsValue(Token token) => token.Kind is TokenKind.String or TokenKind.Number or TokenKind.Parameter;
}
