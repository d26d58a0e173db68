using System.Text.Json.Serialization;

namespace AgentHost.Skills.ExplainPlan;

/// <summary>What the planner says of a remedy, asked on a twin of the database.</summary>
/// <param name="Helps">Whether the query gets cheaper.</param>
/// <param name="Message">What was tried and what came of it, in a sentence.</param>
public sealed record RemedyCheck(bool Helps, string Message)
{
    /// <summary>The statement that creates the index, or the query written differently; absent where nothing helps.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Sql { get; init; }

    /// <summary>The planner's cost of the query as it is; absent where nothing helps.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? CostBefore { get; init; }

    /// <summary>The same with the remedy.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? CostAfter { get; init; }
}
