namespace AgentHost.Skills.RecommendIndex.Search;

/// <summary>Whether a set of indexes is worth having beside another.</summary>
internal sealed class WorthRule(IReadOnlyList<AnalysedQuery> queries, double firstCost)
{
    /// <summary>An index must save this share of what the workload still costs …</summary>
    public const double WorkloadShare = 0.005;

    /// <summary>(and, lest it be lost in what was saved already, this share of what it cost at first) …</summary>
    private const double FirstShare = 0.0005;

    /// <summary>… or this share of a query …</summary>
    private const double QueryShare = 0.30;

    /// <summary>… that has this share of the workload's weight (or, where there are very many, half of what each has on average).</summary>
    private const double WeightShare = 0.01;

    /// <summary>A query of less weight that is fast already is left alone: in cost units a call (about five milliseconds).</summary>
    private const double RareSaving = 2_000;

    /// <summary>Nothing is recommended for a saving that is within the noise of the planner's own estimates: in cost units (about half a millisecond) …</summary>
    public const double LeastSaving = 60;

    /// <summary>… and as a share of the query that saves most.</summary>
    public const double LeastShare = 0.10;

    private readonly double weightThatMatters = Math.Min(WeightShare, 0.5 / Math.Max(1, queries.Count(q => q.Write is null))) * queries.Where(q => q.Write is null).Sum(q => q.Query.Weight);

    /// <summary>Whether a query feels the change from one cost to another.</summary>
    public static bool IsFelt(double old, double now) => old - now >= LeastSaving && old - now >= LeastShare * old;

    /// <summary>Whether a call gains so much from a set that somebody may be asked to create an extension for it.</summary>
    public static bool IsWorthAnExtension(Selection before, Selection after) => before.Plans.Zip(after.Plans).Any(p => p.First.Cost - p.Second.Cost >= 10 * LeastSaving);

    /// <summary>Whether a set may be worth having once what the workload suffers from most is mended.</summary>
    public bool IsPromising(Selection before, Selection after) => after.Cost < before.Cost && (IsWorth(before, after) || before.Cost - after.Cost >= FirstShare * firstCost);

    /// <summary>Whether the second set is worth having beside the first.</summary>
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
            var matters = queries[q].Query.Weight >= weightThatMatters;
            felt |= matters || old - now >= RareSaving;
            strong |= matters && old - now >= QueryShare * old;
        }
        return felt && (strong || (gain >= WorkloadShare * before.Cost && gain >= FirstShare * firstCost));
    }
}
