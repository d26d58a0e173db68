using System.Collections.Immutable;

namespace AgentHost.Sql.Queries;

/// <summary>One place where a statement reads a stored relation.</summary>
/// <param name="Table">The relation as written.</param>
/// <param name="Alias">The name by which the statement calls it.</param>
/// <param name="Predicates">Conditions that every row must meet (a conjunction) and that compare one bare column, in source order.</param>
public sealed record RelationUse(QualifiedName Table, string Alias, ImmutableArray<ColumnPredicate> Predicates)
{
    /// <summary>ORDER BY, where all its keys are columns of this relation or expressions over them; else empty.</summary>
    public ImmutableArray<SortKey> OrderBy { get; init; } = [];

    /// <summary>GROUP BY, where all its keys are bare columns of this relation; else empty.</summary>
    public ImmutableArray<string> GroupBy { get; init; } = [];

    /// <summary>Whether the query level that reads this relation stops after some rows (LIMIT, FETCH FIRST, or min/max of one column).</summary>
    public bool HasLimit { get; init; }

    /// <summary>Every column read anywhere in the statement, sorted by name; not complete where <see cref="AllColumns"/>.</summary>
    public ImmutableArray<string> ColumnsUsed { get; init; } = [];

    /// <summary>Those of <see cref="ColumnsUsed"/> that stand in <see cref="Predicates"/> and nowhere else: once they hold, nobody asks for their values.</summary>
    public ImmutableArray<string> OnlyCompared { get; init; } = [];

    /// <summary>Whether the whole row is read (<c>*</c>, <c>t.*</c> or the row itself).</summary>
    public bool AllColumns { get; init; }

    /// <summary>Whether the statement writes this relation (the target of UPDATE, DELETE or MERGE).</summary>
    public bool IsTarget { get; init; }

    /// <summary>Conditions that compare an expression over this relation's columns; each also stands in <see cref="Unserved"/>.</summary>
    public ImmutableArray<ExpressionPredicate> Expressions { get; init; } = [];

    /// <summary>Conditions by an operator that other methods than btree answer; each also stands in <see cref="Unserved"/>.</summary>
    public ImmutableArray<OperatorPredicate> Operators { get; init; } = [];

    /// <summary>ORDER BY a distance (<c>&lt;-&gt;</c> and its like, ascending), where it is the first key; null else.</summary>
    public OperatorPredicate? Nearest { get; init; }

    /// <summary>OR whose arms each restrict this relation; each also stands in <see cref="Unserved"/>.</summary>
    public ImmutableArray<Disjunction> Disjunctions { get; init; } = [];

    /// <summary>Constants that a column must not equal, for every row; each also stands in <see cref="Unserved"/>.</summary>
    public ImmutableArray<ColumnExclusion> Exclusions { get; init; } = [];

    /// <summary>Conditions that a btree on bare columns cannot serve.</summary>
    public ImmutableArray<UnservedPredicate> Unserved { get; init; } = [];
}

/// <summary>A key of ORDER BY.</summary>
/// <param name="Column">The column, or the expression as SQL.</param>
/// <param name="Descending">DESC.</param>
/// <param name="NullsFirst">Where nulls go; PostgreSQL's default is last for ASC, first for DESC.</param>
public sealed record SortKey(string Column, bool Descending, bool NullsFirst)
{
    /// <summary>The columns in the expression, sorted by name; empty for a bare column.</summary>
    public ImmutableArray<string> ExpressionColumns { get; init; } = [];

    /// <summary>Whether it is an expression.</summary>
    public bool IsExpression => !ExpressionColumns.IsEmpty;
}

/// <summary>A condition that no btree on bare columns serves.</summary>
/// <param name="Kind">Why not.</param>
/// <param name="Columns">This relation's columns in it, sorted by name.</param>
public sealed record UnservedPredicate(UnservedKind Kind, ImmutableArray<string> Columns)
{
    /// <summary>The operator, for patterns and operators.</summary>
    public string? Operator { get; init; }

    /// <summary>Whether a btree on the expression may serve it (<see cref="RelationUse.Expressions"/>).</summary>
    public bool HasExpression { get; init; }
}

/// <summary>Why a condition is not served by a btree on bare columns.</summary>
public enum UnservedKind
{
    /// <summary>The column is wrapped: <c>lower(email) = $1</c>, <c>created_at::date = $1</c>.</summary>
    Expression,

    /// <summary>LIKE, ILIKE, SIMILAR TO or a regular expression, without a fixed beginning.</summary>
    Pattern,

    /// <summary>An operator such as <c>@&gt;</c>, <c>&amp;&amp;</c>, <c>@@</c>, <c>&lt;-&gt;</c>, or <c>$1 = ANY (column)</c>.</summary>
    Operator,

    /// <summary>OR across columns.</summary>
    Disjunction,

    /// <summary>Not equal, NOT IN, NOT BETWEEN, IS DISTINCT FROM.</summary>
    Inequality,

    /// <summary>Both sides are columns of the same row.</summary>
    WithinRow,
}
