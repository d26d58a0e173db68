namespace AgentHost.Skills.RecommendIndex.Search;

/// <summary>
/// Remembers the steps that led nowhere: one is not tried again before the set has changed near its indexes, that is by an index of the same table or one that
/// a query shares with them. So a change is followed by as many questions as have to do with it, not by as many as the set has indexes.
/// </summary>
internal sealed class VainSteps(WorkloadPricing pricing)
{
    private readonly int[] changedQueries = new int[pricing.Queries.Count];
    private readonly Dictionary<uint, int> changedTables = [];
    private readonly Dictionary<(string Step, IndexCandidate First, IndexCandidate? Second), int> tried = [];
    private int now = 1;
    private bool keep;

    /// <summary>Those for which a step may lead somewhere. Who asks for the next one says that the last led nowhere.</summary>
    public IEnumerable<IndexCandidate> Open(string step, IEnumerable<IndexCandidate> indexes) => Open(step, indexes.Select(i => (i, (IndexCandidate?)null))).Select(p => p.First);

    /// <summary>Those pairs for which a step may lead somewhere.</summary>
    public IEnumerable<(IndexCandidate First, IndexCandidate? Second)> Open(string step, IEnumerable<(IndexCandidate First, IndexCandidate? Second)> pairs)
    {
        foreach (var (first, second) in pairs)
        {
            if (tried.TryGetValue((step, first, second), out var last) && last >= Math.Max(LastChange(first), second is null ? 0 : LastChange(second)))
                continue;
            keep = false;
            yield return (first, second);
            if (!keep)
                tried[(step, first, second)] = now;
        }
    }

    /// <summary>The step at hand failed for a reason that lies elsewhere: it is tried again.</summary>
    public void Keep() => keep = true;

    /// <summary>A step led to another set.</summary>
    public void Changed(Selection before, Selection after)
    {
        now++;
        foreach (var index in before.Indexes.Except(after.Indexes).Concat(after.Indexes.Except(before.Indexes)))
        {
            changedTables[index.Table.Oid] = now;
            foreach (var query in pricing.Users(index))
                changedQueries[query] = now;
        }
    }

    private int LastChange(IndexCandidate index)
    {
        var last = changedTables.GetValueOrDefault(index.Table.Oid);
        foreach (var query in pricing.Users(index))
            last = Math.Max(last, changedQueries[query]);
        return last;
    }
}
