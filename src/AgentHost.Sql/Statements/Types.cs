using System.Collections.Immutable;

namespace AgentHost.Sql.Statements;

/// <summary>CREATE TYPE … AS ENUM.</summary>
public sealed record CreateEnum(QualifiedName Name, ImmutableArray<string> Values) : Statement;

/// <summary>ALTER TYPE … ADD VALUE.</summary>
public sealed record AddEnumValue(QualifiedName Type, string Value, bool IfNotExists) : Statement;

/// <summary>ALTER TYPE … RENAME VALUE.</summary>
public sealed record RenameEnumValue(QualifiedName Type, string From, string To) : Statement;

/// <summary>CREATE DOMAIN.</summary>
/// <param name="Name">The domain's name.</param>
/// <param name="BaseType">The type it narrows.</param>
/// <param name="Constraints">Its NOT NULL and CHECK constraints.</param>
public sealed record CreateDomain(QualifiedName Name, TypeName BaseType, ImmutableArray<TableConstraint> Constraints) : Statement
{
    /// <summary>The DEFAULT expression, or null.</summary>
    public Expression? Default { get; init; }
}

/// <summary>ALTER DOMAIN.</summary>
/// <param name="Domain">The domain.</param>
/// <param name="Action">What is done to it.</param>
public sealed record AlterDomain(QualifiedName Domain, DomainAction Action) : Statement
{
    /// <summary>The constraint of ADD, or null.</summary>
    public TableConstraint? Constraint { get; init; }

    /// <summary>The name of the constraint that is validated or dropped, or null.</summary>
    public string? Name { get; init; }
}

/// <summary>What ALTER DOMAIN does.</summary>
public enum DomainAction { AddConstraint, SetNotNull, DropNotNull, ValidateConstraint, DropConstraint, Default }

/// <summary>CREATE SCHEMA; what it holds is not looked into.</summary>
public sealed record CreateSchema(string Name, bool IfNotExists) : Statement;

/// <summary>CREATE EXTENSION.</summary>
public sealed record CreateExtension(string Name, bool IfNotExists) : Statement;
