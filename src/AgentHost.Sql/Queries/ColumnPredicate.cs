using System.Collections.Immutable;

namespace AgentHost.Sql.Queries;

/// <summary>A condition on one bare column that a btree can serve.</summary>
/// <param name="Column">The column.</param>
/// <param name="Kind">How it is compared.</param>
/// <param name="Operand">With what.</param>
public sealed record ColumnPredicate(string Column, PredicateKind Kind, Operand Operand)
{
    /// <summary>Of a range with one bound how the column is compared with it: <c>&lt;</c>, <c>&lt;=</c>, <c>&gt;</c> or <c>&gt;=</c>; else null.</summary>
    public string? Operator { get; init; }
}

/// <summary>A column that equals none of some constants: <c>&lt;&gt;</c>, NOT IN.</summary>
/// <param name="Column">The column.</param>
/// <param name="Operand">The constants.</param>
public sealed record ColumnExclusion(string Column, Operand Operand);

/// <summary>A condition on an expression over one relation's columns, that a btree on the expression serves if its functions are immutable.</summary>
/// <param name="Expression">The expression as SQL, its columns without qualification.</param>
/// <param name="Columns">The columns in it, sorted by name.</param>
/// <param name="Kind">How it is compared: equality, membership, range or prefix.</param>
/// <param name="Operand">With what.</param>
public sealed record ExpressionPredicate(string Expression, ImmutableArray<string> Columns, PredicateKind Kind, Operand Operand);

/// <summary>How a predicate compares its column.</summary>
public enum PredicateKind
{
    /// <summary><c>=</c> one value.</summary>
    Equality,

    /// <summary>One of several values: IN (…), = ANY (…), or OR of equalities on the same column.</summary>
    Membership,

    /// <summary><c>&lt;</c>, <c>&lt;=</c>, <c>&gt;</c>, <c>&gt;=</c>, BETWEEN, or a row comparison that starts with the column.</summary>
    Range,

    /// <summary>LIKE 'abc%' or ~ '^abc': the text begins with something fixed.</summary>
    Prefix,

    /// <summary>IS NULL.</summary>
    IsNull,

    /// <summary>IS NOT NULL.</summary>
    IsNotNull,

    /// <summary>The boolean column itself, or IS TRUE.</summary>
    IsTrue,

    /// <summary>NOT the boolean column, or IS FALSE.</summary>
    IsFalse,
}

/// <summary>The other side of a comparison.</summary>
/// <param name="Kind">What it is.</param>
public sealed record Operand(OperandKind Kind)
{
    /// <summary>The values, where all are literals.</summary>
    public ImmutableArray<Literal> Literals { get; init; } = [];

    /// <summary>The column of another relation use (a join or a correlation), else null.</summary>
    public JoinedColumn? Column { get; init; }

    /// <summary>No other side: IS NULL, boolean columns.</summary>
    public static Operand None { get; } = new(OperandKind.None);
}

/// <summary>What a comparison's other side is.</summary>
public enum OperandKind { None, Constant, Parameter, Column, Expression }

/// <summary>A constant of the statement.</summary>
/// <param name="Sql">How SQL writes it: <c>'open'</c>, <c>3</c>, <c>true</c>.</param>
/// <param name="Value">The value as PostgreSQL's statistics write it: <c>open</c>, <c>3</c>, <c>t</c>.</param>
public sealed record Literal(string Sql, string Value)
{
    /// <summary>Where it stands in the statement's text, in bytes of UTF-8; -1 where that is not known. No part of what it is.</summary>
    internal int Location { get; init; } = -1;

    /// <summary>Whether another one means the same.</summary>
    public bool Equals(Literal? other) => other is not null && other.Sql == Sql && other.Value == Value;

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Sql, Value);
}

/// <summary>A column of a relation use.</summary>
/// <param name="Table">The relation as written.</param>
/// <param name="Alias">The name by which the statement calls it.</param>
/// <param name="Column">The column.</param>
public sealed record JoinedColumn(QualifiedName Table, string Alias, string Column);
