using System.Collections.Immutable;

namespace AgentHost.Skills.ExplainPlan.Detectors;

/// <summary>What scans read, and what is better where they read less.</summary>
internal static class Reading
{
    private static readonly ImmutableArray<string> Costs = ["cold-cache", "read-amplification", "dirtied-by-select", "table-bloat", "disabled-node"];

    /// <summary>Findings about the price of the blocks: at a scan that need not read them, they are no news.</summary>
    public static ImmutableHashSet<(string Id, int Node)> Echoes(QueryPlan plan, PlanNode node) =>
        [.. plan.Subtree(node).SelectMany(n => Costs.Select(id => (id, n.Number)))];

    /// <summary>Blocks that the node itself touched, over all loops and processes; null without BUFFERS.</summary>
    public static PlanBuffers? Own(PlanNode node)
    {
        if (node.Buffers is not { } own)
            return null;
        foreach (var child in node.Children)
        {
            if (child.Buffers is not { } below)
                continue;
            own = new PlanBuffers(
                Math.Max(0, own.SharedHit - below.SharedHit), Math.Max(0, own.SharedRead - below.SharedRead), Math.Max(0, own.SharedDirtied - below.SharedDirtied),
                Math.Max(0, own.SharedWritten - below.SharedWritten), Math.Max(0, own.TempRead - below.TempRead), Math.Max(0, own.TempWritten - below.TempWritten))
            {
                ReadMs = Math.Max(0, own.ReadMs - below.ReadMs),
                WriteMs = Math.Max(0, own.WriteMs - below.WriteMs),
                TempMs = Math.Max(0, own.TempMs - below.TempMs),
            };
        }
        return own;
    }

    /// <summary>The index that a bitmap came from, or the scan's own.</summary>
    public static string IndexOf(QueryPlan plan, PlanNode node) => plan.Subtree(node).FirstOrDefault(n => n.Index is not null)?.Index ?? "the index";
}
