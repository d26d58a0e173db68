using System.Globalization;
using AgentHost.Postgres.Twins;
using AgentHost.Skills.RecommendIndex.Pricing;

namespace AgentHost.Skills.RecommendIndex;

/// <summary>Says what limits the whole answer.</summary>
internal static class Notices
{
    /// <summary>Autoanalyze works from a tenth on; where so much of a table has changed, it is behind or off.</summary>
    private const double OldShare = 0.5;

    /// <summary>In a few sentences; null where nothing does.</summary>
    public static string? Of(IndexPlanner planner, Twin twin, List<TableFacts> tables, Rejections rejections, double seconds)
    {
        var parts = new List<string>();
        if (planner.IsOutOfTime)
            parts.Add($"The search stopped after {seconds:0.#} s with the best set so far; give it more time, or fewer queries at once.");
        else if (planner.IsExhausted)
            parts.Add($"The search stopped at {planner.MaxCalls:N0} planner calls; give fewer queries at once for a complete one.");
        var old = tables.Where(t => t.IsIndexable).OrderBy(t => t.Name.ToString(), StringComparer.Ordinal).Select(t => Old(t, twin)).OfType<string>().ToList();
        if (old.Count > 0)
            parts.Add($"Statistics too old to say (run ANALYZE and ask again): {string.Join(", ", old)}.");
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

    // What was changed since is not what the planner was told of. Rows that were analyzed in the transaction that inserted them are counted all the same.
    private static string? Old(TableFacts table, Twin twin) =>
        twin.Snapshot.Relations.FirstOrDefault(r => r.Schema == table.Name.Schema && r.Name == table.Name.Name)?.Counters is { LastAnalyze: { } last, ChangedSinceAnalyze: var changed } counters
        && changed >= OldShare * table.Rows && (counters.Updated + counters.Deleted > 0 || counters.LiveRows > 1.1 * table.Rows)
            ? string.Create(CultureInfo.InvariantCulture, $"{table.Name} ({changed:N0} of {table.Rows:N0} rows changed since {last:yyyy-MM-dd})")
            : null;
}
