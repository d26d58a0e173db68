using System.Collections.Immutable;
using AgentHost.Postgres;
using AgentHost.Postgres.Twins;
using AgentHost.Skills.RecommendIndex.Search;
using AgentHost.Sql;
using AgentHost.Sql.Queries;

namespace AgentHost.Skills.RecommendIndex.Verification;

/// <summary>
/// Measures what the planner chose, beside what it nearly chose where its prices are known to mislead, and goes on with what proved worth having.
/// </summary>
internal sealed class SelectionVerification(Twin twin, WorkloadPricing pricing, VerificationOptions options, IProgress<string>? progress)
{
    /// <summary>How many alternatives an index is measured against, and the share of its gain at the planner's prices that makes one worth measuring.</summary>
    private const int MostAlternatives = 2;
    private const double WorthMeasuring = 0.3;

    /// <summary>On fewer rows than this share of the original's a read of the whole table is so much faster that an index may prove needless which is not.</summary>
    private const double LeastScale = 0.5;

    /// <summary>What a verification of so many seconds may do, beside the writes that look nothing up.</summary>
    public static VerificationOptions Options(double seconds, IEnumerable<AnalysedWrite> inserts) => new()
    {
        Budget = TimeSpan.FromSeconds(seconds),
        Writes = [.. inserts.GroupBy(write => write.Table).Select(table => new TableWrites(table.Key, table.Sum(write => write.Weight * write.Rows), [], 0))],
    };

    /// <summary>Measures a selection.</summary>
    /// <param name="selection">What the planner chose.</param>
    /// <param name="candidates">What it chose from.</param>
    /// <param name="ct">Ends it.</param>
    public async Task<VerifiedSelection> RunAsync(Selection selection, Candidates candidates, CancellationToken ct)
    {
        // Rows that follow no statistics would prove nothing.
        ImmutableArray<IndexCandidate> measurable = [.. selection.Indexes.Where(index => HasStatistics(index.Table.Name))];
        if (measurable.IsEmpty)
            return VerifiedSelection.None(selection);
        var proposed = new Dictionary<ProposedIndex, IndexCandidate>(ReferenceEqualityComparer.Instance);
        var sets = ImmutableArray.CreateBuilder<CandidateSet>();
        foreach (var index in measurable)
        {
            ImmutableArray<ProposedIndex> alternatives = [.. (await AlternativesAsync(selection, index, candidates, ct)).Prepend(index).Select(Propose)];
            sets.Add(new CandidateSet(alternatives));
        }

        var extensions = proposed.Values.SelectMany(index => index.Extensions).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        var result = await IndexVerification.RunAsync(
            await PrivateServer.ConnectAsync(ct), twin.Snapshot, [.. pricing.Queries.SelectMany(Bound)], sets.ToImmutable(), options with { Extensions = [.. extensions] }, progress, ct);
        ImmutableArray<IndexCandidate> kept = [.. result.Indexes.Where(verdict => (verdict.Kept || verdict.Scale < LeastScale) && IsChosen(verdict, result, sets)).Select(verdict => proposed[verdict.Index]).Concat(selection.Indexes.Except(measurable)).Distinct()];
        return new VerifiedSelection(await pricing.SelectAsync(selection, kept, ct) ?? selection, [.. result.Indexes.Select(verdict => (proposed[verdict.Index], verdict))], result);

        ProposedIndex Propose(IndexCandidate index)
        {
            var statement = new ProposedIndex($"CREATE INDEX ON {index.Definition}", index.Table.Name);
            proposed.Add(statement, index);
            return statement;
        }
    }

    private bool HasStatistics(QualifiedName table) => twin.Snapshot.Relations.Any(r => r.Schema == table.Schema && r.Name == table.Name && !r.Statistics.IsEmpty);

    // Of alternatives that could not all be measured, the planner's choice stands.
    private static bool IsChosen(IndexVerdict verdict, VerificationResult result, IEnumerable<CandidateSet> sets)
    {
        var set = sets.First(s => s.Alternatives.Any(a => ReferenceEquals(a, verdict.Index)));
        return ReferenceEquals(set.Alternatives[0], verdict.Index)
            ? !result.Indexes.Any(other => other.Kept && other.IsMeasured && !ReferenceEquals(other.Index, verdict.Index) && set.Alternatives.Any(a => ReferenceEquals(a, other.Index)))
            : verdict is { Kept: true, IsMeasured: true };
    }

    /// <summary>Candidates that would do much of what a chosen one does, where the planner's prices of one of them are estimates of our own.</summary>
    private async Task<IEnumerable<IndexCandidate>> AlternativesAsync(Selection selection, IndexCandidate index, Candidates candidates, CancellationToken ct)
    {
        if (await pricing.SelectAsync(selection, selection.Indexes.Remove(index), ct) is not { } without)
            return [];
        var gain = without.Cost - selection.Cost;
        var users = pricing.Users(index);
        var found = new List<(IndexCandidate Index, double Gain)>();
        foreach (var other in candidates.All.Where(c => c.Table.Oid == index.Table.Oid && !selection.Indexes.Contains(c) && (!c.IsBtree || !index.IsBtree) && pricing.Users(c).Intersect(users).Any()))
        {
            if (pricing.IsExhausted)
                break;
            if (await pricing.SelectAsync(without, without.Indexes.Add(other), ct) is { } with && without.Cost - with.Cost >= WorthMeasuring * gain)
                found.Add((other, without.Cost - with.Cost));
        }

        return found.OrderByDescending(f => f.Gain).ThenBy(f => f.Index.Definition, StringComparer.Ordinal).Take(MostAlternatives).Select(f => f.Index);
    }

    /// <summary>A query as it can be run: with its literals, or with values drawn for its parameters.</summary>
    private IEnumerable<BoundQuery> Bound(AnalysedQuery query)
    {
        ImmutableArray<string> texts = query is { Bound.IsEmpty: true, ParameterCount: 0 } ? [query.Sql] : [.. query.Bound.Select(bound => bound.Sql)];
        return texts.Select(sql => new BoundQuery(query.Query.Name, query.Query.Weight / texts.Length, sql));
    }
}

/// <summary>What measuring left of a selection.</summary>
/// <param name="Selection">The indexes that proved worth having, and what was not measured, priced anew.</param>
/// <param name="Verdicts">What was said of each index, those among them that were only tried.</param>
/// <param name="Result">The figures; null where there was nothing to measure.</param>
internal sealed record VerifiedSelection(Selection Selection, ImmutableArray<(IndexCandidate Index, IndexVerdict Verdict)> Verdicts, VerificationResult? Result)
{
    /// <summary>A selection that nobody measured.</summary>
    public static VerifiedSelection None(Selection selection) => new(selection, [], null);

    /// <summary>A recommendation with what was measured of it.</summary>
    public IndexRecommendation Measured(IndexCandidate index, IndexRecommendation recommendation) =>
        Verdicts.FirstOrDefault(v => v.Index.Equals(index) && v.Verdict is { IsMeasured: true, Kept: true }).Verdict is { } verdict
            ? recommendation with
            {
                Verification = "measured",
                Measured = new MeasuredIndex(Math.Round(verdict.GainMilliseconds, 2), Math.Round(verdict.WriteMilliseconds, 2), Math.Round(verdict.WalRatio, 2)),
            }
            : recommendation;

    /// <summary>Indexes that the planner chose, and that measuring found not worth having.</summary>
    public ImmutableArray<DisprovedIndex> Disproved(Selection chosen) =>
        [.. Verdicts.Where(v => chosen.Indexes.Contains(v.Index) && !Selection.Indexes.Contains(v.Index)).Select(v => new DisprovedIndex(v.Index.Definition, Sentence(v.Verdict.Reason)))];

    private static string Sentence(string reason) => char.ToUpperInvariant(reason[0]) + reason[1..].TrimEnd('.') + ".";
}
