namespace AgentHost.Skills.ExplainPlan;

/// <summary>Recognises the planner's fixed guesses for conditions about which it has no statistics.</summary>
internal static class DefaultSelectivity
{
    /// <summary>One in 200: equality with an unknown number of values, and patterns (selfuncs.h, DEFAULT_NUM_DISTINCT, DEFAULT_MATCH_SEL).</summary>
    private const double Equality = 0.005;

    /// <summary>The table may have grown this much since it was last counted.</summary>
    private const double Tolerance = 0.1;

    /// <summary>Whether a scan with only that condition was planned for exactly the default share of the rows that it read.</summary>
    public static bool IsAssumed(QueryPlan plan, PlanNode scan, FilterClause clause)
    {
        var read = (scan.TotalRows + scan.TotalRemovedByFilter) / (scan.Loops ?? 1) * plan.Times.Processes(scan);
        if (scan.PlanRows is not { } planned || read <= 0)
            return false;
        var share = planned * Divisor(plan, scan) / read / Values(clause);
        return share is >= Equality * (1 - Tolerance) and <= Equality * (1 + Tolerance);
    }

    // What a parallel scan's estimate was divided by (costsize.c, get_parallel_divisor).
    private static double Divisor(QueryPlan plan, PlanNode scan)
    {
        if (!scan.ParallelAware)
            return 1;
        var workers = plan.AncestorsOf(scan).FirstOrDefault(a => a.Type is "Gather" or "Gather Merge")?.WorkersPlanned ?? 0;
        return workers + Math.Max(0, 1 - (0.3 * workers));
    }

    // = ANY ('{a,b,c}') is three guesses.
    private static int Values(FilterClause clause)
    {
        var list = clause.Text.IndexOf("= ANY ('{", StringComparison.Ordinal);
        return list < 0 ? 1 : 1 + clause.Text.AsSpan(list).Count(',');
    }
}
