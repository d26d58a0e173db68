using System.Collections.Immutable;
using AgentHost.Sql.Lowering;

namespace AgentHost.Sql.Queries;

/// <summary>What one statement asks of the tables it names: predicates, order, grouping and columns, table by table.</summary>
/// <param name="Kind">What the statement does.</param>
/// <param name="Relations">Every place where a stored relation (table or view) is read, in source order; a table named twice stands twice.</param>
/// <param name="ParameterCount">The highest <c>$n</c>; 0 where there are none.</param>
public sealed record QueryAnalysis(QueryKind Kind, ImmutableArray<RelationUse> Relations, int ParameterCount)
{
    /// <summary>Columns that could not be attributed to a relation: unknown, or ambiguous without a catalog.</summary>
    public ImmutableArray<string> UnresolvedColumns { get; init; } = [];

    /// <summary>The columns that an UPDATE sets; each makes every index that mentions it more expensive to keep.</summary>
    public ImmutableArray<string> AssignedColumns { get; init; } = [];

    /// <summary>The relation that INSERT, UPDATE, DELETE or MERGE writes; null for reads.</summary>
    public QualifiedName? Target { get; init; }

    /// <summary>Analyses one statement.</summary>
    /// <param name="sql">Exactly one statement, a closing semicolon allowed.</param>
    /// <param name="columnsOf">
    /// The columns of a stored relation, or null where it is unknown. Without it unqualified columns resolve only where one relation is in scope.
    /// </param>
    /// <exception cref="SqlInputException">The text does not parse, or holds no statement or more than one.</exception>
    public static QueryAnalysis Of(string sql, Func<QualifiedName, IReadOnlyCollection<string>?>? columnsOf = null)
    {
        using var tree = SqlParser.ParseTree(sql);
        var statements = tree.RootElement.Items("stmts").ToList();
        if (statements.Count != 1)
        {
            throw new SqlInputException(
                $"Expected exactly one statement, found {statements.Count}; give each statement by itself.", new SourceSpan(0, sql.Length, 1, 1));
        }
        try
        {
            return new QueryLowering(columnsOf ?? (_ => null)).Lower(statements[0].GetProperty("stmt"));
        }
        catch (InsufficientExecutionStackException)
        {
            throw new SqlInputException("The statement nests too deeply to be analysed; split it or shorten its chains.", new SourceSpan(0, sql.Length, 1, 1));
        }
    }
}

/// <summary>What a statement does to rows.</summary>
public enum QueryKind { Select, Insert, Update, Delete, Merge, Other }
