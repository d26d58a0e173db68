using System.Collections.Immutable;

namespace AgentHost.Sql.Statements;

/// <summary>CREATE INDEX.</summary>
/// <param name="Name">The given name, or null.</param>
/// <param name="Table">The indexed relation.</param>
/// <param name="IsUnique">UNIQUE.</param>
/// <param name="Concurrently">CONCURRENTLY.</param>
/// <param name="IfNotExists">IF NOT EXISTS.</param>
/// <param name="Method">The access method; <c>btree</c> where none is written.</param>
/// <param name="Keys">Key columns and expressions in order.</param>
/// <param name="Include">Columns of INCLUDE.</param>
/// <param name="Predicate">The WHERE of a partial index, or null.</param>
public sealed record CreateIndex(
    string? Name, QualifiedName Table, bool IsUnique, bool Concurrently, bool IfNotExists, string Method,
    ImmutableArray<IndexKey> Keys, ImmutableArray<string> Include, Expression? Predicate) : Statement
{
    /// <summary>ON ONLY: the partitioned parent without its partitions.</summary>
    public bool Only { get; init; }

    /// <summary>NULLS NOT DISTINCT.</summary>
    public bool NullsNotDistinct { get; init; }
}

/// <summary>A key of an index: a column (<paramref name="Column"/>) or an expression (<paramref name="Expression"/>), never both.</summary>
public sealed record IndexKey(string? Column, Expression? Expression, bool Descending, bool NullsFirst)
{
    /// <summary>The operator class as written, or null for the default.</summary>
    public QualifiedName? OperatorClass { get; init; }

    /// <summary>The collation as written, or null for the column's own.</summary>
    public QualifiedName? Collation { get; init; }
}

/// <summary>The kinds of object that DROP and ALTER … RENAME name.</summary>
public enum ObjectKind { Table, View, MaterializedView, Index, Sequence, Schema, Type, Domain, Function, Trigger, Policy, Constraint, Other }

/// <summary>ALTER TABLE … RENAME CONSTRAINT.</summary>
public sealed record RenameConstraint(QualifiedName Table, string From, string To) : Statement;

/// <summary>ALTER … SET SCHEMA.</summary>
public sealed record MoveToSchema(ObjectKind Kind, QualifiedName Name, string Schema) : Statement;

/// <summary>DROP TABLE, DROP INDEX, DROP VIEW, …</summary>
public sealed record DropObjects(ObjectKind Kind, ImmutableArray<QualifiedName> Names, bool IfExists, bool Concurrently, bool Cascade) : Statement
{
    /// <summary>The tables that dropped triggers and policies belong to, one for each name; else empty.</summary>
    public ImmutableArray<QualifiedName> Tables { get; init; } = [];

    /// <summary>The argument types of dropped functions, one for each name; null where none are written. For other kinds empty.</summary>
    public ImmutableArray<string?> Signatures { get; init; } = [];
}

/// <summary>ALTER TABLE … RENAME COLUMN (also of a view or composite type).</summary>
public sealed record RenameColumn(QualifiedName Relation, string From, string To) : Statement
{
    /// <summary>What the column belongs to.</summary>
    public ObjectKind Kind { get; init; } = ObjectKind.Table;

    /// <summary>ALTER TABLE IF EXISTS.</summary>
    public bool IfExists { get; init; }
}

/// <summary>ALTER … RENAME TO of a whole object.</summary>
public sealed record RenameObject(ObjectKind Kind, QualifiedName From, string To) : Statement
{
    /// <summary>ALTER … IF EXISTS.</summary>
    public bool IfExists { get; init; }
}

/// <summary>CREATE VIEW or CREATE MATERIALIZED VIEW.</summary>
public sealed record CreateView(QualifiedName View, bool IsMaterialized, bool OrReplace, ImmutableArray<QualifiedName> Relations) : Statement
{
    /// <summary>Every column that its query names, unqualified; <c>*</c> where it says so.</summary>
    public ImmutableArray<string> Columns { get; init; } = [];

    /// <summary>Every function that its query calls.</summary>
    public ImmutableArray<QualifiedName> Functions { get; init; } = [];

    /// <summary>WITH (security_invoker): it reads with the rights and under the policies of who asks.</summary>
    public bool IsSecurityInvoker { get; init; }

    /// <summary>WITH NO DATA.</summary>
    public bool WithNoData { get; init; }
}
