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

    /// <summary>The planner's total cost per loop, in its own units.</summary>
    public double TotalCost { get; init; }

    /// <summary>Rows given per loop; null without ANALYZE.</summary>
    public double? ActualRows { get; init; }

    /// <summary>How often the node ran, over all workers; 0 when it never ran, null without ANALYZE.</summary>
    public double? Loops { get; init; }

    /// <summary>Milliseconds per loop until the last row, children included; null without ANALYZE or with TIMING OFF.</summary>
    public double? ActualMs { get; init; }

    /// <summary>Rows that <see cref="Filter"/> discarded, per loop.</summary>
    public double RemovedByFilter { get; init; }

    /// <summary>Row pairs that <see cref="JoinFilter"/> discarded, per loop.</summary>
    public double RemovedByJoinFilter { get; init; }

    /// <summary>The condition on rows after they were fetched.</summary>
    public string? Filter { get; init; }

    /// <summary>The condition that the index answers.</summary>
    public string? IndexCond { get; init; }

    /// <summary>The part of a join condition that is tried on every pair of rows.</summary>
    public string? JoinFilter { get; init; }

    /// <summary>Every expression of the node, to see which parameters it uses.</summary>
    public ImmutableArray<string> Expressions { get; init; } = [];

    /// <summary>The sort's keys.</summary>
    public ImmutableArray<string> SortKey { get; init; } = [];

    /// <summary>KiB that sorts wrote to disk, the leader's and the workers' together; 0 when they stayed in memory.</summary>
    public double SortDiskKb { get; init; }

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
