using AgentHost.Sql.Queries;

namespace AgentHost.Skills.RecommendIndex;

/// <summary>
/// OR across columns: an index for each arm, worth something only together (their bitmaps are joined). What the query asks besides the OR stands in front of
/// each arm's keys in a second form.
/// </summary>
internal static class DisjunctionCandidates
{
    /// <summary>More arms are no longer a handful of bitmaps.</summary>
    private const int MaxArms = 6;

    public static void Add(RelationUse use, TableFacts table, CandidateSet found, IndexEnvironment environment)
    {
        var common = UseKeys.Equalities(use, table);
        foreach (var disjunction in use.Disjunctions.Where(d => d.Arms.Length <= MaxArms))
        {
            foreach (var leading in common.Count > 0 ? (List<CandidateKey>[])[[], common] : [[]])
            {
                var arms = disjunction.Arms.Select(arm => Serving(arm, table, leading, environment)).ToList();
                if (arms.Exists(a => a is null && leading.Count == 0) || arms.TrueForAll(a => a is null))
                    continue;
                found.AddTogether(arms.OfType<IndexCandidate>().Select(found.Add).OfType<IndexCandidate>());
            }
        }
    }

    private static IndexCandidate? Serving(RelationUse arm, TableFacts table, List<CandidateKey> leading, IndexEnvironment environment)
    {
        var equalities = BtreeCandidates.Plus(BtreeCandidates.Plus(leading, UseKeys.Equalities(arm, table)), UseKeys.Members(arm, table));
        var own = BtreeCandidates.Plus(equalities, [.. UseKeys.Joins(arm, table), .. UseKeys.Ranges(arm, table).Take(1)]);
        if (own.Count > leading.Count)
            return new IndexCandidate(table, [.. own.Take(CandidateSet.MaxKeys)], null) { EqualityKeys = Math.Min(equalities.Count, CandidateSet.MaxKeys) };
        return arm.Operators.SelectMany(o => OperatorCandidates.Plain(o, table, environment)).FirstOrDefault();
    }
}
