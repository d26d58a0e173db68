namespace AgentHost.Skills.RecommendIndex.Search;

/// <summary>Whether a set of indexes is worth having beside another.</summary>
internal sealed class WorthRule(IReadOnlyList<AnalysedQuery> queries, double firstCost)
{
    /// <summary>An index must save this share of the workload's cost …</summary>
    public const double WorkloadShare = 0.005;

    /// <summary>… or this share of a query …</summary>
    private const double QueryShare = 0.30;

    /// <summary>… that has this share of the workload's weight.</summary>
    private const double WeightShare = 0.01;

    /// <summary>Nothing is recommended for a saving that is within the noise of the planner's own estimates: in cost units (fewer are some pages, or a third of a millisecond) …</summary>
    public const double LeastSaving = 30;

    /// <summary>… and as a share of the query that saves most.</summary>
    public const double LeastShare = 0.10;

    private readonly double totalWeight = queries.Sum(q => q.Query.Weight);

    /// <summary>Whether a query feels the change from one cost to another.</summary>
    public static bool IsFelt(double old, double now) => old - now >= LeastSaving && old - now >= LeastShare * old;

    public bool IsWorth(Selection before, Selection after)
    {
        var gain = before.Cost - after.Cost;
        if (gain <= 0)
            return false;
        var (felt, strong) = (false, false);
        for (var q = 0; q < queries.Count; q++)
        {
            var (old, now) = (before.Plans[q].Cost, after.Plans[q].Cost);
            if (!IsFelt(old, now))
                continue;
            felt = true;
            strong |= old - now >= QueryShare * old && queries[q].Query.Weight >= WeightShare * totalWeight;
        }
        return felt && (strong || gain >= WorkloadShare * firstCost);
    }
}
