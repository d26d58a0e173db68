using System.Collections.Immutable;
using AgentHost.Postgres;
using AgentHost.Sql;
using AgentHost.Sql.Queries;
using Npgsql;

namespace AgentHost.Skills.RecommendIndex;

/// <summary>
/// Recommends indexes for a workload, each priced by the target's own planner: candidates from the parsed queries, HypoPG's hypothetical indexes in one
/// read-only transaction, a search over the whole weighted workload.
/// </summary>
public static class RecommendIndexEngine
{
    /// <summary>Runs the advice.</summary>
    /// <exception cref="SkillInputException">There are no queries, or none can be judged, or the limits make no sense, or the workload cannot be read.</exception>
    /// <exception cref="SqlInputException">The queries file cannot be read as a file of queries.</exception>
    /// <exception cref="AgentHost.Postgres.PostgresUnavailableException">The target went away or took too long.</exception>
    public static Task<IndexResult> RunAsync(IndexRequest request, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.MaxIndexes is < 1)
            throw new SkillInputException("The number of indexes must be at least 1.");
        if (request.BudgetMb is { } budget && !(budget > 0))
            throw new SkillInputException("The budget must be more than 0 MB.");
        var given = request.QueriesText is { } text ? request.Queries.AddRange(QueryScript.Parse(text)) : request.Queries;
        if (given.IsDefaultOrEmpty && !request.Workload)
            throw new SkillInputException("There are no queries. Give a file of SELECT statements separated by semicolons, or ask for the target's own workload.");
        if (given.FirstOrDefault(q => !(q.Weight > 0)) is { } weightless)
            throw new SkillInputException($"The weight of '{weightless.Name}' must be more than 0.");
        return request.Target.InTransactionAsync(open => AdviseAsync(open, request, given, ct), ct);
    }

    private static async Task<IndexResult> AdviseAsync(NpgsqlConnection open, IndexRequest request, ImmutableArray<WeightedQuery> given, CancellationToken ct)
    {
        var queries = request.Workload ? given.AddRange(await StatementWorkload.ReadAsync(open, request.Target.Name, ct)) : given;
        var workload = await Workload.ReadAsync(open, queries, ct);
        if (workload is { Reads: [], Writes: [], Skipped: [var first, ..] })
            throw new SkillInputException($"None of the {queries.Length} queries can be judged. {first.Query}: {first.Reason}");
        var tables = workload.Tables.OrderBy(t => t.Name.ToString(), StringComparer.Ordinal).ToList();
        var empty = new IndexResult([], [.. tables.SelectMany(RedundantIndexes.Of)], new WorkloadCost(0, 0, 0)) { Skipped = workload.Skipped }
            .Recalling(request.Memory, tables.Select(t => t.Name.ToString()), [], "recommend;\n" + string.Join(";\n", queries.Select(q => q.Sql)));
        if (await HypopgExtension.FindAsync(open, ct) is not { } hypopg)
            return empty with { Notice = HypopgExtension.Missing(request.Target.Name) };

        var planner = new HypotheticalPlanner(open, hypopg.Schema, hypopg.CpuOperatorCost);
        await planner.BeginAsync(ct);
        var (priced, refused) = await BaselineAsync(open, planner, workload.Reads, ct);
        var search = new IndexSearch(planner, priced, workload.Writes, request);
        var candidates = new CandidateGenerator(priced).Generate();
        request.Progress?.Report($"{priced.Count} queries, {candidates.Length} candidate indexes");
        var before = await planner.PriceAsync(priced, [], ct);
        var rejections = Rejections.Read(request.Memory, tables);
        var allowed = new WithheldSearch(search, rejections, priced, before!.Value);
        var (selection, withheld) = await allowed.RunAsync(candidates, ct);
        var taken = await TakenNamesAsync(open, ct);
        var report = new SelectionReport(priced, before.Value, selection, new WriteCharge(workload.Writes), allowed);
        var recommended = report.Recommendations(taken);
        return (empty with
        {
            Recommendations = [.. recommended.Select(r => r.Recommendation)],
            Withheld = withheld,
            Workload = report.Workload,
            Skipped = [.. workload.Skipped, .. refused],
            Unpriced = new UnpricedReads(priced, selection.Plans, planner.Refusals).All(),
            Notice = Notice(planner, tables, rejections),
        }).Proposing(request.Memory, recommended.Select(r => IndexProposals.Of(r.Index, r.Recommendation, allowed.RejectionOf(r.Index), request.Memory)));
    }

    // Every statement is planned by itself first: what the target refuses is named, and the rest goes on.
    private static async Task<(List<AnalysedQuery> Priced, List<SkippedQuery> Refused)> BaselineAsync(
        NpgsqlConnection open, HypotheticalPlanner planner, ImmutableArray<AnalysedQuery> reads, CancellationToken ct)
    {
        var (priced, refused) = (new List<AnalysedQuery>(), new List<SkippedQuery>());
        var unsafeToPlan = await PlanningGate.RefusalsAsync(open, [.. reads.Select(read => read.Sql)], ct);
        foreach (var (read, reason) in reads.Zip(unsafeToPlan))
        {
            if (reason is not null)
            {
                refused.Add(new SkippedQuery(read.Query.Name, reason));
                continue;
            }
            var (plan, refusal) = await planner.BaselineAsync(read, ct);
            if (plan is not null)
                priced.Add(read);
            else
                refused.Add(new SkippedQuery(read.Query.Name, $"PostgreSQL does not plan it: {refusal}."));
        }
        return (priced, refused);
    }

    private static string? Notice(HypotheticalPlanner planner, List<TableFacts> tables, Rejections rejections)
    {
        var parts = new List<string>();
        if (planner.IsExhausted)
            parts.Add($"The search stopped at {HypotheticalPlanner.MaxCalls:N0} planner calls; give fewer queries at once for a complete one.");
        var partitioned = tables.Where(t => t.Kind == 'p').Select(t => t.Name.ToString()).ToList();
        if (partitioned.Count > 0)
            parts.Add($"Partitioned, so not priced: {string.Join(", ", partitioned)}.");
        var unseen = tables.Where(t => t.IsIndexable && !t.ShowsStatistics).ToLookup(t => t.IsAnalyzed, t => t.Name.ToString());
        if (unseen[false].Any())
            parts.Add($"Never analyzed, so the costs are guesses (run ANALYZE): {string.Join(", ", unseen[false])}.");
        if (unseen[true].Any())
            parts.Add("The planner has statistics, but pg_stats hides them from this role (row-level security, or no SELECT), so sizes are the planner's own guesses and no partial index "
                + $"was tried: {string.Join(", ", unseen[true])}.");
        parts.AddRange(rejections.Unreadable);
        return parts.Count > 0 ? string.Join(' ', parts) : null;
    }

    private static async Task<HashSet<string>> TakenNamesAsync(NpgsqlConnection open, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("select relname::text from pg_catalog.pg_class", open);
        var names = new HashSet<string>(StringComparer.Ordinal);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            names.Add(reader.GetString(0));
        return names;
    }
}
