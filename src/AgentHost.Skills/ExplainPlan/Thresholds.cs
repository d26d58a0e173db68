namespace AgentHost.Skills.ExplainPlan;

/// <summary>From where on something is worth a reader's time. Every figure has its reason.</summary>
internal static partial class Thresholds
{
    /// <summary>Below a twentieth of the time a cure is not noticed…</summary>
    public const double Share = 0.05;

    /// <summary>…unless it is long by itself: 10 ms is felt by a busy service whatever the rest of the query takes.</summary>
    public const double Milliseconds = 10;

    /// <summary>An index pays for itself where at most a tenth of the rows is kept; above that a sequential scan is often the better plan.</summary>
    public const double RemovedShare = 0.9;

    /// <summary>Ten thousand rows are read in about a millisecond: a smaller table needs no index.</summary>
    public const double RemovedRows = 10_000;

    /// <summary>An index that fetches eleven rows for one that is wanted lacks a column.</summary>
    public const double IndexRemovedPerKept = 10;

    /// <summary>A thousand needless row fetches are about a millisecond when cached and seconds when not.</summary>
    public const double IndexRemovedRows = 1000;

    /// <summary>A scan that is run again a hundred times is a lookup that lacks its index.</summary>
    public const double RepeatedLoops = 100;

    /// <summary>What takes half of the time is the plan's problem, whatever else it does.</summary>
    public const double Dominant = 0.5;

    /// <summary>Rows read over all repetitions; below it the repeated scan is of a handful of rows and as good as a lookup.</summary>
    public const double RepeatedRows = 100_000;

    /// <summary>Pairs compared in vain; a hundred thousand are about 10 ms.</summary>
    public const double JoinRemovedPairs = 100_000;

    /// <summary>Pairs compared in vain for each that joins.</summary>
    public const double JoinRemovedPerKept = 10;

    /// <summary>Batches are doubled: half as many rows again may take the next power of two, fewer are no reason.</summary>
    public const double HashRowsFactor = 1.5;

    /// <summary>Rows that a join without condition makes; a hundred thousand take about 10 ms.</summary>
    public const double ProductRows = 100_000;

    /// <summary>Fewer rows on a side are a list of parameters that is crossed on purpose.</summary>
    public const double ProductSide = 10;

    /// <summary>A planner's guess within a factor of ten seldom changes the plan's shape (the default of most analysers).</summary>
    public const double MisestimateFactor = 10;

    /// <summary>An error on fewer rows than this cannot cost anything by itself.</summary>
    public const double MisestimateRows = 1000;

    /// <summary>A nested loop planned for few rows hurts when it runs its inner side this often.</summary>
    public const double MisestimateLoops = 100;

    /// <summary>An Index Only Scan that visits the table for a tenth of its rows has lost its point.</summary>
    public const double HeapFetchShare = 0.1;

    /// <summary>Visits to the table below this are cheap whatever their share.</summary>
    public const double HeapFetches = 1000;

    /// <summary>A subquery that ran a thousand times is a join written as a loop.</summary>
    public const double SubplanLoops = 1000;

    /// <summary>Rows produced for each that a LIMIT lets out.</summary>
    public const double OffsetFactor = 100;

    /// <summary>Rows skipped; fewer are skipped in about a millisecond.</summary>
    public const double OffsetRows = 10_000;

    /// <summary>Rows thrown away for each that LIMIT returned: the index gives the order but not the filter.</summary>
    public const double OrderedScanRemovedPerKept = 100;

    /// <summary>Whether the time is worth a word.</summary>
    public static bool Matters(this QueryPlan plan, double impact)
    {
        if (plan.Timed)
            return impact >= Milliseconds || (plan.ExecutionMs is > 0 and var whole && impact >= Share * whole);
        return plan.Times.SumOfSelf > 0 && impact >= Share * plan.Times.SumOfSelf;
    }
}
