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
            var child = node.Children.Where(c => !c.IsInitPlan && !c.IsSubPlan).Concat(Stored(plan, node)).MaxBy(c => Error(plan, c, under));
            if (child is null || Error(plan, child, under) is var error && (error < 3 || error < ratio / 3))
                return Whole(plan, node);
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

    /// <summary>What a CTE Scan reads: the estimate is that of the CTE's own plan. A plan's nodes stand above those that read them, so a walk down ends.</summary>
    private static IEnumerable<PlanNode> Stored(QueryPlan plan, PlanNode node) => node is not { Type: "CTE Scan", Filter: null, CteName: { } name }
        ? []
        : plan.AncestorsOf(node).SelectMany(a => a.Children).Where(c => c.IsInitPlan && c.SubplanName == "CTE " + name).Take(1);

    /// <summary>A bitmap is a part of the scan that reads the rows: its condition stands there as a whole.</summary>
    private static PlanNode Whole(QueryPlan plan, PlanNode node)
    {
        while (node.Type is "Bitmap Index Scan" or "BitmapAnd" or "BitmapOr" && plan.ParentOf(node) is { } parent)
            node = parent;
        return node;
    }

    private static double Error(QueryPlan plan, PlanNode node, bool under) => Ratio(plan, node) is { } ratio ? under ? ratio : 1 / ratio : 0;
}
