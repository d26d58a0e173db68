using System.Collections.Immutable;

namespace AgentHost.Skills.ExplainPlan.Detectors;

/// <summary>How far estimates are off, and where an error begins: what is above it only repeats it.</summary>
internal static class Misestimate
{
    /// <summary>Rows per loop divided by the estimate, both at least one row; null where the comparison means nothing.</summary>
    public static double? Ratio(QueryPlan plan, PlanNode node)
    {
        // Bitmap And/Or report no rows. Inner inputs of a merge join are read again for duplicates, rows counted anew.
        if (!node.Executed || node.ActualRows is null || node.PlanRows is null || node.Type is "BitmapAnd" or "BitmapOr" or "ModifyTable"
            || (node.Relationship == "Inner" && plan.ParentOf(node)?.Type == "Merge Join"))
            return null;
        return Math.Max(1, node.ActualRows.Value) / Math.Max(1, node.PlanRows.Value);
    }

    /// <summary>The lowest node that explains the node's error.</summary>
    public static PlanNode Origin(QueryPlan plan, PlanNode node, bool under)
    {
        var ratio = Error(plan, node, under);
        while (true)
        {
            // A child explains its parent where it is off by at least a third as much: joins multiply small remainders.
            var child = node.Children.Where(c => !c.IsInitPlan && !c.IsSubPlan).MaxBy(c => Error(plan, c, under));
            if (child is null || Error(plan, child, under) is var error && (error < 3 || error < ratio / 3))
                return node;
            node = child;
            ratio = error;
        }
    }

    /// <summary>Whether rows were not asked for to the end, so that fewer than estimated say nothing.</summary>
    public static bool StoppedEarly(QueryPlan plan, PlanNode node)
    {
        var below = node;
        foreach (var above in plan.AncestorsOf(node))
        {
            if (above.Type is "Limit" || (above.Type == "Merge Join") || (above.Type == "Nested Loop" && above.JoinType is "Semi" or "Anti" && below.Relationship == "Inner"))
                return true;
            if (above.Type is "Sort" or "Hash" or "Aggregate" or "WindowAgg" || below.IsInitPlan || below.IsSubPlan)
                return below.IsSubPlan;
            below = above;
        }
        return false;
    }

    public static string Advise(PlanNode origin)
    {
        if (origin.Type == "Function Scan")
            return $"Tell the planner how many rows the function gives: ALTER FUNCTION {origin.Function ?? "…"} ROWS {Math.Max(1, origin.ActualRows ?? 1):0}.";
        if (origin.Relation is null)
            return "ANALYZE the joined tables; if the columns of the condition depend on each other, CREATE STATISTICS on them; a temporary table with ANALYZE breaks a chain of errors.";
        var columns = FilterClause.Split(origin.Filter ?? origin.IndexCond ?? "", origin.Alias).Concat(FilterClause.Split(origin.IndexCond ?? "", origin.Alias))
            .Where(c => c.Subject.Length > 0 && c.Kind is ClauseKind.Equality or ClauseKind.Range or ClauseKind.NullTest).OrderBy(c => c.Kind).Select(c => c.Subject)
            .Distinct(StringComparer.Ordinal).ToImmutableArray();
        var table = PlanNames.Table(origin);
        return columns.Length >= 2
            ? $"ANALYZE {table}; if it stays, the columns depend on each other: CREATE STATISTICS ON {string.Join(", ", columns.Take(8))} FROM {table}; ANALYZE {table}."
            : $"ANALYZE {table}; if it stays: ALTER TABLE {table} ALTER COLUMN {(columns.Length == 1 ? columns[0] : "…")} SET STATISTICS 1000 and ANALYZE again, or statistics on the expression.";
    }

    private static double Error(QueryPlan plan, PlanNode node, bool under) => Ratio(plan, node) is { } ratio ? under ? ratio : 1 / ratio : 0;
}
