using System.Collections.Immutable;
using AgentHost.Sql.Statements;

namespace AgentHost.Sql;

/// <summary>A view or materialized view.</summary>
/// <param name="Name">Its name, with its schema.</param>
/// <param name="IsMaterialized">Whether it is materialized.</param>
/// <param name="Relations">The relations that its query reads, with their schemas.</param>
/// <param name="Indexes">Its indexes; only a materialized view has some.</param>
public sealed record ViewModel(QualifiedName Name, bool IsMaterialized, ImmutableArray<QualifiedName> Relations, ImmutableArray<IndexModel> Indexes)
{
    /// <summary>Every column that its query names, unqualified; <c>*</c> where it says so.</summary>
    public ImmutableArray<string> Columns { get; init; } = [];

    /// <summary>Every function that its query calls.</summary>
    public ImmutableArray<QualifiedName> Functions { get; init; } = [];
}

/// <summary>The functions of one name.</summary>
/// <param name="Name">Their name, with its schema.</param>
/// <param name="Volatility">The most volatile of them: <c>immutable</c>, <c>stable</c> or <c>volatile</c>.</param>
/// <param name="Signatures">The types of the arguments of each: <c>integer, text</c>.</param>
public sealed record FunctionModel(QualifiedName Name, string Volatility, ImmutableArray<string> Signatures)
{
    /// <summary>Whether it runs with its owner's rights; null where several of the name may differ.</summary>
    public bool? IsSecurityDefiner { get; init; }

    /// <summary>Whether it has a search_path of its own; null where several of the name may differ.</summary>
    public bool? PinsSearchPath { get; init; }
}

/// <summary>An enum type and its values in order of creation.</summary>
public sealed record EnumModel(QualifiedName Name, ImmutableArray<string> Values);

/// <summary>A domain, the type it narrows and its NOT NULL and CHECK constraints.</summary>
public sealed record DomainModel(QualifiedName Name, TypeName BaseType, ImmutableArray<TableConstraint> Constraints)
{
    /// <summary>The DEFAULT expression, or null.</summary>
    public Expression? Default { get; init; }
}

/// <summary>A sequence.</summary>
/// <param name="Name">Its name, with its schema.</param>
/// <param name="OwnedBy">The column with which it is dropped, the table with its schema; null where it belongs to none.</param>
public sealed record SequenceModel(QualifiedName Name, OwningColumn? OwnedBy);

/// <summary>A trigger of a table.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Function">The function that it calls, as written.</param>
/// <param name="IsEnabled">Whether it fires.</param>
public sealed record TriggerModel(string Name, QualifiedName Function, bool IsEnabled);

/// <summary>A policy of row-level security.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Columns">Every column that its expressions name, unqualified.</param>
/// <param name="IsAlone">False where they hold a subquery, whose columns may be another table's.</param>
public sealed record PolicyModel(string Name, ImmutableArray<string> Columns, bool IsAlone)
{
    /// <summary><c>all</c>, <c>select</c>, <c>insert</c>, <c>update</c> or <c>delete</c>.</summary>
    public string Command { get; init; } = "all";

    /// <summary>False for AS RESTRICTIVE.</summary>
    public bool IsPermissive { get; init; } = true;

    /// <summary>The expression of USING, or null.</summary>
    public Expression? Using { get; init; }

    /// <summary>The expression of WITH CHECK, or null.</summary>
    public Expression? WithCheck { get; init; }
}
