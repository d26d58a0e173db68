using System.Text;

namespace AgentHost.Skills.ExplainPlan;

/// <summary>Names nodes as EXPLAIN's text form does (<c>ExplainNode</c> in PostgreSQL's explain.c).</summary>
internal static class PlanNodeTitle
{
    public static string Of(PlanNode node)
    {
        var title = new StringBuilder(node.ParallelAware ? "Parallel " : "").Append(Operation(node));
        if (node.Backward && node.Index is not null)
            title.Append(" Backward");
        if (node.Index is { } index)
            title.Append(node.Type == "Bitmap Index Scan" ? " on " : " using ").Append(index);
        if ((node.Relation ?? node.CteName ?? node.Function) is { } relation)
        {
            title.Append(" on ").Append(relation);
            if (node.Alias is { } alias && alias != relation)
                title.Append(' ').Append(alias);
        }
        else if (node.Alias is { } alias && node.Type != "Bitmap Index Scan")
        {
            title.Append(" on ").Append(alias);
        }
        return title.ToString();
    }

    private static string Operation(PlanNode node) => node.Type switch
    {
        "Aggregate" => Partial(node) + node.Strategy switch
        {
            "Hashed" => "HashAggregate",
            "Sorted" => "GroupAggregate",
            "Mixed" => "MixedAggregate",
            _ => "Aggregate",
        },
        "ModifyTable" => node.Operation ?? "ModifyTable",
        "SetOp" => node.Strategy == "Hashed" ? "HashSetOp" : "SetOp",
        "Nested Loop" => node.JoinType is null or "Inner" ? "Nested Loop" : $"Nested Loop {node.JoinType} Join",
        "Hash Join" => node.JoinType is null or "Inner" ? "Hash Join" : $"Hash {node.JoinType} Join",
        "Merge Join" => node.JoinType is null or "Inner" ? "Merge Join" : $"Merge {node.JoinType} Join",
        _ => node.Type,
    };

    private static string Partial(PlanNode node) => node.PartialMode is null or "Simple" ? "" : node.PartialMode + " ";
}
