using System.Collections.Immutable;

namespace AgentHost.Sql.Statements;

/// <summary>CREATE POLICY.</summary>
/// <param name="Name">The policy's name.</param>
/// <param name="Table">The table that it guards.</param>
/// <param name="IsPermissive">False for AS RESTRICTIVE.</param>
/// <param name="Command"><c>all</c>, <c>select</c>, <c>insert</c>, <c>update</c> or <c>delete</c>.</param>
/// <param name="Using">The expression of USING, or null.</param>
/// <param name="WithCheck">The expression of WITH CHECK, or null.</param>
public sealed record CreatePolicy(
    string Name, QualifiedName Table, bool IsPermissive, string Command, Expression? Using, Expression? WithCheck) : Statement;

/// <summary>GRANT or REVOKE of privileges on objects.</summary>
/// <param name="IsGrant">False for REVOKE.</param>
/// <param name="Kind">What the objects are.</param>
/// <param name="Names">The objects; with <paramref name="AllInSchema"/> the schemas.</param>
/// <param name="AllInSchema">ALL TABLES IN SCHEMA and its kin.</param>
/// <param name="ToPublic">Whether PUBLIC, that is everyone, is among the grantees.</param>
public sealed record Grant(bool IsGrant, ObjectKind Kind, ImmutableArray<QualifiedName> Names, bool AllInSchema, bool ToPublic) : Statement
{
    /// <summary>Whether it only sets what objects made later will grant (ALTER DEFAULT PRIVILEGES).</summary>
    public bool IsDefault { get; init; }

    /// <summary>The roles that are granted something or lose it, <c>public</c> for PUBLIC.</summary>
    public ImmutableArray<string> Grantees { get; init; } = [];

    /// <summary>The privileges in lower case; empty for ALL.</summary>
    public ImmutableArray<string> Privileges { get; init; } = [];
}

/// <summary>DROP OWNED BY.</summary>
public sealed record DropOwned(ImmutableArray<string> Roles, bool Cascade) : Statement;

/// <summary>DROP DATABASE.</summary>
public sealed record DropDatabase(string Name) : Statement;
