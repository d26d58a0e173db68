namespace AgentHost.Skills.RecommendIndex;

/// <summary>Thinks of the indexes that a workload could use, for each place where a table is read.</summary>
internal sealed class CandidateGenerator(IReadOnlyList<AnalysedQuery> queries, IReadOnlyList<AnalysedWrite> writes, IndexEnvironment environment)
{
    /// <summary>All candidates.</summary>
    public Candidates Generate()
    {
        var found = new CandidateSet();
        var constants = new TemplateConstants(queries);
        var btrees = new BtreeCandidates(queries, found, writes);
        var operators = new OperatorCandidates(found, environment);
        foreach (var query in queries)
        {
            foreach (var (use, table) in query.Uses)
            {
                if (!table.IsIndexable)
                    continue;
                var partials = constants.Predicates(use, table);
                btrees.Add(use, table, partials);
                operators.Add(use, table, partials);
                MethodCandidates.Add(use, table, found);
                DisjunctionCandidates.Add(use, table, found, environment);
            }
        }
        btrees.ShareEqualities();
        return found.ToCandidates();
    }
}
