using AgentHost.Postgres.Catalog;

namespace AgentHost.Skills.ReviewMigration.Sizes;

/// <summary>What is known of the size and use of a relation, its partitions included.</summary>
/// <param name="Rows">Rows; null where it was never analyzed.</param>
/// <param name="HeapBytes">Bytes of its rows without what lies in TOAST.</param>
/// <param name="ToastBytes">Bytes in TOAST.</param>
/// <param name="IndexBytes">Bytes of its indexes.</param>
/// <param name="Indexes">How many indexes there are on one of its partitions, or on itself.</param>
/// <param name="Writes">Rows inserted, updated and deleted since the counters began.</param>
/// <param name="Reads">Scans of the table and of its indexes since then.</param>
/// <param name="IsFresh">Whether the figures can be relied on: it was analyzed, and not most of it changed since.</param>
internal sealed record RelationSize(
    double? Rows, long HeapBytes, long ToastBytes, long IndexBytes, int Indexes, long Writes, long Reads, bool IsFresh)
{
    /// <summary>A table below both of these is small: what it costs to read, write or index all of it is over in milliseconds.</summary>
    public const int SmallRows = 10_000, SmallBytes = 8 << 20;

    /// <summary>Bytes of all of it.</summary>
    public long Bytes => HeapBytes + ToastBytes + IndexBytes;

    /// <summary>Whether it is known to be small.</summary>
    public bool IsSmall => IsFresh && Rows < SmallRows && Bytes < SmallBytes;

    /// <summary>The size of a relation by its own figures.</summary>
    public static RelationSize Of(RelationFigures figures, int blockSize)
    {
        var counters = figures.Counters;
        // What the statistics system counted since may be ahead of what VACUUM and ANALYZE wrote down.
        double? rows = figures.Rows is { } known ? Math.Max(known, counters.LiveRows) : counters.LiveRows > 0 ? counters.LiveRows : null;
        return new(
            rows, figures.Pages * (long)blockSize, figures.ToastPages * (long)blockSize, figures.Indexes.Sum(index => index.Pages * (long)blockSize), figures.Indexes.Length,
            counters.Inserted + counters.Updated + counters.Deleted, counters.SequentialScans + counters.IndexScans,
            IsFresh: figures.Rows is { } analyzed && counters.LiveRows + counters.ChangedSinceAnalyze < Math.Max(2 * analyzed, SmallRows));
    }

    /// <summary>Both together.</summary>
    public RelationSize Plus(RelationSize other) => new(
        Rows is null || other.Rows is null ? null : Rows + other.Rows, HeapBytes + other.HeapBytes, ToastBytes + other.ToastBytes, IndexBytes + other.IndexBytes,
        Math.Max(Indexes, other.Indexes), Writes + other.Writes, Reads + other.Reads, IsFresh && other.IsFresh);

    /// <summary>Seconds that the work takes, and on what that estimate rests; null where the size is not known.</summary>
    /// <param name="work">What is done.</param>
    /// <param name="referenced">The other table of a foreign key.</param>
    public (double Seconds, string Basis)? Estimate(TableWork work, RelationSize? referenced = null)
    {
        if (Rows is not { } rows || HeapBytes == 0)
            return null;
        double scan = HeapBytes / Throughput.ScanBytes, all = HeapBytes + ToastBytes;
        return work switch
        {
            TableWork.Scan => (scan, "reads 100 MB/s"),
            TableWork.IndexBuild => (scan + (rows / Throughput.IndexEntries), "reads 100 MB/s, sorts 400 k rows/s"),
            TableWork.AllIndexes => ((scan + (rows / Throughput.IndexEntries)) * Indexes, $"{Indexes} indexes; reads 100 MB/s, sorts 400 k rows/s"),
            TableWork.Rewrite => ((all / Throughput.ScanBytes) + (all / Throughput.WriteBytes) + (rows * Indexes / Throughput.IndexEntries),
                "reads 100 MB/s, writes 50 MB/s" + (Indexes == 0 ? "" : $", sorts 400 k rows/s for {(Indexes == 1 ? "1 index" : $"{Indexes} indexes")}")),
            TableWork.ForeignKeyCheck => (scan + ((referenced?.HeapBytes ?? 0) / Throughput.ScanBytes) + (rows / Throughput.KeyLookups), "reads 100 MB/s, checks 500 k keys/s"),
            TableWork.RowChanges => (scan + (rows / Throughput.RowChanges), "all rows; writes 50 k rows/s"),
            _ => null,
        };
    }
}
