using AgentHost.Sql.Queries;

namespace AgentHost.Skills.RecommendIndex;

/// <summary>BRIN where the rows lie in the order of a column, and hash where long keys are compared for equality alone.</summary>
internal static class MethodCandidates
{
    /// <summary>A BRIN summary of 128 pages (the default) helps once there are many of them.</summary>
    private const int LeastBrinPages = 2_000;

    /// <summary>From here on rows lie well enough in order; above the second figure one minimum and maximum a range suffice.</summary>
    private const double LeastCorrelation = 0.75, HighCorrelation = 0.97;

    /// <summary>A btree's entries of so many bytes are larger than twice what a hash index keeps of a row.</summary>
    private const int LongKey = 32;

    public static void Add(RelationUse use, TableFacts table, CandidateSet found)
    {
        foreach (var key in UseKeys.Ranges(use, table).Where(k => k.Role == KeyRole.Range && !k.Facts.IsExpression))
        {
            // Of a few values most rows hold one: the order of the rest is no order of the rows.
            if (table.Pages < LeastBrinPages || key.Facts.IsStatus || Math.Abs(key.Facts.Correlation) < LeastCorrelation)
                continue;
            var plain = Math.Abs(key.Facts.Correlation) >= HighCorrelation;
            if (!plain && key.Facts.MultiClass is null)
                continue;
            found.Add(new IndexCandidate(table, [plain ? key : key with { OperatorClass = key.Facts.MultiClass }], null) { Method = "brin", Storage = table.Pages < 16 * LeastBrinPages ? "pages_per_range = 32" : null });
        }
        foreach (var key in UseKeys.Equalities(use, table).Where(k => !k.Facts.IsExpression && k.Facts.Width >= LongKey))
            found.Add(new IndexCandidate(table, [key], null) { Method = "hash", EqualityKeys = 1 });
    }
}
