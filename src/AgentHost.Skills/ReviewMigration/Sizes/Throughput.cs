namespace AgentHost.Skills.ReviewMigration.Sizes;

/// <summary>
/// How fast a server is taken to be. The figures are low on purpose: that a lock is held longer than was said is worse than the other way round. They are
/// of one backend on a network volume, with nothing in memory and no parallel workers.
/// </summary>
internal static class Throughput
{
    /// <summary>Bytes of a table read in a second. Common cloud volumes begin at 125 MB/s (Amazon EBS gp3, Azure Premium SSD v2).</summary>
    public const double ScanBytes = 100e6;

    /// <summary>Bytes of a table written anew in a second: each goes to the table and, but for <c>wal_level = minimal</c>, to the log.</summary>
    public const double WriteBytes = 50e6;

    /// <summary>
    /// Entries sorted into an index in a second: two thirds of the 630,000 of a text key that one busy core managed (1,050,000 of a bigint key; PostgreSQL 16,
    /// a million random keys, no parallel workers, maintenance_work_mem = 64MB).
    /// </summary>
    public const double IndexEntries = 400_000;

    /// <summary>Keys looked up in another table in a second, by the join that checks a foreign key.</summary>
    public const double KeyLookups = 500_000;

    /// <summary>Rows that UPDATE or DELETE changes in a second, the log and one index included.</summary>
    public const double RowChanges = 50_000;
}
