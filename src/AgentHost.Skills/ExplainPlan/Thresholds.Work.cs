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

    /// <summary>The share of the whole that an impact is, 0 to 1.</summary>
    public static double ShareOf(this QueryPlan plan, double impact)
    {
        var whole = plan.Timed ? plan.ExecutionMs ?? plan.Times.Total(plan.Root) : plan.Times.SumOfSelf;
        return whole > 0 ? Math.Min(1, impact / whole) : 0;
    }
}
