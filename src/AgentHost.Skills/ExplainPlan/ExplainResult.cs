using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace AgentHost.Skills.ExplainPlan;

/// <summary>What was found in a plan.</summary>
public sealed record ExplainResult : SkillResult
{
    /// <summary>The plan in a few figures.</summary>
    public required ExplainSummary Summary { get; init; }

    /// <summary>The causes of lost time, costliest first; empty for a healthy plan.</summary>
    public required ImmutableArray<PlanProblem> Problems { get; init; }

    /// <summary>What an earlier plan of the same query has to do with this one; absent where none is known or nothing differs.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public EarlierPlan? Earlier { get; init; }

    /// <summary>What changed since the plan that was given to compare with; absent where none was.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PlanComparison? Comparison { get; init; }

    /// <summary>By what the query and its plan are known again.</summary>
    [JsonIgnore]
    public required PlanIdentity Identity { get; init; }

    /// <summary>The plan itself, for drawing it.</summary>
    [JsonIgnore]
    public required QueryPlan Plan { get; init; }
}

/// <summary>How a plan is judged.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PlanVerdict>))]
public enum PlanVerdict
{
    /// <summary>It was run and nothing in it is worth a word.</summary>
    [JsonStringEnumMemberName("healthy")]
    Healthy,

    /// <summary>It has problems.</summary>
    [JsonStringEnumMemberName("problems")]
    Problems,

    /// <summary>It was never run (no ANALYZE): estimates alone cannot show a problem.</summary>
    [JsonStringEnumMemberName("estimatesOnly")]
    EstimatesOnly,

    /// <summary>It is cut off or damaged, and nothing was found in what is there.</summary>
    [JsonStringEnumMemberName("incomplete")]
    Incomplete,
}

/// <summary>A plan in a few figures.</summary>
public sealed record ExplainSummary
{
    /// <summary>How the plan is judged.</summary>
    public required PlanVerdict Verdict { get; init; }

    /// <summary>Milliseconds of execution; absent where nothing was timed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? ExecutionMs { get; init; }

    /// <summary>Milliseconds of planning.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? PlanningMs { get; init; }

    /// <summary>Milliseconds of just-in-time compilation, where there was any.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? JitMs { get; init; }

    /// <summary>Milliseconds in triggers, where there were any.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? TriggerMs { get; init; }

    /// <summary>Rows of the result; expected rows where the plan was not run; absent where it tells neither.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Rows { get; init; }

    /// <summary>The planner's cost of the whole, in its own units; absent with COSTS OFF.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Cost { get; init; }

    /// <summary>Nodes in the plan.</summary>
    public required int Nodes { get; init; }

    /// <summary>Blocks of 8 KiB touched by the whole; absent without BUFFERS.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PlanBuffers? Buffers { get; init; }

    /// <summary>The nodes that took the most time by themselves, at most three.</summary>
    public required ImmutableArray<HotNode> HotNodes { get; init; }

    /// <summary>Planner settings that differ from the default.</summary>
    public required ImmutableSortedDictionary<string, string> Settings { get; init; }

    /// <summary>What was left out, and what a better input would have shown.</summary>
    public required ImmutableArray<string> Notes { get; init; }
}

/// <summary>A node that took much time by itself.</summary>
/// <param name="Node">The node, as <c>#4 Seq Scan on orders o</c>.</param>
/// <param name="SelfMs">Milliseconds without the nodes below; absent where nothing was timed.</param>
/// <param name="Share">Its share of the whole, 0–1; of the estimated cost (with COSTS OFF: of the rows) where nothing was timed.</param>
public sealed record HotNode(
    string Node,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? SelfMs,
    double Share)
{
    /// <summary>Rows that came for each that was expected, where that is twice or half and more: 40 is forty times more, 0.1 ten times fewer.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? RowsPerExpected { get; init; }

    /// <summary>Bytes of blocks that the node itself touched, in shared buffers, on disk and in temporary files; absent without BUFFERS.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Bytes { get; init; }
}
