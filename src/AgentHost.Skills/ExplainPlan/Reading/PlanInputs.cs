namespace AgentHost.Skills.ExplainPlan.Reading;

/// <summary>Inputs that nodes cannot do without: in text and YAML, which have no closing brackets, fewer are the sign of a cut.</summary>
internal static class PlanInputs
{
    /// <summary>Whether the node has fewer inputs than its type needs.</summary>
    public static bool Missing(PlanGroup node) =>
        Needs(node.Text("Node Type") ?? "") is > 0 and var needs && node.Items("Plans").Count(p => p.Text("Parent Relationship") is not ("InitPlan" or "SubPlan")) < needs;

    /// <summary>Whether that is so of any node of the plan.</summary>
    public static bool MissingBelow(PlanGroup node) => Missing(node) || node.Items("Plans").Any(MissingBelow);

    private static int Needs(string type) => type switch
    {
        "Nested Loop" or "Hash Join" or "Merge Join" or "Recursive Union" => 2,
        "Hash" or "Sort" or "Incremental Sort" or "Gather" or "Gather Merge" or "Limit" or "Unique" or "Materialize" or "Memoize" or "WindowAgg" or "Aggregate" or "Group" or "LockRows" or "ProjectSet"
            or "Bitmap Heap Scan" or "Subquery Scan" or "SetOp" => 1,
        _ => 0,
    };
}
