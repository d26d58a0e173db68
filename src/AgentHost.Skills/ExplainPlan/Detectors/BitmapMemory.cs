using System.Globalization;

namespace AgentHost.Skills.ExplainPlan.Detectors;

/// <summary>How many pages a bitmap remembers exactly (tidbitmap.c).</summary>
internal static class BitmapMemory
{
    // PagetableEntry and its place in the hash table (tbm_calculate_entries).
    private const double BytesPerPage = 64;
    private const double DefaultKb = 4096;

    /// <summary>Whether pages became lossy for want of memory: a BRIN index gives whole ranges of pages, and no setting mends that.</summary>
    public static bool RanOut(QueryPlan plan, PlanNode heap)
    {
        if (heap.LossyHeapBlocks <= 0)
            return false;
        var turns = Math.Max(1, (heap.Loops ?? 1) / plan.Times.Processes(heap));
        return heap.ExactHeapBlocks > 0 || (heap.ExactHeapBlocks + heap.LossyHeapBlocks) / turns * BytesPerPage > WorkMemKb(plan) * 1024;
    }

    /// <summary>The work_mem in MB that holds the pages of one turn; twice what is exact, as the parts of an OR or AND are held side by side.</summary>
    public static double NeededMb(QueryPlan plan, PlanNode heap)
    {
        var turns = Math.Max(1, (heap.Loops ?? 1) / plan.Times.Processes(heap));
        return Math.Max(1, Math.Ceiling((heap.ExactHeapBlocks + heap.LossyHeapBlocks) / turns * BytesPerPage * 2 / (1024 * 1024)));
    }

    private static double WorkMemKb(QueryPlan plan)
    {
        if (!plan.Settings.TryGetValue("work_mem", out var text))
            return DefaultKb;
        var digits = text.AsSpan().IndexOfAnyExceptInRange('0', '9');
        var number = digits < 0 ? text : text[..digits];
        return !double.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? DefaultKb
            : text.EndsWith("GB", StringComparison.Ordinal) ? value * 1024 * 1024
            : text.EndsWith("MB", StringComparison.Ordinal) ? value * 1024
            : value;
    }
}
