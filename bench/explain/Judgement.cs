using System.Collections.Immutable;
using AgentHost.Skills.ExplainPlan;

namespace AgentHost.Bench.Explain;

/// <summary>An answer held against a label. An id counts once a plan, at however many nodes it is named.</summary>
/// <param name="Plan">The plan with its label.</param>
/// <param name="Result">What was answered.</param>
/// <param name="Missed">Expected causes that were not named, by themselves or by an alternative.</param>
/// <param name="False">Ids that were named and are neither expected nor the alternative of something expected and not named itself.</param>
public sealed record Judgement(LabelledPlan Plan, ExplainResult Result, ImmutableArray<string> Missed, ImmutableArray<string> False)
{
    /// <summary>Expected causes that were named.</summary>
    public int Hits => Plan.Expect.Length - Missed.Length;

    /// <summary>Findings beyond the first of the same id.</summary>
    public int Repeated => Result.Problems.Length - Hits - False.Length;

    public bool Right => Missed.IsEmpty && False.IsEmpty;
}
