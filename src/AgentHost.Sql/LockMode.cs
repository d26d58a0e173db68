namespace AgentHost.Sql;

/// <summary>PostgreSQL's table-level lock modes, weakest first (manual, section 13.3.1).</summary>
public enum LockMode
{
    None = 0,
    AccessShare = 1,
    RowShare = 2,
    RowExclusive = 3,
    ShareUpdateExclusive = 4,
    Share = 5,
    ShareRowExclusive = 6,
    Exclusive = 7,
    AccessExclusive = 8,
}
