using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace AgentHost.Skills.ExplainPlan;

/// <summary>One cause of lost time in a plan.</summary>
public sealed record PlanProblem
{
    /// <summary>The detector's id, as <c>sort-spill</c>; also the slug of its page.</summary>
    public required string Id { get; init; }

    /// <summary>Error where most of the time goes there (half or more), warning above a tenth, info below.</summary>
    public required Severity Severity { get; init; }

    /// <summary>The node, as <c>#4 Seq Scan on orders o</c>: its line in the plan and its title.</summary>
    public required string Node { get; init; }

    /// <summary>What happens there, with its figures.</summary>
    public required string Message { get; init; }

    /// <summary>The figures that the plan gives.</summary>
    public ImmutableArray<Evidence> Evidence { get; init; } = [];

    /// <summary>What to do about it.</summary>
    public required string Advice { get; init; }

    /// <summary>What the planner says of a remedy on a twin of the database; absent where none was at hand.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RemedyCheck? Remedy { get; init; }

    /// <summary>The page that explains it.</summary>
    public required Citation Citation { get; init; }

    /// <summary>The node's number in the plan.</summary>
    [JsonIgnore]
    public required int NodeNumber { get; init; }

    /// <summary>The share of the whole time (0–1) that the problem accounts for; of the estimated cost, or with COSTS OFF of the rows, where nothing was timed.</summary>
    public required double Share { get; init; }
}
