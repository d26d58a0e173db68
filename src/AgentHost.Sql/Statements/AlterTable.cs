using System.Collections.Immutable;

namespace AgentHost.Sql.Statements;

/// <summary>ALTER TABLE with its actions in source order.</summary>
public sealed record AlterTable(QualifiedName Table, bool IfExists, ImmutableArray<AlterAction> Actions) : Statement;

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

/// <summary>Any other action; <paramref name="Kind"/> is the parser's name (<c>AT_EnableRowSecurity</c>).</summary>
public sealed record OtherAction(string Kind) : AlterAction;
