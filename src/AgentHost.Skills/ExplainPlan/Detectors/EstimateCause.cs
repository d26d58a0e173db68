using System.Collections.Immutable;
using System.Globalization;
using AgentHost.Sql;

namespace AgentHost.Skills.ExplainPlan.Detectors;

/// <summary>Why the estimate is wrong at the node where the error begins, and what mends it. The id says as much as the plan can tell.</summary>
/// <param name="Id">The problem that fits the cause best.</param>
/// <param name="Because">The cause in a clause, to follow the figures; may be empty.</param>
/// <param name="Advice">What mends it.</param>
internal sealed record EstimateCause(string Id, string Because, string Advice)
{
    public const string Correlated = "correlated-columns-underestimate", Stale = "stats-stale", Default = "default-selectivity", Under = "row-underestimate", Over = "row-overestimate";

    /// <summary>Whether the error is that of a join: what a scan is asked for comes from another one's rows.</summary>
    public bool OfJoin { get; init; }

    /// <summary>The cause at a node where an error begins, one that is too low (<paramref name="under"/>) or too high.</summary>
    public static EstimateCause Of(QueryPlan plan, PlanNode origin, bool under)
    {
        var other = under ? Under : Over;
        if (origin.Type == "Function Scan")
            return origin.PlanRows == DefaultSelectivity.FunctionRows && origin.Filter is null
                ? new(Default, "a function's rows are unknown, and 1,000 are assumed", Function(origin))
                : new(other, "", Function(origin));
        if (origin is { Type: "Aggregate" or "Group", GroupKey.Length: > 0, Filter: { } having })
            return new(Default, $"of what HAVING keeps nothing is known, and a fixed share of the groups is assumed ({PlanNames.Shorten(having, 80)})",
                "Store the groups that HAVING keeps in a temporary table, ANALYZE it, and join that; no statistics can foretell a sum.");
        if (origin is { Type: "Aggregate" or "Group" or "Unique", PlanRows: DefaultSelectivity.Groups })
            return new(Default, "nothing is known of the grouped expression, and 200 groups are assumed", Groups(plan, origin));
        if (origin.Relation is null)
            return new(other, "", "ANALYZE the joined tables; if the columns of the condition depend on each other, CREATE STATISTICS on them; a temporary table with ANALYZE breaks a chain of errors.") { OfJoin = origin.IsJoin };
        return OfScan(plan, origin, under, Conditions(origin));
    }

    /// <summary>How many times more, or fewer, rows came than planned.</summary>
    public static double Factor(PlanNode node)
    {
        var (planned, actual) = (Math.Max(1, node.PlanRows ?? 1), Math.Max(1, node.ActualRows ?? 1));
        return Math.Max(actual / planned, planned / actual);
    }

    /// <summary>The AND-ed conditions of a scan, those of its index among them.</summary>
    public static ImmutableArray<FilterClause> Conditions(PlanNode scan) =>
    [
        .. new[] { scan.Type == "Bitmap Heap Scan" ? scan.RecheckCond : scan.IndexCond, scan.Filter }.OfType<string>()
            .SelectMany(c => FilterClause.Split(c, scan.Alias)).DistinctBy(c => c.Text, StringComparer.Ordinal),
    ];

    private static EstimateCause OfScan(QueryPlan plan, PlanNode scan, bool under, ImmutableArray<FilterClause> clauses)
    {
        var table = PlanNames.Table(scan);
        if (clauses.FirstOrDefault(c => MentionsOthers(scan, c)) is { } lookup)
            return new(under ? Under : Over, "", $"the planner takes the average number of rows of {table} for a value of {lookup.Subject}, and these values have {(under ? "more" : "fewer")}. Find the value first and give it as a constant or "
                + $"parameter ({lookup.Subject} = '…' is looked up in the list of frequent values); fresh statistics help only where the average is wrong.") { OfJoin = true };
        if (DefaultSelectivity.IsAssumed(plan, scan, clauses))
            return new(Default, $"nothing is known of {PlanNames.Shorten(clauses[0].Text, 80)}, and a fixed share of the rows is assumed", Expression(scan, clauses));
        var equal = Columns(clauses.Where(c => c.Kind == ClauseKind.Equality));
        if (under && equal.Length >= 2 && EstimateCause.Factor(scan) >= Thresholds.CorrelatedFactor && clauses.All(HasStatistics))
            return new(Correlated, $"{string.Join(", ", equal)} depend on each other, and their shares were multiplied", Statistics(scan, equal));
        // What varies from turn to turn is no constant that statistics could have known.
        if (clauses.Length <= 1 && clauses.All(HasStatistics) && scan.Loops <= plan.Times.Processes(scan) && Factor(scan) >= Thresholds.StaleFactor)
            return new(Stale, clauses.Length == 0 ? "the table has changed since it was last counted" : $"one plain condition, {PlanNames.Shorten(clauses[0].Text, 80)}, is not off so far unless the data has changed since ANALYZE",
                $"ANALYZE {table}; where it changes so fast that this happens again: ALTER TABLE {table} SET (autovacuum_analyze_scale_factor = 0.01), or ANALYZE at the end of each load.");
        var columns = Columns(clauses.Where(c => c.Kind is ClauseKind.Equality or ClauseKind.Range or ClauseKind.NullTest));
        return new(under ? Under : Over, "", columns.Length >= 2
            ? $"ANALYZE {table}; if it stays, the columns depend on each other: {Statistics(scan, columns)}"
            : $"ANALYZE {table}; if it stays: ALTER TABLE {table} ALTER COLUMN {(columns.Length == 1 ? columns[0] : "…")} SET STATISTICS 1000 and ANALYZE again, or statistics on the expression.");
    }

    private static bool MentionsOthers(PlanNode scan, FilterClause clause) => scan.Alias is { } alias && FilterClause.Qualifiers(clause.Text).Any(q => q.Length > 0 && q != alias);

    // Of an expression, a cast or a pattern nothing may be known: then the error is no sign of dependence or age.
    private static bool HasStatistics(FilterClause clause) => clause.Kind is ClauseKind.Equality or ClauseKind.Range or ClauseKind.NullTest;

    private static ImmutableArray<string> Columns(IEnumerable<FilterClause> clauses) =>
        [.. clauses.Where(c => c.Subject.Length > 0).OrderBy(c => c.Kind).Select(c => c.Subject).Distinct(StringComparer.Ordinal)];

    private static string Statistics(PlanNode scan, ImmutableArray<string> columns)
    {
        const int MostColumns = 8; // STATS_MAX_DIMENSIONS
        const int LongestName = 63;
        var table = PlanNames.Table(scan);
        var name = string.Join('_', columns.Take(MostColumns).Prepend(scan.Relation!).Select(c => c.Trim('"')));
        return $"CREATE STATISTICS {SqlIdentifier.Quote(name.Length <= LongestName ? name : name[..LongestName])} (dependencies, mcv) ON {string.Join(", ", columns.Take(MostColumns))} FROM {table}; ANALYZE {table};";
    }

    private static string Expression(PlanNode scan, ImmutableArray<FilterClause> clauses)
    {
        var table = PlanNames.Table(scan);
        if (clauses.FirstOrDefault(c => c.Kind == ClauseKind.Expression) is { } clause)
            return $"CREATE STATISTICS {SqlIdentifier.Quote(scan.Relation + "_expression")} ON ({PlanNames.Shorten(clause.Subject)}) FROM {table}; ANALYZE {table}; (since version 14; before, an index on the expression), or write the condition on the bare column, which has statistics.";
        return clauses.Any(c => c.MayBeCast || c.Kind == ClauseKind.CastColumn)
            ? $"Compare {clauses[0].Subject} with a value of its own type; if it is none that was cast, it was never analyzed: ANALYZE {table}."
            : $"ANALYZE {table} if it never was; where the value is a parameter or a subquery's, plan with the value at hand: plan_cache_mode = force_custom_plan, or the value fetched first.";
    }

    private static string Groups(QueryPlan plan, PlanNode grouping)
    {
        var scan = plan.Subtree(grouping).FirstOrDefault(n => n.Relation is not null);
        var key = grouping.GroupKey.FirstOrDefault(k => k.Contains('(', StringComparison.Ordinal));
        return scan is null || key is null
            ? "Store the grouped rows in a temporary table and ANALYZE it before it is joined."
            : $"CREATE STATISTICS {SqlIdentifier.Quote(scan.Relation + "_groups")} ON ({PlanNames.Shorten(key)}) FROM {PlanNames.Table(scan)}; ANALYZE {PlanNames.Table(scan)}; (since version 14).";
    }

    private static string Function(PlanNode scan)
    {
        var rows = Math.Max(1, scan.ActualRows ?? 1).ToString("0", CultureInfo.InvariantCulture);
        var function = scan.Function ?? "…";
        return BuiltIn(function)
            ? $"{function}() is PostgreSQL's own, and its guess is fixed: store its rows in a temporary table and ANALYZE that, or wrap it in a function declared ROWS {rows}."
            : $"Tell the planner how many rows the function gives: ALTER FUNCTION {function} ROWS {rows}; a temporary table with ANALYZE where it varies.";
    }

    private static bool BuiltIn(string function) =>
        function.StartsWith("json", StringComparison.Ordinal) || function.StartsWith("regexp_", StringComparison.Ordinal)
        || function is "unnest" or "string_to_table" or "generate_series" or "generate_subscripts" || function.StartsWith("pg_", StringComparison.Ordinal);
}
