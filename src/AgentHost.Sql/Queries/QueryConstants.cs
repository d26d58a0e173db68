using System.Text;
using AgentHost.Sql.Parsing;

namespace AgentHost.Sql.Queries;

/// <summary>Puts other constants into a query's text, where a column is compared with them for equality.</summary>
public static class QueryConstants
{
    /// <summary>The text with other constants; all else stays as it is.</summary>
    /// <param name="sql">One statement.</param>
    /// <param name="columnsOf">The columns of a stored relation, or null where it is unknown.</param>
    /// <param name="other">What to write for a value that is compared with a relation's column: the value alone, without quotes; null to leave it.</param>
    /// <exception cref="SqlInputException">The text does not parse, or is not one statement.</exception>
    public static string Replace(string sql, Func<QualifiedName, IReadOnlyCollection<string>?> columnsOf, Func<QualifiedName, string, string, string?> other)
    {
        ArgumentNullException.ThrowIfNull(other);
        var changes = new SortedDictionary<int, string>();
        foreach (var use in QueryAnalysis.Of(sql, columnsOf).Relations)
        {
            foreach (var predicate in use.Predicates.Where(p => p.Kind is PredicateKind.Equality or PredicateKind.Membership && !p.Operand.Literals.IsDefaultOrEmpty))
            {
                foreach (var literal in predicate.Operand.Literals.Where(l => l.Location >= 0))
                {
                    if (other(use.Table, predicate.Column, literal.Value) is { } value)
                        changes[literal.Location] = value;
                }
            }
        }

        return changes.Count == 0 ? sql : Written(SourceText.Read(sql), changes);
    }

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
