using System.Collections.Immutable;

namespace AgentHost.Skills.RecommendIndex.Pricing;

/// <summary>The candidates that stand in the database for real, empty, because HypoPG cannot imagine them; each session hides those that are not of the set it prices.</summary>
/// <param name="hypopg">HypoPG's schema, quoted.</param>
internal sealed class StagedIndexes(string hypopg)
{
    private readonly Dictionary<IndexCandidate, ImmutableArray<uint>> oids = [];
    private readonly Dictionary<string, IndexCandidate> names = new(StringComparer.Ordinal);
    private readonly HashSet<uint> shown = [];

    /// <summary>By the name that plans call them; of a partitioned table each partition's too.</summary>
    public IReadOnlyDictionary<string, IndexCandidate> Names => names;

    /// <summary>Set where the time for the search is over.</summary>
    public bool OutOfTime { get; set; }

    /// <summary>Why one was refused, by its definition.</summary>
    public Dictionary<string, string> Refusals { get; } = new(StringComparer.Ordinal);

    /// <summary>
    /// Whether HypoPG cannot price a candidate: another method than its own, an expression, for which it has no statistics, or a list in the predicate, which it
    /// leaves as it is written, so that the planner counts the condition twice.
    /// </summary>
    public static bool IsNeeded(IndexCandidate index) => index.Method is not ("btree" or "hash") || index.Predicate?.Sql.Contains(" IN (", StringComparison.Ordinal) == true || index.Keys.Any(k => k.Facts.IsExpression || k.OperatorClass is not null);

    public bool Holds(IndexCandidate index) => oids.ContainsKey(index);

    public void Add(IndexCandidate index, ImmutableArray<uint> parts, IEnumerable<string> called)
    {
        oids[index] = parts;
        foreach (var name in called)
            names[name] = index;
        shown.UnionWith(parts);
    }

    /// <summary>SQL that shows these and hides all others in this session; null where nothing changes.</summary>
    public string? Switch(IEnumerable<IndexCandidate> indexes)
    {
        var wanted = indexes.SelectMany(i => oids.GetValueOrDefault(i, [])).ToHashSet();
        var (hide, show) = (shown.Except(wanted).Order().ToList(), wanted.Except(shown).Order().ToList());
        shown.Clear();
        shown.UnionWith(wanted);
        return hide.Count + show.Count == 0 ? null
            : $"select (select count({hypopg}.hypopg_hide_index(o)) from unnest('{{{string.Join(',', hide)}}}'::oid[]) o), (select count({hypopg}.hypopg_unhide_index(o)) from unnest('{{{string.Join(',', show)}}}'::oid[]) o)";
    }
}
