using System.Collections.Immutable;

namespace AgentHost.Sql.Statements;

/// <summary>CREATE TABLE, CREATE TABLE AS and their kin.</summary>
public sealed record CreateTable(
    QualifiedName Table,
    bool IfNotExists,
    bool IsTemporary,
    ImmutableArray<ColumnDefinition> Columns,
    ImmutableArray<TableConstraint> Constraints) : Statement
{
    /// <summary>The parent where the table is made as <c>PARTITION OF</c> it.</summary>
    public QualifiedName? PartitionOf { get; init; }

    /// <summary>Whether it is the DEFAULT partition.</summary>
    public bool IsDefaultPartition { get; init; }

    /// <summary>The bound of a partition, or null.</summary>
    public PartitionBound? Bound { get; init; }

    /// <summary>Whether the table is itself partitioned (<c>PARTITION BY</c>).</summary>
    public bool IsPartitioned { get; init; }

    /// <summary>The columns of PARTITION BY; null stands for an expression.</summary>
    public ImmutableArray<string?> PartitionKey { get; init; } = [];

    /// <summary>The parents of <c>INHERITS (…)</c>.</summary>
    public ImmutableArray<QualifiedName> Inherits { get; init; } = [];

    /// <summary>The tables of <c>LIKE</c> clauses.</summary>
    public ImmutableArray<QualifiedName> Like { get; init; } = [];

    /// <summary>Whether a query fills it (CREATE TABLE AS, SELECT INTO), which also decides its columns.</summary>
    public bool IsFromQuery { get; init; }

    /// <summary>The relations that the query of CREATE TABLE AS reads.</summary>
    public ImmutableArray<QualifiedName> Relations { get; init; } = [];

    /// <summary>Whether it is made OF a composite type, which decides its columns.</summary>
    public bool IsTyped { get; init; }

    /// <summary>Whether it is UNLOGGED.</summary>
    public bool IsUnlogged { get; init; }
}

/// <summary>A column as CREATE TABLE and ADD COLUMN write it.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="Type">Its declared type.</param>
/// <param name="Constraints">Its inline constraints (NOT NULL, CHECK, REFERENCES, …) in source order.</param>
/// <param name="Span">From the name to the end of its definition.</param>
public sealed record ColumnDefinition(string Name, TypeName Type, ImmutableArray<TableConstraint> Constraints, SourceSpan Span)
{
    /// <summary>The DEFAULT expression, or null.</summary>
    public Expression? Default { get; init; }

    /// <summary>Whether the column is declared NOT NULL (by itself, not through a primary key).</summary>
    public bool IsNotNull { get; init; }

    /// <summary>The COLLATE clause, or null.</summary>
    public QualifiedName? Collation { get; init; }

    /// <summary>Whether it is GENERATED … AS IDENTITY.</summary>
    public bool IsIdentity { get; init; }

    /// <summary>The expression of a GENERATED ALWAYS AS (…) column, or null.</summary>
    public Expression? Generated { get; init; }
}

/// <summary>A type as written.</summary>
/// <param name="Name">The normalised name: <c>integer</c>, <c>bigint</c>, <c>timestamp without time zone</c>, <c>character varying</c>; else as written.</param>
/// <param name="Modifiers">Type modifiers: the 10 and 2 of <c>numeric(10,2)</c>.</param>
/// <param name="ArrayDimensions">0 for a scalar.</param>
public sealed record TypeName(QualifiedName Name, ImmutableArray<int> Modifiers, int ArrayDimensions)
{
    /// <summary>Whether the source said serial, smallserial or bigserial (the name then is the integer type).</summary>
    public bool IsSerial { get; init; }

    /// <summary>The type as PostgreSQL prints it: <c>timestamp(3) with time zone</c>, <c>numeric(10,2)[]</c>.</summary>
    public override string ToString()
    {
        var name = Name.ToString();
        var modifiers = Modifiers.IsEmpty ? "" : $"({string.Join(',', Modifiers)})";
        var zone = name.EndsWith(" time zone", StringComparison.Ordinal) ? name.IndexOf(" with", StringComparison.Ordinal) : name.Length;
        return name[..zone] + modifiers + name[zone..] + string.Concat(Enumerable.Repeat("[]", ArrayDimensions));
    }
}

/// <summary>A scalar expression: its text and what rules ask of it.</summary>
/// <param name="Text">The source text.</param>
/// <param name="Span">Where it stands.</param>
/// <param name="Functions">Every function it calls, including SQL value functions under their names (<c>current_timestamp</c>).</param>
/// <param name="Columns">Every column it names, unqualified.</param>
/// <param name="IsConstant">Whether it is a literal (possibly cast or negated) or a constructor of literals.</param>
public sealed record Expression(
    string Text, SourceSpan Span, ImmutableArray<QualifiedName> Functions, ImmutableArray<string> Columns, bool IsConstant)
{
    /// <summary>
    /// The name that PostgreSQL derives from it for a column or an index (FigureIndexColname, src/backend/parser/parse_target.c): that of its
    /// column, function or type; null for an operator's result.
    /// </summary>
    public string? ImpliedName { get; init; }

    /// <summary>Whether it is NULL, possibly cast.</summary>
    public bool IsNull { get; init; }

    /// <summary>The columns that cannot be null where the expression is true: those of <c>a IS NOT NULL</c> and of conjunctions of such tests.</summary>
    public ImmutableArray<string> NotNullColumns { get; init; } = [];

    /// <summary>The comparisons of a column with constants that hold where the expression is true: itself, or parts of a conjunction.</summary>
    public ImmutableArray<Comparison> Comparisons { get; init; } = [];
}

/// <summary>A column compared with constants.</summary>
/// <param name="Column">The column, unqualified.</param>
/// <param name="Operator"><c>=</c> (also IN and = ANY of constants), <c>&lt;</c>, <c>&lt;=</c>, <c>&gt;</c> or <c>&gt;=</c>; BETWEEN gives two.</param>
/// <param name="Values">The constants' text; one, but for IN; a parameter is <c>$n</c>.</param>
public sealed record Comparison(string Column, string Operator, ImmutableArray<string> Values);

/// <summary>The kind of a <see cref="TableConstraint"/>.</summary>
public enum ConstraintKind { NotNull, Check, Unique, PrimaryKey, ForeignKey, Exclusion }

/// <summary>A table or inline column constraint.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Name">The given name, or null where PostgreSQL makes one up.</param>
/// <param name="Columns">The constrained columns; for an inline constraint the column itself; empty for CHECK.</param>
/// <param name="Span">Where it stands.</param>
public sealed record TableConstraint(ConstraintKind Kind, string? Name, ImmutableArray<string> Columns, SourceSpan Span)
{
    /// <summary>The CHECK expression, else null.</summary>
    public Expression? Check { get; init; }

    /// <summary>The referenced table of a foreign key, else null.</summary>
    public QualifiedName? References { get; init; }

    /// <summary>The referenced columns as written; empty means the referenced primary key.</summary>
    public ImmutableArray<string> ReferencedColumns { get; init; } = [];

    /// <summary>Whether it was declared NOT VALID.</summary>
    public bool NotValid { get; init; }

    /// <summary>The index of UNIQUE or PRIMARY KEY USING INDEX, else null.</summary>
    public string? UsingIndex { get; init; }

    /// <summary>The method of EXCLUDE USING, else null.</summary>
    public string? Method { get; init; }

    /// <summary>Columns of INCLUDE.</summary>
    public ImmutableArray<string> Include { get; init; } = [];

    /// <summary>NO INHERIT of a CHECK.</summary>
    public bool NoInherit { get; init; }

    /// <summary>ON DELETE action as SQL writes it (<c>CASCADE</c>), or null for NO ACTION.</summary>
    public string? OnDelete { get; init; }

    /// <summary>ON UPDATE action, or null for NO ACTION.</summary>
    public string? OnUpdate { get; init; }

    /// <summary>The columns of ON DELETE SET NULL (…); empty means all of the key's.</summary>
    public ImmutableArray<string> OnDeleteColumns { get; init; } = [];

    /// <summary>NULLS NOT DISTINCT of UNIQUE.</summary>
    public bool NullsNotDistinct { get; init; }
}
