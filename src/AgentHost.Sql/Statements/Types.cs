using System.Collections.Immutable;

namespace AgentHost.Sql.Statements;

/// <summary>CREATE TYPE … AS ENUM.</summary>
public sealed record CreateEnum(QualifiedName Name, ImmutableArray<string> Values) : Statement;

/// <summary>ALTER TYPE … ADD VALUE.</summary>
public sealed record AddEnumValue(QualifiedName Type, string Value, bool IfNotExists) : Statement;

/// <summary>CREATE DOMAIN.</summary>
/// <param name="Name">The domain's name.</param>
/// <param name="BaseType">The type it narrows.</param>
/// <param name="Constraints">Its NOT NULL and CHECK constraints.</param>
public sealed record CreateDomain(QualifiedName Name, TypeName BaseType, ImmutableArray<TableConstraint> Constraints) : Statement
{
    /// <summary>The DEFAULT expression, or null.</summary>
    public Expression? Default { get; init; }
}
