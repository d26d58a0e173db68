using System.Collections.Immutable;
using AgentHost.Sql;

namespace AgentHost.Postgres;

/// <summary>What one statement of a migration did to the relations that existed before the migration.</summary>
/// <param name="StatementIndex">Its place in the script, from 0.</param>
/// <param name="Locks">The strongest lock that it took, or asked for, on each such relation; ordered by name.</param>
/// <param name="RewrittenRelations">Tables and indexes whose file it replaced by a new one.</param>
/// <param name="ScannedRelations">Tables that it read from end to end.</param>
/// <param name="Error">
/// PostgreSQL's message where it failed; where it was not run because an earlier statement failed, that, with <paramref name="SqlState"/> null.
/// </param>
/// <param name="SqlState">The error's SQLSTATE (manual, appendix A), or null.</param>
/// <param name="Duration">How long it took on the scratch database; says nothing about a database with rows.</param>
public sealed record StatementObservation(
    int StatementIndex, ImmutableArray<ObservedLock> Locks, ImmutableArray<string> RewrittenRelations, ImmutableArray<string> ScannedRelations,
    string? Error, string? SqlState, TimeSpan Duration)
{
    /// <summary>Each existing table that it locked against maintenance or more, read or changed as a whole, with its indexes; ordered by name.</summary>
    public ImmutableArray<ObservedTable> Tables { get; init; } = [];

    /// <summary>Whether scans could be counted: not where the statement refuses a transaction, in which they are.</summary>
    public bool CountsScans { get; init; } = true;
}

/// <summary>What a statement did to a table (also a partitioned or foreign one, or a materialized view) that existed before the migration.</summary>
/// <param name="Name">Its schema-qualified name as the statement met it.</param>
public sealed record ObservedTable(QualifiedName Name)
{
    /// <summary>Whether it is a materialized view, which nothing but REFRESH writes.</summary>
    public bool IsMaterializedView { get; init; }

    /// <summary>The strongest lock on the table itself.</summary>
    public LockMode Lock { get; init; }

    /// <summary>Whether its file was replaced by a new one with the rows in it.</summary>
    public bool IsRewritten { get; init; }

    /// <summary>Whether it was read from end to end.</summary>
    public bool IsScanned { get; init; }

    /// <summary>Whether it is gone.</summary>
    public bool IsDropped { get; init; }

    /// <summary>Its indexes that were locked as strongly as maintenance does, or more.</summary>
    public ImmutableArray<string> LockedIndexes { get; init; } = [];

    /// <summary>Its indexes whose files were replaced.</summary>
    public ImmutableArray<string> RewrittenIndexes { get; init; } = [];
}

/// <summary>A lock that was seen in <c>pg_locks</c>.</summary>
/// <param name="Relation">The schema-qualified name of a table, index or other relation that existed before the migration.</param>
/// <param name="Mode">The strongest mode.</param>
public sealed record ObservedLock(string Relation, LockMode Mode);
