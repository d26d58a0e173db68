using System.Text;
using AgentHost.Sql.Parsing;

namespace AgentHost.Sql.Queries;

/// <summary>Puts other constants into a query's text, where columns are compared with them or contain them.</summary>
public static class QueryConstants
{
    /// <summary>The text with other constants; all else stays as it is.</summary>
    /// <param name="sql">One statement.</param>
    /// <param name="columnsOf">The columns of a stored relation, or null where it is unknown.</param>
    /// <param name="other">What to write for a value that is compared with a relation's column (null: with an expression): the value alone, without quotes; null to leave it.</param>
    /// <exception cref="SqlInputException">The text does not parse, or is not one statement.</exception>
    public static string Replace(string sql, Func<QualifiedName, IReadOnlyCollection<string>?> columnsOf, Func<QualifiedName, string?, string, string?> other)
    {
        ArgumentNullException.ThrowIfNull(other);
        var changes = new SortedDictionary<int, string>();
        foreach (var (table, column, literal) in QueryAnalysis.Of(sql, columnsOf).Relations.SelectMany(use => Compared(use).Select(c => (use.Table, c.Column, c.Literal))))
        {
            if (literal.Location >= 0 && other(table, column, literal.Value) is { } value)
                changes[literal.Location] = value;
        }

        return changes.Count == 0 ? sql : Written(SourceText.Read(sql), changes);
    }

    private static IEnumerable<(string? Column, Literal Literal)> Compared(RelationUse use)
    {
        var operands = use.Predicates.Where(p => IsComparison(p.Kind)).Select(p => ((string?)p.Column, p.Operand))
            .Concat(use.Expressions.Where(e => IsComparison(e.Kind)).Select(e => ((string?)null, e.Operand)))
            .Concat(use.Operators.Where(o => !o.IsExpression).Select(o => ((string?)o.Key, o.Operand)));
        return operands.SelectMany(o => (o.Operand.Literals.IsDefault ? [] : o.Operand.Literals).Select(l => (o.Item1, l))).Concat(use.Disjunctions.SelectMany(d => d.Arms).SelectMany(Compared));
    }

    private static bool IsComparison(PredicateKind kind) => kind is PredicateKind.Equality or PredicateKind.Membership or PredicateKind.Range;

    private static string Written(SourceText source, SortedDictionary<int, string> changes)
    {
        var text = new StringBuilder();
        var behind = 0;
        foreach (var (location, value) in changes)
        {
            var place = source.TokenAtByte(location);
            if (place >= source.Tokens.Length || source.Tokens[place] is not { Kind: TokenKind.String or TokenKind.Number } token || token.Start < behind)
                continue;
            text.Append(source.Text, behind, token.Start - behind);
            text.Append(token.Kind == TokenKind.Number ? value : "'" + value.Replace("'", "''", StringComparison.Ordinal) + "'");
            behind = token.End;
        }

        return text.Append(source.Text, behind, source.Text.Length - behind).ToString();
    }
}
