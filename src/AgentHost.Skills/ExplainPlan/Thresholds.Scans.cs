namespace AgentHost.Skills.ExplainPlan;

internal static partial class Thresholds
{
    /// <summary>A sort that throws nine rows in ten away did their reading for nothing.</summary>
    public const double SortedPerReturned = 10;

    /// <summary>A condition tried again on the rows of a lossy page costs something where it throws away a row for every ten it keeps; below, the pages are full of matches.</summary>
    public const double LossyRemovedPerKept = 0.1;

    /// <summary>An index whose every second candidate is none answers a different question than was asked.</summary>
    public const double RecheckRemovedPerKept = 1;

    /// <summary>A BRIN index names ranges of 128 pages and is meant to be rough: ten candidates for a row are its trade.</summary>
    public const double BrinRemovedPerKept = 10;

    /// <summary>A range of 128 pages holds about this many rows; one range read in vain is no fault.</summary>
    public const double BrinRemovedRows = 10_000;

    /// <summary>Rows found by each index of a BitmapAnd for one that both found: one index on both columns would find only that.</summary>
    public const double AndPerResult = 10;

    /// <summary>Entries of an index below this are read in a fraction of a millisecond.</summary>
    public const double BitmapEntries = 2000;

    /// <summary>Two arms of an OR are two lookups; from three on it is worth asking for another form.</summary>
    public const double OrArms = 3;

    /// <summary>Pages of an index walked for one turn; a hundred are a quarter of a millisecond when cached.</summary>
    public const double WalkedPages = 100;

    /// <summary>A page holds some hundred entries: where a column that is not the first is asked for, fewer than these match on each that is walked.</summary>
    public const double WalkedRowsPerPage = 10;

    /// <summary>Dead entries that an Index Scan may visit for each live one before VACUUM comes; beyond, it walks the index.</summary>
    public const double DeadPerRow = 10;

    /// <summary>Descents for one scan; a hundred are a hundred lookups where one would do.</summary>
    public const double SearchesPerLoop = 100;

    /// <summary>A hundred thousand lookups take 100 ms when cached; a hash join reads a table of a million rows in that time.</summary>
    public const double Lookups = 100_000;

    /// <summary>Lookups are the plan's problem where they take a third of the time.</summary>
    public const double LookupShare = 0.3;

    /// <summary>A scan that runs a thousand times is worth an index of its own.</summary>
    public const double HotLoops = 1000;

    /// <summary>A lookup of one row visits one page of the table beside three or four of the index: little is spared.</summary>
    public const double HotRowsPerLoop = 2;

    /// <summary>Fewer partitions are read as fast as they are left out.</summary>
    public const double Partitions = 4;

    /// <summary>Where three partitions in four have nothing, the condition is about what they are divided by.</summary>
    public const double EmptyPartitions = 0.75;

    /// <summary>8 MB: fewer blocks come from any disk in some milliseconds.</summary>
    public const double ColdBlocks = 1000;

    /// <summary>Half of the blocks came from outside of shared buffers.</summary>
    public const double ColdShare = 0.5;

    /// <summary>Blocks of the table are found again while a scan goes on, those of its index nearly always.</summary>
    public const double ColdShareUntimed = 0.3;

    /// <summary>A node that waits for a third of its time would be as slow with any other plan that reads as much.</summary>
    public const double ColdWait = 0.3;

    /// <summary>A block from the kernel's cache takes some microseconds, one from a disk 50 and more.</summary>
    public const double SlowBlockMs = 0.05;

    /// <summary>A row in memory is handled in about a microsecond.</summary>
    public const double SlowRowMs = 0.005;

    /// <summary>Bytes of a row that an index may carry: some ten of them fit into a page then.</summary>
    public const double IncludedBytes = 500;

    /// <summary>80 MB touched: fewer blocks are worth no reordering of a table.</summary>
    public const double AmplifiedBlocks = 10_000;

    /// <summary>Blocks in memory are cheap: scattered rows are the plan's problem where they take a third of its time, or come from outside.</summary>
    public const double AmplifiedShare = 1 / 3.0;

    /// <summary>A block for every row; a bitmap visits a page once, so that some share one.</summary>
    public const double BlocksPerRow = 0.9;

    /// <summary>Rows cannot be scattered more than one to a block; what is touched beyond is something else.</summary>
    public const double MoreThanScattered = 3;

    /// <summary>Rows found in one turn that could lie side by side.</summary>
    public const double RangeRows = 10;

    /// <summary>Less than a tenth of the pages is live rows.</summary>
    public const double LiveShare = 0.1;

    /// <summary>8 MB of table or index; a smaller one is read in a millisecond whatever it holds.</summary>
    public const double BloatedBlocks = 1000;

    /// <summary>Rows of the greatest width that TOAST leaves in a table fill a page by four; three leave room for one that was updated.</summary>
    public const double WidestRowsPerPage = 3;

    /// <summary>An index that was filled at random is two thirds full; five times fewer entries than fit are the work of deletions.</summary>
    public const double BloatFactor = 5;

    /// <summary>8 MB changed while reading; fewer blocks are a day's work of other sessions.</summary>
    public const double DirtiedBlocks = 1000;

    /// <summary>A load leaves every page to its first reader; fewer than a tenth is what updates leave behind.</summary>
    public const double DirtiedShare = 0.1;
}
