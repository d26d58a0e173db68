namespace AgentHost.Postgres.Catalog;

/// <summary>A statement that <c>pg_stat_statements</c> counted in the database (manual, F.32), with $1, $2, … in place of its constants.</summary>
/// <param name="Sql">Its text.</param>
/// <param name="Calls">How often it ran.</param>
/// <param name="TotalMilliseconds">How long it ran in all.</param>
/// <param name="Rows">How many rows it gave or changed in all.</param>
public sealed record StatementFigures(string Sql, double Calls, double TotalMilliseconds, double Rows);
