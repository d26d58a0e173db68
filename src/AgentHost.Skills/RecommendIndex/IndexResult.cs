using System.Collections.Immutable;
using System.Text.Json.Serialization;
using AgentHost.Skills.RecommendIndex.Drops;
using AgentHost.Skills.RecommendIndex.Rewrites;
using AgentHost.Skills.RecommendIndex.Statistics;
using AgentHost.Skills.RecommendIndex.Workloads;

namespace AgentHost.Skills.RecommendIndex;

/// <summary>Which indexes a workload wants, which it could do without, and what could not be judged.</summary>
/// <param name="Recommendations">Indexes to create, the most useful first.</param>
/// <param name="Drops">Existing indexes that the database can do without, what is sure before what is asked.</param>
/// <param name="Workload">The workload's planner cost now and with all recommendations.</param>
public sealed record IndexResult(
    ImmutableArray<IndexRecommendation> Recommendations, ImmutableArray<IndexDrop> Drops, WorkloadCost Workload) : SkillResult
{
    /// <summary>Indexes that would be recommended, had not a decision in force rejected them.</summary>
    public ImmutableArray<WithheldIndex> Withheld { get; init; } = [];

    /// <summary>Indexes that the planner would have had, and that measuring found not worth having.</summary>
    public ImmutableArray<DisprovedIndex> Disproved { get; init; } = [];

    /// <summary>Queries that want to be written differently, since no index saves them as they are.</summary>
    public ImmutableArray<QueryRewrite> Rewrites { get; init; } = [];

    /// <summary>Statistics on columns that go together, where a logged run proves that the planner takes them for independent.</summary>
    public ImmutableArray<StatisticsObject> Statistics { get; init; } = [];

    /// <summary>Queries that were not judged, with the reason.</summary>
    public ImmutableArray<SkippedQuery> Skipped { get; init; } = [];

    /// <summary>Queries that still read a whole table for a condition that no priced kind of index serves.</summary>
    public ImmutableArray<UnpricedRead> Unpriced { get; init; } = [];

    /// <summary>Queries that cost ten times more with some of the values that were drawn for their parameters than with the others, all recommendations in place.</summary>
    public ImmutableArray<SkewedQuery> Skewed { get; init; } = [];

    /// <summary>Queries that would cost more with all recommendations than now.</summary>
    public ImmutableArray<QueryCost> Regressions { get; init; } = [];

    /// <summary>What limits the whole answer and what to do about it; absent where nothing does.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Notice { get; init; }
}

/// <summary>An index to create.</summary>
/// <param name="Sql">The statement to run, outside of a transaction.</param>
/// <param name="Table">The table, qualified with its schema.</param>
/// <param name="CostBefore">Weighted planner cost of <paramref name="Queries"/> now.</param>
/// <param name="CostAfter">The same with all recommendations in place.</param>
/// <param name="SizeBytes">Estimated size, in bytes.</param>
/// <param name="Queries">The queries whose plan uses it, in the workload's order.</param>
/// <param name="Why">The reason, with figures, in one or two sentences.</param>
public sealed record IndexRecommendation(
    string Sql, string Table, double CostBefore, double CostAfter, long SizeBytes, ImmutableArray<string> Queries, string Why)
{
    /// <summary>Statements to run before, for what the database lacks (<c>CREATE EXTENSION</c>).</summary>
    public ImmutableArray<string> Requires { get; init; } = [];

    /// <summary>Each of <see cref="Queries"/> with the cost of one call now and with all recommendations.</summary>
    public ImmutableArray<QueryCost> Costs { get; init; } = [];

    /// <summary>What keeping it costs the workload's writes, in planner units times weight.</summary>
    public double WriteCost { get; init; }

    /// <summary>Whether updates of the workload that needed no new index entries (HOT) will need them.</summary>
    public bool EndsHot { get; init; }

    /// <summary>Existing indexes that are needless once it is built.</summary>
    public ImmutableArray<string> Replaces { get; init; } = [];

    /// <summary>Whether it was measured: <c>measured</c>, or <c>unverified</c> where only the planner was asked.</summary>
    public string Verification { get; init; } = "unverified";

    /// <summary>What was measured on made-up rows; absent where nothing was.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public MeasuredIndex? Measured { get; init; }

    /// <summary>The page that the choice rests on.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Citation? Citation { get; init; }

    /// <summary>To decline it for good: one of the <c>rejects</c> of a decision. The figures tell later advice whether anything changed.</summary>
    public string Rejection { get; init; } = "";

    /// <summary>Why it is recommended although a decision rejected it; absent where none did.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Changed { get; init; }
}

/// <summary>An index that is not recommended, since measuring found it not worth having.</summary>
/// <param name="Index">The table and the keys.</param>
/// <param name="Why">Why not, with figures.</param>
public sealed record DisprovedIndex(string Index, string Why);

/// <summary>What measuring an index on made-up rows said.</summary>
/// <param name="GainMilliseconds">How much longer the workload takes without it, in milliseconds times weight.</param>
/// <param name="WriteMilliseconds">What keeping it costs the workload's writes, in the same unit.</param>
/// <param name="WalRatio">How much WAL a row's write has with it, as a multiple of that without.</param>
public sealed record MeasuredIndex(double GainMilliseconds, double WriteMilliseconds, double WalRatio);

/// <summary>What the planner says of one call of a query.</summary>
/// <param name="Query">Its name.</param>
/// <param name="Before">Its cost now.</param>
/// <param name="After">Its cost with all recommendations.</param>
public sealed record QueryCost(string Query, double Before, double After);

/// <summary>An index that a decision in force rejected.</summary>
/// <param name="Index">The table and the keys.</param>
/// <param name="RejectedBy">The decision's id.</param>
/// <param name="Title">Its title.</param>
/// <param name="Why">Why it still holds, with the figures of then and now.</param>
public sealed record WithheldIndex(string Index, string RejectedBy, string Title, string Why);

/// <summary>Planner cost of a workload: the sum over its priced queries of cost times weight.</summary>
/// <param name="CostBefore">With the existing indexes.</param>
/// <param name="CostAfter">With the recommended ones besides.</param>
/// <param name="Queries">How many queries were priced.</param>
public sealed record WorkloadCost(double CostBefore, double CostAfter, int Queries)
{
    /// <summary>How often the planner was asked for a plan.</summary>
    public int PlannerCalls { get; init; }
}

/// <summary>A query that was not judged.</summary>
/// <param name="Query">Its name.</param>
/// <param name="Reason">Why not.</param>
public sealed record SkippedQuery(string Query, string Reason);

/// <summary>A read of a whole table whose cause was not priced.</summary>
/// <param name="Query">The query's name.</param>
/// <param name="Table">The table, qualified with its schema.</param>
/// <param name="Why">The condition, and why nothing was priced for it.</param>
public sealed record UnpricedRead(string Query, string Table, string Why)
{
    /// <summary>An index to try on a copy; not a recommendation, since nobody priced it. Absent where a rewrite is the way.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Sql { get; init; }
}
