namespace AgentHost.Skills.ExplainPlan;

/// <summary>For joins, sorts, groups, estimates and what surrounds the plan.</summary>
internal static partial class Thresholds
{
    /// <summary>A nested loop's price grows with its outer rows: five times as many turns are enough to make another join the better one.</summary>
    public const double LoopFactor = 5;

    /// <summary>What a wrong estimate made slower must be a tenth of the time: errors without a consequence are everywhere.</summary>
    public const double MisestimateShare = 0.1;

    /// <summary>Shares of independent columns multiply within the noise of a sample; a factor of five is dependence.</summary>
    public const double CorrelatedFactor = 5;

    /// <summary>A plain condition on a column with statistics is off by a hundred only where the data has changed since.</summary>
    public const double StaleFactor = 100;

    /// <summary>Batches are doubled; one doubling comes of the overhead that the planner forgets, two of rows or keys it did not foresee.</summary>
    public const double BatchesGrown = 4;

    /// <summary>A thousand blocks of 8 KiB, in KiB: less stays in the operating system's cache and costs next to nothing.</summary>
    public const double TempKb = 8000;

    /// <summary>Five times more rows in the hash than are looked up in it: the other way round it takes a fifth of the memory and most of the time less.</summary>
    public const double BuildFactor = 5;

    /// <summary>The share of work_mem from which on ordinary growth of the data sends a sort to disk.</summary>
    public const double NearSpill = 0.8;

    /// <summary>Sorting for a merge join below a third of the time would be paid by a hash join's building as well.</summary>
    public const double MergeSortShare = 0.3;

    /// <summary>A thousand lookups are about a millisecond.</summary>
    public const double MemoizeMisses = 1000;

    /// <summary>Remembering pays from a hit for ten misses on.</summary>
    public const double MemoizeUseless = 0.1;

    /// <summary>Compilation of a quarter of the time is seldom earned back by what is left.</summary>
    public const double JitShare = 0.25;

    /// <summary>Tables or partitions from which on planning is long for a reason that stays; the order of eight is searched in full (join_collapse_limit).</summary>
    public const int PlannedRelations = 8;

    /// <summary>KiB of memory: a statement over a table or two is planned in some tens, each partition takes one or two.</summary>
    public const double PlanningKb = 256;

    /// <summary>Joins whose order is searched; beyond join_collapse_limit (8) it is not.</summary>
    public const int PlannedJoins = 6;

    /// <summary>A millisecond of planning is felt by a statement that runs often.</summary>
    public const double PlanningMs = 1;

    /// <summary>Fewer tables than that are planned in a millisecond once the catalog is read; a first statement in a session takes some more.</summary>
    public const double PlanningOfFewMs = 25;

    /// <summary>An Append tells of partitions, of which most may have been pruned while planning.</summary>
    public const double PlanningOfPartitionsMs = 5;

    /// <summary>Half of the time in triggers of foreign keys.</summary>
    public const double TriggerShare = 0.5;

    /// <summary>A lookup by an index takes a hundredth of a millisecond; half a millisecond is ten thousand rows read.</summary>
    public const double TriggerCallMs = 0.25;

    /// <summary>The busiest process took three times as long as the others on average.</summary>
    public const double SkewFactor = 3;

    /// <summary>What an even share would have saved, of the whole: less is the noise of workers that start late.</summary>
    public const double SkewShare = 0.2;

    /// <summary>Workers start in some milliseconds, on a busy server in tens; a leader that is done before has not been left alone.</summary>
    public const double WorkerStartMs = 100;

    /// <summary>A quarter of the time spent on writing the result out.</summary>
    public const double SerializationShare = 0.25;

    /// <summary>A megabyte of result: less is a matter of a millisecond or two.</summary>
    public const double SerializationKb = 1024;

    /// <summary>Bytes of a row from which on values are stored apart and packed (TOAST_TUPLE_THRESHOLD).</summary>
    public const double ToastBytes = 2000;

    /// <summary>Ten rows made for one that is kept.</summary>
    public const double DistinctFactor = 10;

    /// <summary>Rows of a join for each row of the side that is kept; below it the duplicates were there before the join.</summary>
    public const double FanoutFactor = 3;

    /// <summary>The share of the whole that an impact is, 0 to 1.</summary>
    public static double ShareOf(this QueryPlan plan, double impact)
    {
        var whole = plan.Timed ? plan.ExecutionMs ?? plan.Times.Total(plan.Root) : plan.Times.SumOfSelf;
        return whole > 0 ? Math.Min(1, impact / whole) : 0;
    }
}
