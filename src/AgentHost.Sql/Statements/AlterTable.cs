using System.Collections.Immutable;

namespace AgentHost.Sql.Statements;

/// <summary>ALTER TABLE with its actions in source order.</summary>
public sealed record AlterTable(QualifiedName Table, bool IfExists, ImmutableArray<AlterAction> Actions) : Statement
{
    /// <summary>What is altered: ALTER INDEX, ALTER VIEW, ALTER SEQUENCE and ALTER TYPE of a composite type take the same actions.</summary>
    public ObjectKind Kind { get; init; } = ObjectKind.Table;

    /// <summary>ALTER TABLE ONLY.</summary>
    public bool Only { get; init; }
}

/// <summary>One action of an <see cref="AlterTable"/>.</summary>
public abstract record AlterAction
{
    /// <summary>Where the action stands.</summary>
    public required SourceSpan Span { get; init; }
}

/// <summary>ADD COLUMN.</summary>
public sealed record AddColumn(ColumnDefinition Column, bool IfNotExists) : AlterAction;

/// <summary>DROP COLUMN.</summary>
public sealed record DropColumn(string Column, bool IfExists, bool Cascade) : AlterAction;

/// <summary>ALTER COLUMN … TYPE.</summary>
public sealed record AlterColumnType(string Column, TypeName Type, Expression? Using) : AlterAction
{
    /// <summary>The COLLATE clause, or null.</summary>
    public QualifiedName? Collation { get; init; }
}

/// <summary>ALTER COLUMN … SET NOT NULL.</summary>
public sealed record SetNotNull(string Column) : AlterAction;

/// <summary>ALTER COLUMN … DROP NOT NULL.</summary>
public sealed record DropNotNull(string Column) : AlterAction;

/// <summary>ALTER COLUMN … SET DEFAULT, or DROP DEFAULT where <paramref name="Default"/> is null.</summary>
public sealed record SetDefault(string Column, Expression? Default) : AlterAction;

/// <summary>ADD CONSTRAINT.</summary>
public sealed record AddConstraint(TableConstraint Constraint) : AlterAction;

/// <summary>DROP CONSTRAINT.</summary>
public sealed record DropConstraint(string Name, bool IfExists, bool Cascade) : AlterAction;

/// <summary>VALIDATE CONSTRAINT.</summary>
public sealed record ValidateConstraint(string Name) : AlterAction;

/// <summary>ATTACH PARTITION: of a table, or of an index to its parent's.</summary>
public sealed record AttachPartition(QualifiedName Partition, bool IsDefault) : AlterAction
{
    /// <summary>The partition's bound; null for an index, and for DEFAULT.</summary>
    public PartitionBound? Bound { get; init; }
}

/// <summary>The bound of a partition: FROM … TO …, IN (…) or WITH (MODULUS …, REMAINDER …).</summary>
/// <param name="Lower">Constants of FROM, one a key column; null for MINVALUE and what is no constant.</param>
/// <param name="Upper">Constants of TO; null for MAXVALUE and what is no constant.</param>
/// <param name="Values">Constants of IN; null for NULL.</param>
public sealed record PartitionBound(ImmutableArray<string?> Lower, ImmutableArray<string?> Upper, ImmutableArray<string?> Values);

/// <summary>DETACH PARTITION.</summary>
public sealed record DetachPartition(QualifiedName Partition, bool Concurrently) : AlterAction;

/// <summary>ALTER COLUMN … ADD GENERATED … AS IDENTITY.</summary>
public sealed record AddIdentity(string Column) : AlterAction;

/// <summary>Any other action; <paramref name="Kind"/> is the parser's name (<c>AT_EnableRowSecurity</c>).</summary>
public sealed record OtherAction(string Kind) : AlterAction
{
    /// <summary>The column, trigger, tablespace, … that it names, or null.</summary>
    public string? Name { get; init; }

    /// <summary>The storage parameters of SET (…) and RESET (…); a name without a value has null.</summary>
    public ImmutableArray<KeyValuePair<string, string?>> Options { get; init; } = [];
}
