namespace AgentHost.Skills.ExplainPlan.Detectors;

/// <summary>
/// A wrong estimate that led to a wrong plan. The error is named once, where it begins, by the id that says most about its cause; the loops and tables that
/// suffer from it are told in the message.
/// </summary>
internal abstract class EstimateDetector : IPlanDetector
{
    public abstract string Id { get; }

    public IEnumerable<Suspicion> Detect(QueryPlan plan) => plan.Estimated
        ? LoopsTooMany.Of(plan).Concat(ReadsInVain.Of(plan)).Concat(ScansMischosen.Of(plan)).Where(s => s.Id == Id)
        : [];
}

/// <summary>The planner multiplied the shares of columns that depend on each other.</summary>
internal sealed class CorrelatedColumnsUnderestimate : EstimateDetector
{
    public override string Id => EstimateCause.Correlated;
}

/// <summary>One plain condition is off by far: the table has changed since it was analyzed.</summary>
internal sealed class StatsStale : EstimateDetector
{
    public override string Id => EstimateCause.Stale;
}

/// <summary>The planner knew nothing and took its fixed guess.</summary>
internal sealed class DefaultGuess : EstimateDetector
{
    public override string Id => EstimateCause.Default;
}

/// <summary>A loop was planned for a few rows, many came, and no single scan is to blame.</summary>
internal sealed class NestedLoopMisestimate : EstimateDetector
{
    public override string Id => LoopsTooMany.LoopId;
}

/// <summary>A nested loop was planned for a few rows of a scan, and many came.</summary>
internal sealed class RowUnderestimate : EstimateDetector
{
    public override string Id => EstimateCause.Under;
}

/// <summary>A hash or merge join read a whole table because many rows were expected on its other side, and few came.</summary>
internal sealed class RowOverestimate : EstimateDetector
{
    public override string Id => EstimateCause.Over;
}
