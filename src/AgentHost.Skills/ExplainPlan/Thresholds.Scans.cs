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
}
