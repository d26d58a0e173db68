using System.Collections.Immutable;

namespace AgentHost.Sql.Queries;

/// <summary>A condition <c>key operator operand</c>; where the statement writes the key on the right, the operator is commuted.</summary>
/// <param name="Key">The column, or the expression as SQL.</param>
/// <param name="Columns">The columns in it, sorted by name.</param>
/// <param name="Operator">The operator, as <c>@&gt;</c>, <c>~~</c> (LIKE) or <c>~~*</c> (ILIKE).</param>
/// <param name="Operand">The other side.</param>
public sealed record OperatorPredicate(string Key, ImmutableArray<string> Columns, string Operator, Operand Operand)
{
    /// <summary>Whether the key is an expression and not a bare column.</summary>
    public bool IsExpression { get; init; }

    /// <summary>Whether the column is an array and any of its elements is compared: <c>$1 = ANY (tags)</c>.</summary>
    public bool OfAnyElement { get; init; }
}

/// <summary>Conditions joined by OR, each arm a conjunction that restricts the same relation.</summary>
/// <param name="Arms">What each arm asks of the relation; its predicates, expressions and operators alone are filled.</param>
public sealed record Disjunction(ImmutableArray<RelationUse> Arms);
