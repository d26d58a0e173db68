namespace AgentHost.Skills.ExplainPlan.Detectors;

/// <summary>A Memoize remembers looked-up rows that are hardly ever asked for again, or forgets them before they are.</summary>
internal sealed class MemoizeThrash : IPlanDetector
{
    private const string Name = "memoize-thrash";

    public string Id => Name;

    public IEnumerable<Suspicion> Detect(QueryPlan plan)
    {
        foreach (var node in plan.Nodes)
        {
            if (node.Type != "Memoize" || !node.Executed || node.CacheMisses < Thresholds.MemoizeMisses || node.CacheMisses <= node.CacheHits)
                continue;
            var forgets = node.CacheEvictions > 0 || node.CacheOverflows > 0;
            // Without loss of entries the lookups had to be done; only the remembering was in vain.
            if (!forgets && node.CacheHits > Thresholds.MemoizeUseless * node.CacheMisses)
                continue;
            var impact = forgets ? plan.Times.Total(node) : plan.Times.Self(node);
            if (!plan.Matters(impact))
                continue;
            yield return new Suspicion
            {
                Id = Name,
                Node = node,
                Impact = impact,
                Message = $"Looked {Figures.Count(node.CacheMisses)} rows up and found {Figures.Count(node.CacheHits)} remembered by {PlanNames.Shorten(node.CacheKey ?? "its key", 60)}"
                    + (forgets ? $"; {Figures.Count(node.CacheEvictions + node.CacheOverflows)} were forgotten for want of memory." : ": the keys hardly repeat."),
                Advice = Advise(plan, node, forgets),
                Evidence = Figures.Rows(plan, impact, ("misses", node.CacheMisses, "lookups"), ("hits", node.CacheHits, "lookups"), ("evictions", node.CacheEvictions, "entries")),
                // The lookups that the cache should have spared.
                Echoes = [.. plan.Subtree(node).Select(n => ("index-lookups-many", n.Number))],
            };
        }
    }

    private static string Advise(QueryPlan plan, PlanNode node, bool forgets)
    {
        var scan = plan.AncestorsOf(node).FirstOrDefault()?.Outer is { } outer ? plan.Subtree(outer).FirstOrDefault(n => n.Relation is not null) : null;
        var key = node.CacheKey is { } keys && !keys.Contains('(', StringComparison.Ordinal) ? keys.Split(',')[0].Trim() : "…";
        var statistics = $"the number of different keys was guessed too low: ANALYZE, or ALTER TABLE {(scan is null ? "…" : PlanNames.Table(scan))} ALTER COLUMN {key[(key.LastIndexOf('.') + 1)..]} SET (n_distinct = …) and ANALYZE, and a hash join is taken";
        var held = node.CacheMisses - node.CacheEvictions;
        if (!forgets || node.PeakMemoryKb <= 0 || held <= 0)
            return $"{char.ToUpperInvariant(statistics[0])}{statistics[1..]}. enable_memoize = off is a test, no cure.";
        // At most: a key that came back after it was forgotten is counted twice.
        var kb = node.PeakMemoryKb / held * node.CacheMisses;
        return kb <= WorkMemory.LargestKb ? $"{WorkMemory.SetForHash(plan, kb)} holds all of them at most. If keys hardly repeat, {statistics}." : $"{Figures.Kb(kb)} would hold all of them, too much: {statistics}.";
    }
}
