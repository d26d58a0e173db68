using System.Collections.Immutable;

namespace AgentHost.Sql.Statements;

/// <summary>TRUNCATE.</summary>
public sealed record Truncate(ImmutableArray<QualifiedName> Tables, bool Cascade) : Statement;

/// <summary>VACUUM or ANALYZE.</summary>
/// <param name="Tables">The tables; none means all of the database.</param>
/// <param name="IsVacuum">False for a bare ANALYZE.</param>
/// <param name="IsFull">Whether FULL is on.</param>
public sealed record Vacuum(ImmutableArray<QualifiedName> Tables, bool IsVacuum, bool IsFull) : Statement;

/// <summary>CLUSTER; without a table, of all that were clustered before.</summary>
public sealed record Cluster(QualifiedName? Table) : Statement;

/// <summary>REINDEX.</summary>
/// <param name="Target">What <paramref name="Name"/> names.</param>
/// <param name="Name">The index, table, schema or database; null where the current database is meant.</param>
/// <param name="Concurrently">CONCURRENTLY.</param>
public sealed record Reindex(ReindexTarget Target, QualifiedName? Name, bool Concurrently) : Statement;

/// <summary>What REINDEX rebuilds.</summary>
public enum ReindexTarget { Index, Table, Schema, System, Database }

/// <summary>REFRESH MATERIALIZED VIEW.</summary>
public sealed record RefreshMaterializedView(QualifiedName View, bool Concurrently, bool WithNoData) : Statement;

/// <summary>LOCK TABLE.</summary>
public sealed record LockTable(ImmutableArray<QualifiedName> Tables, LockMode Mode) : Statement;
