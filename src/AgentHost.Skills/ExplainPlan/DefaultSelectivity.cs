using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace AgentHost.Skills.ExplainPlan;

/// <summary>Recognises the planner's fixed guesses for conditions about which it has no statistics.</summary>
internal static partial class DefaultSelectivity
{
    /// <summary>Rows of a function that says nothing about them (pg_proc.prorows by default).</summary>
    public const double FunctionRows = 1000;

    /// <summary>Distinct values of what nothing is known of (selfuncs.h, DEFAULT_NUM_DISTINCT).</summary>
    public const double Groups = 200;

    /// <summary>One in 200: equality with an unknown number of values, and patterns (selfuncs.h, DEFAULT_EQ_SEL, DEFAULT_MATCH_SEL).</summary>
    private const double Equality = 0.005;

    /// <summary>A third: a bound that is unknown or of an expression (selfuncs.h, DEFAULT_INEQ_SEL).</summary>
    private const double Bound = 1 / 3.0;

    /// <summary>The table may have grown this much since it was last counted.</summary>
    private const double Tolerance = 0.1;

    /// <summary>A third is met by chance more easily.</summary>
    private const double TightTolerance = 0.02;

    /// <summary>Whether a scan with only that condition was planned for exactly the default share of the rows that it read.</summary>
    public static bool IsAssumed(QueryPlan plan, PlanNode scan, FilterClause clause) =>
        PlannedShare(plan, scan) is { } share && IsNear(share / Values(clause), Equality, Tolerance);

    /// <summary>
    /// Whether a sequential scan was planned for exactly the default share of the rows that it read, and its conditions are such that the planner can know nothing:
    /// expressions, casts, or bounds that are not known at planning.
    /// </summary>
    public static bool IsAssumed(QueryPlan plan, PlanNode scan, ImmutableArray<FilterClause> clauses)
    {
        if (clauses.IsEmpty || scan.Type != "Seq Scan" || PlannedShare(plan, scan) is not { } share)
            return false;
        double assumed = 1;
        foreach (var clause in clauses)
        {
            if (Assumed(clause) is not { } one)
                return false;
            assumed *= one;
        }
        return IsNear(share, assumed, assumed >= 0.1 ? TightTolerance : Tolerance);
    }

    // A lower and an upper bound of the same unknown value are one guess of 0.5 % together and not a ninth; such pairs are left alone.
    private static double? Assumed(FilterClause clause) => clause.Kind switch
    {
        ClauseKind.Expression or ClauseKind.CastColumn => Compared().IsMatch(clause.Text) ? Bound : Equality * Values(clause),
        ClauseKind.Equality when clause.MayBeCast => Equality * Values(clause),
        ClauseKind.UnanchoredPattern when clause.MayBeCast || clause.Subject.Contains('(', StringComparison.Ordinal) => Equality,
        ClauseKind.Range when clause.MayBeCast || Unknown().IsMatch(clause.Text) => Bound,
        _ => null,
    };

    private static double? PlannedShare(QueryPlan plan, PlanNode scan)
    {
        var read = (scan.TotalRows + scan.TotalRemovedByFilter) / (scan.Loops ?? 1) * plan.Times.Processes(scan);
        return scan.PlanRows is { } planned && read > 0 ? planned * Divisor(plan, scan) / read : null;
    }

    private static bool IsNear(double share, double assumed, double tolerance) => share >= assumed * (1 - tolerance) && share <= assumed * (1 + tolerance);

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

    [GeneratedRegex(@"\) (<|>|<=|>=) |^[^=]* (<|>|<=|>=) ", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Compared();

    // A parameter of a generic plan, or a subquery's value.
    [GeneratedRegex(@"\$\d|\(InitPlan \d", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Unknown();
}
