using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace AgentHost.Skills.ExplainPlan;

/// <summary>What a plan has to do with an earlier one of the same query.</summary>
public sealed record PlanComparison
{
    /// <summary>How the plan compares with the earlier one.</summary>
    public required PlanTrend Verdict { get; init; }

    /// <summary>The earlier plan's figures.</summary>
    public required ExplainSummary Before { get; init; }

    /// <summary>Whether both have the same nodes, relations and indexes.</summary>
    public required bool IsSameShape { get; init; }

    /// <summary>What changed, what matters most first.</summary>
    public required ImmutableArray<PlanChange> Changes { get; init; }

    /// <summary>Problems that only the earlier plan has, by id and node.</summary>
    public required ImmutableArray<string> Gone { get; init; }

    /// <summary>Problems that the earlier plan has not, by id and node.</summary>
    public required ImmutableArray<string> Appeared { get; init; }

    /// <summary>Problems that both have, by id and node.</summary>
    public required ImmutableArray<string> Stayed { get; init; }

    /// <summary>What limits the comparison.</summary>
    public required ImmutableArray<string> Notes { get; init; }
}

/// <summary>How one plan compares with another.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PlanTrend>))]
public enum PlanTrend
{
    /// <summary>Within a fifth of each other, or within two milliseconds.</summary>
    [JsonStringEnumMemberName("same")] Same,

    /// <summary>The second is faster (cheaper where one was not run).</summary>
    [JsonStringEnumMemberName("faster")] Faster,

    /// <summary>The second is slower (dearer where one was not run).</summary>
    [JsonStringEnumMemberName("slower")] Slower,
}

/// <summary>One difference between two plans.</summary>
/// <param name="What">What changed, in a sentence.</param>
/// <param name="Why">Why it matters.</param>
public sealed record PlanChange(string What, string Why)
{
    /// <summary>The node in the first plan; absent where it has none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Before { get; init; }

    /// <summary>The node in the second plan; absent where it has none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? After { get; init; }

    /// <summary>Milliseconds of the node itself, or what it does for its join, less those before; absent where one was not timed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Milliseconds { get; init; }
}
