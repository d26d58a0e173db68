using AgentHost.Postgres.Twins;
using AgentHost.Skills.RecommendIndex.Pricing;

namespace AgentHost.Skills.RecommendIndex;

/// <summary>Says what limits the whole answer.</summary>
internal static class Notices
{
    /// <summary>In a few sentences; null where nothing does.</summary>
    public static string? Of(IndexPlanner planner, Twin twin, List<TableFacts> tables, Rejections rejections, double seconds)
    {
        var parts = new List<string>();
        if (planner.IsOutOfTime)
            parts.Add($"The search stopped after {seconds:0.#} s with the best set so far; give it more time, or fewer queries at once.");
        else if (planner.IsExhausted)
            parts.Add($"The search stopped at {planner.MaxCalls:N0} planner calls; give fewer queries at once for a complete one.");
        var unseen = tables.Where(t => t.IsIndexable && !t.ShowsStatistics).ToLookup(t => t.IsAnalyzed, t => t.Name.ToString());
        if (unseen[false].Any())
            parts.Add($"Never analyzed, so the costs are guesses (run ANALYZE): {string.Join(", ", unseen[false])}.");
        if (unseen[true].Any())
            parts.Add("The planner has statistics, but pg_stats hides them from this role (row-level security, or no SELECT), so sizes and costs are guesses from types, and no partial index "
                + $"was tried: {string.Join(", ", unseen[true])}.");
        // What the twin lacks matters here where it is about these tables, or about all.
        parts.AddRange(twin.Notes.Where(note => note.StartsWith("Derived", StringComparison.Ordinal) || note.StartsWith("Redacted", StringComparison.Ordinal)
            || tables.Any(t => note.Contains(t.Name.Name, StringComparison.Ordinal))).Take(3));
        parts.AddRange(rejections.Unreadable);
        return parts.Count > 0 ? string.Join(' ', parts) : null;
    }
}
