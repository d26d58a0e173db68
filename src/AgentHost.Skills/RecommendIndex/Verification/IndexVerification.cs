using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using AgentHost.Postgres;
using AgentHost.Postgres.Catalog;
using AgentHost.Postgres.Synthesis;
using AgentHost.Sql;
using Npgsql;

namespace AgentHost.Skills.RecommendIndex.Verification;

/// <summary>
/// Has the last word on proposed indexes: builds them on rows that follow the database's statistics, runs the statements with and without them, and keeps those
/// without which statements take longer by more than the writes pay for them. The planner's costs do not count here.
/// </summary>
public static partial class IndexVerification
{
    /// <summary>Measures proposed indexes.</summary>
    /// <param name="server">Where the scratch database is made; it is dropped at the end whatever happens.</param>
    /// <param name="snapshot">The database, with its statistics.</param>
    /// <param name="queries">The workload's statements.</param>
    /// <param name="sets">The proposed indexes.</param>
    /// <param name="options">What it may cost.</param>
    /// <param name="progress">Told what is being done.</param>
    /// <param name="ct">Ends it.</param>
    public static async Task<VerificationResult> RunAsync(
        PrivateServer server, CatalogSnapshot snapshot, ImmutableArray<BoundQuery> queries, ImmutableArray<CandidateSet> sets, VerificationOptions options,
        IProgress<string>? progress = null, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(server);
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(options);
        var end = DateTimeOffset.UtcNow + options.Budget;
        await using var db = await server.CreateScratchAsync(ct);
        progress?.Report("making rows that follow the statistics");
        var words = queries.SelectMany(query => Word().Matches(query.Sql).Select(match => match.Value.Trim('"').Replace("\"\"", "\"", StringComparison.Ordinal))).Concat(sets.SelectMany(set => set.Alternatives).Select(index => index.Table.Name)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var filled = await StatisticalRows.FillAsync(db, snapshot, new FillOptions { Mentioned = words, Budget = options.Budget * 0.45, MaxRows = options.MaxRows }, ct);

        if (!filled.IsAnalyzed)
            return Unmeasured(sets, filled, "statistics of the rows could not be gathered");

        foreach (var extension in options.Extensions)
            await db.AddExtensionAsync(extension, ct);
        await using var connection = await db.OpenAsync(ct);
        progress?.Report("building the proposed indexes");
        var (built, failed) = await IndexBuilding.RunAsync(connection, sets, end - (options.Budget * 0.3), ct);
        var bench = new MeasuringBench(connection, built, options.Patience, end);
        await bench.PrepareAsync(snapshot.Settings, ct);

        progress?.Report("measuring writes");
        var prices = await PricesAsync(connection, bench, built, ct);
        var writes = new WriteLoad(options.Writes, snapshot);
        progress?.Report("running the statements with and without the indexes");
        var elimination = new Elimination(bench, queries, index => writes.Milliseconds(index, prices.GetValueOrDefault(index)));
        var kept = await elimination.RunAsync(built, ct);
        var plans = await bench.PlansAsync(queries, kept, ct);

        var scales = filled.Relations.ToDictionary(relation => relation.Table, relation => relation.Scale);
        var verdicts = sets.SelectMany(set => set.Alternatives).Select(index =>
        {
            if (built.Find(candidate => ReferenceEquals(candidate.Index, index)) is not { } own)
                return new IndexVerdict(index, true, failed.GetValueOrDefault(index) ?? "it was not built") { IsMeasured = false };
            return Verdict(own, kept.Contains(own), elimination, prices.GetValueOrDefault(own), writes, scales.GetValueOrDefault(index.Table, 1), plans, bench.IsOver);
        });
        return new VerificationResult([.. verdicts], [.. Times(queries, elimination)], [.. Notes(filled, queries, bench, options)]) { Scale = filled.Scale };
    }

    private static VerificationResult Unmeasured(ImmutableArray<CandidateSet> sets, FillResult filled, string reason) =>
        new([.. sets.SelectMany(set => set.Alternatives).Select(index => new IndexVerdict(index, true, reason) { IsMeasured = false })], [], filled.Notes) { Scale = filled.Scale };

    private static IndexVerdict Verdict(
        BuiltIndex index, bool isKept, Elimination elimination, EntryPrice? price, WriteLoad writes, double scale, Dictionary<BoundQuery, string> plans, bool isOver)
    {
        var gain = elimination.Gains.GetValueOrDefault(index);
        var hasGain = elimination.Gains.ContainsKey(index);
        var (hotBefore, hotAfter) = writes.HotShares(index);
        return new IndexVerdict(index.Index, isKept, isKept && elimination.Unmeasured.TryGetValue(index, out var unmeasured) ? unmeasured : isKept ? hasGain ? $"without it statements take {gain.Milliseconds:0.##} weighted ms more" : "there was no time to measure without it" : elimination.Reasons.GetValueOrDefault(index, "another alternative was kept"))
        {
            IsMeasured = (hasGain || !isKept || !isOver) && !(isKept && elimination.Unmeasured.ContainsKey(index)),
            Scale = Math.Min(1, scale),
            SizeBytes = (long)(index.Bytes / Math.Max(scale, 1e-6)),
            GainMilliseconds = gain.Milliseconds,
            WriteMilliseconds = writes.Milliseconds(index, price),
            EntryMilliseconds = price?.Milliseconds ?? 0,
            EntryWalBytes = price?.WalBytes ?? 0,
            WalRatio = price?.WalRatio ?? 1,
            HotShareBefore = hotBefore,
            HotShareAfter = hotAfter,
            Queries = isKept ? [.. plans.Where(plan => plan.Value.Contains(index.BareName, StringComparison.Ordinal)).Select(plan => plan.Key.Name).Distinct(StringComparer.Ordinal)] : [],
        };
    }

    private static IEnumerable<QueryTimes> Times(ImmutableArray<BoundQuery> queries, Elimination elimination) =>
        from query in queries
        where elimination.Before.ContainsKey(query) && elimination.After.ContainsKey(query)
        let entry = (query.Weight, Before: elimination.Before[query], After: elimination.After[query])
        group entry by query.Name into one
        let weight = one.Sum(entry => entry.Weight)
        select new QueryTimes(one.Key, weight, one.Sum(entry => entry.Weight * entry.Before.Milliseconds) / weight, one.Sum(entry => entry.Weight * entry.After.Milliseconds) / weight)
        {
            PagesBefore = one.Average(entry => entry.Before.Pages), PagesAfter = one.Average(entry => entry.After.Pages), WasCutOff = one.Any(entry => entry.Before.WasCutOff),
        };

    private static async Task<Dictionary<BuiltIndex, EntryPrice>> PricesAsync(NpgsqlConnection connection, MeasuringBench bench, List<BuiltIndex> built, CancellationToken ct)
    {
        var writable = await IndexBuilding.WritableColumnsAsync(connection, ct);
        var writing = new WritePrice(bench);
        var prices = new Dictionary<BuiltIndex, EntryPrice>();
        foreach (var index in built)
        {
            if (await writing.OfAsync(index, writable, ct) is { } price)
                prices[index] = price;
        }

        await writing.TidyAsync(ct);
        return prices;
    }

    private static IEnumerable<string> Notes(FillResult filled, ImmutableArray<BoundQuery> queries, MeasuringBench bench, VerificationOptions options)
    {
        foreach (var note in filled.Notes)
            yield return note;
        foreach (var (sql, reason) in bench.Failures)
            yield return $"'{queries.First(query => query.Sql == sql).Name}' could not be run: {reason}";
        if (bench.IsOver)
            yield return $"The {options.Budget.TotalSeconds.ToString("0", CultureInfo.InvariantCulture)} s were over before everything was measured.";
    }

    [GeneratedRegex("\"(?:[^\"]|\"\")+\"|[\\p{L}_][\\p{L}\\p{N}_$]*", RegexOptions.None, 1000)]
    private static partial Regex Word();
}
