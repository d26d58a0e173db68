using System.Collections.Immutable;

namespace AgentHost.Skills.ExplainPlan;

/// <summary>
/// One node of a plan, as EXPLAIN (FORMAT JSON) tells it. Counts that EXPLAIN gives per loop stay per loop here and have a
/// companion that is multiplied out (<see cref="TotalRows"/>, <see cref="TotalRemovedByFilter"/>): PostgreSQL 18 has fractions,
/// older versions round to whole rows per loop.
/// </summary>
public sealed record PlanNode
{
    /// <summary>The node's place in the plan, counted from 1 from top to bottom as EXPLAIN prints it.</summary>
    public required int Number { get; init; }

    /// <summary>The parent's <see cref="Number"/>, 0 for the root.</summary>
    public required int Parent { get; init; }

    /// <summary>PostgreSQL's name of the node, as <c>Seq Scan</c>, <c>Hash Join</c>, <c>Aggregate</c>.</summary>
    public required string Type { get; init; }

    /// <summary><c>Outer</c>, <c>Inner</c>, <c>Member</c>, <c>Subquery</c>, <c>InitPlan</c>, <c>SubPlan</c>; null for the root.</summary>
    public string? Relationship { get; init; }

    /// <summary>The name of an InitPlan, SubPlan or CTE, as <c>CTE recent</c> or <c>InitPlan 1 (returns $0)</c>.</summary>
    public string? SubplanName { get; init; }

    /// <summary>The schema of the relation; only with VERBOSE.</summary>
    public string? Schema { get; init; }

    /// <summary>The relation that is scanned or changed.</summary>
    public string? Relation { get; init; }

    /// <summary>The relation's alias in the query.</summary>
    public string? Alias { get; init; }

    /// <summary>The index that is used.</summary>
    public string? Index { get; init; }

    /// <summary>The CTE that a CTE Scan reads.</summary>
    public string? CteName { get; init; }

    /// <summary>The function that a Function Scan calls.</summary>
    public string? Function { get; init; }

    /// <summary><c>Inner</c>, <c>Left</c>, <c>Semi</c>, … of a join.</summary>
    public string? JoinType { get; init; }

    /// <summary><c>Plain</c>, <c>Sorted</c>, <c>Hashed</c> or <c>Mixed</c> of an aggregate.</summary>
    public string? Strategy { get; init; }

    /// <summary><c>Simple</c>, <c>Partial</c> or <c>Finalize</c> of an aggregate.</summary>
    public string? PartialMode { get; init; }

    /// <summary><c>Insert</c>, <c>Update</c>, <c>Delete</c> or <c>Merge</c> of a ModifyTable.</summary>
    public string? Operation { get; init; }

    /// <summary>Whether workers share the node's work (printed as <c>Parallel Seq Scan</c>).</summary>
    public bool ParallelAware { get; init; }

    /// <summary>Whether an index is walked from its end.</summary>
    public bool Backward { get; init; }

    /// <summary>Rows that the planner expected per loop; null with COSTS OFF.</summary>
    public double? PlanRows { get; init; }

    /// <summary>The planner's cost per loop until the first row, in its own units.</summary>
    public double StartupCost { get; init; }

    /// <summary>The planner's total cost per loop, in its own units.</summary>
    public double TotalCost { get; init; }

    /// <summary>Bytes of an average row, as the planner expects it.</summary>
    public double Width { get; init; }

    /// <summary>Whether a setting forbade it (enable_… off), from version 18 on.</summary>
    public bool Disabled { get; init; }

    /// <summary>Rows given per loop; null without ANALYZE.</summary>
    public double? ActualRows { get; init; }

    /// <summary>How often the node ran, over all workers; 0 when it never ran, null without ANALYZE.</summary>
    public double? Loops { get; init; }

    /// <summary>Milliseconds per loop until the first row; null without ANALYZE or with TIMING OFF.</summary>
    public double? StartupMs { get; init; }

    /// <summary>Milliseconds per loop until the last row, children included; null without ANALYZE or with TIMING OFF.</summary>
    public double? ActualMs { get; init; }

    /// <summary>Rows that <see cref="Filter"/> discarded, per loop.</summary>
    public double RemovedByFilter { get; init; }

    /// <summary>Row pairs that <see cref="JoinFilter"/> discarded, per loop.</summary>
    public double RemovedByJoinFilter { get; init; }

    /// <summary>Rows of a lossy page or operator that the condition, tried again, discarded; per loop.</summary>
    public double RemovedByRecheck { get; init; }

    /// <summary>The condition on rows after they were fetched.</summary>
    public string? Filter { get; init; }

    /// <summary>The condition that the index answers.</summary>
    public string? IndexCond { get; init; }

    /// <summary>The condition that is tried again on rows of lossy pages or operators.</summary>
    public string? RecheckCond { get; init; }

    /// <summary>The condition that a hash join's table answers.</summary>
    public string? HashCond { get; init; }

    /// <summary>The condition by which a merge join's inputs are ordered.</summary>
    public string? MergeCond { get; init; }

    /// <summary>The condition of a Result that is decided once, before any row.</summary>
    public string? OneTimeFilter { get; init; }

    /// <summary>The condition that ends a WindowAgg early, from version 15 on.</summary>
    public string? RunCondition { get; init; }

    /// <summary>The keys of a Memoize.</summary>
    public string? CacheKey { get; init; }

    /// <summary>The order that an index gives by distance.</summary>
    public string? OrderBy { get; init; }

    /// <summary>The part of a join condition that is tried on every pair of rows.</summary>
    public string? JoinFilter { get; init; }

    /// <summary>Every expression of the node, to see which parameters it uses.</summary>
    public ImmutableArray<string> Expressions { get; init; } = [];

    /// <summary>The columns and expressions that the node gives; only with VERBOSE.</summary>
    public ImmutableArray<string> Output { get; init; } = [];

    /// <summary>The keys of a grouping.</summary>
    public ImmutableArray<string> GroupKey { get; init; } = [];

    /// <summary>The keys by which an Incremental Sort's input is ordered already.</summary>
    public ImmutableArray<string> PresortedKey { get; init; } = [];

    /// <summary>The sort's keys.</summary>
    public ImmutableArray<string> SortKey { get; init; } = [];

    /// <summary>KiB that sorts wrote to disk, the leader's and the workers' together; 0 when they stayed in memory.</summary>
    public double SortDiskKb { get; init; }

    /// <summary>How a sort was done, as <c>quicksort</c>, <c>top-N heapsort</c>, <c>external merge</c>.</summary>
    public string? SortMethod { get; init; }

    /// <summary>KiB of memory that a sort used, the largest process's; 0 where it went to disk.</summary>
    public double SortMemoryKb { get; init; }

    /// <summary>Where a Material, WindowAgg or CTE Scan kept its rows: <c>Memory</c> or <c>Disk</c>; from version 17 or 18 on.</summary>
    public string? Storage { get; init; }

    /// <summary>KiB that were kept so at most.</summary>
    public double StorageKb { get; init; }

    /// <summary>Batches of a Hash; 1 when it fitted in memory, 0 when this is no Hash.</summary>
    public double HashBatches { get; init; }

    /// <summary>Batches that the planner had foreseen.</summary>
    public double OriginalHashBatches { get; init; }

    /// <summary>Batches of a hashed aggregate, the worst process's; 0 or 1 when it fitted in memory.</summary>
    public double AggregateBatches { get; init; }

    /// <summary>Peak memory of a hash table in KiB, the largest process's.</summary>
    public double PeakMemoryKb { get; init; }

    /// <summary>KiB that a hashed aggregate wrote to disk, all processes together.</summary>
    public double DiskUsageKb { get; init; }

    /// <summary>Pages of a bitmap that told the row, over all loops and processes.</summary>
    public double ExactHeapBlocks { get; init; }

    /// <summary>Pages of a bitmap of which it was only known that something is there, over all loops and processes.</summary>
    public double LossyHeapBlocks { get; init; }

    /// <summary>How often an index was descended, over all loops; from version 18 on, null before.</summary>
    public double? IndexSearches { get; init; }

    /// <summary>Results that a Memoize gave from memory, over all processes.</summary>
    public double CacheHits { get; init; }

    /// <summary>Results that a Memoize had to fetch.</summary>
    public double CacheMisses { get; init; }

    /// <summary>Results that a Memoize forgot for want of memory.</summary>
    public double CacheEvictions { get; init; }

    /// <summary>Results too large for a Memoize.</summary>
    public double CacheOverflows { get; init; }

    /// <summary>Members of an Append that were pruned before it started.</summary>
    public double SubplansRemoved { get; init; }

    /// <summary>What each worker did; only with VERBOSE.</summary>
    public ImmutableArray<PlanWorker> Workers { get; init; } = [];

    /// <summary>Table rows that an Index Only Scan had to visit, over all loops.</summary>
    public double HeapFetches { get; init; }

    /// <summary>Workers that a Gather asked for.</summary>
    public int WorkersPlanned { get; init; }

    /// <summary>Workers that a Gather was given.</summary>
    public int WorkersLaunched { get; init; }

    /// <summary>Blocks touched here and below; null without BUFFERS.</summary>
    public PlanBuffers? Buffers { get; init; }

    /// <summary>The nodes below, in EXPLAIN's order.</summary>
    public ImmutableArray<PlanNode> Children { get; init; } = [];

    /// <summary>Whether it ran at least once.</summary>
    public bool Executed => Loops > 0;

    /// <summary>Rows given over all loops.</summary>
    public double TotalRows => (ActualRows ?? 0) * (Loops ?? 0);

    /// <summary>Rows that the filter discarded over all loops.</summary>
    public double TotalRemovedByFilter => RemovedByFilter * (Loops ?? 0);

    /// <summary>Whether this is a plan that somebody else runs (InitPlan or CTE), not a step of its parent.</summary>
    public bool IsInitPlan => Relationship == "InitPlan";

    /// <summary>Whether this is run for an expression of its parent.</summary>
    public bool IsSubPlan => Relationship == "SubPlan";

    /// <summary>Whether it joins two inputs.</summary>
    public bool IsJoin => Type is "Nested Loop" or "Hash Join" or "Merge Join";

    /// <summary>The input that drives a join, or the only input.</summary>
    public PlanNode? Outer => Children.FirstOrDefault(c => c.Relationship is "Outer" or "Subquery");

    /// <summary>The input that is looked up by a join.</summary>
    public PlanNode? Inner => Children.FirstOrDefault(c => c.Relationship == "Inner");

    /// <summary>How EXPLAIN's text form names the node, as <c>Parallel Seq Scan on orders o</c>.</summary>
    public string Title => PlanNodeTitle.Of(this);

    /// <summary>Number and title, as <c>#4 Seq Scan on orders o</c>.</summary>
    public string Label => $"#{Number} {Title}";
}
