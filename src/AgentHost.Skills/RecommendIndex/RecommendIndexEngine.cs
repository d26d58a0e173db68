using System.Collections.Immutable;
using AgentHost.Postgres;
using AgentHost.Postgres.Catalog;
using AgentHost.Postgres.Twins;
using AgentHost.Skills.RecommendIndex.Drops;
using AgentHost.Skills.RecommendIndex.Pricing;
using AgentHost.Skills.RecommendIndex.Rewrites;
using AgentHost.Skills.RecommendIndex.Search;
using AgentHost.Skills.RecommendIndex.Statistics;
using AgentHost.Skills.RecommendIndex.Verification;
using AgentHost.Skills.RecommendIndex.Workloads;
using AgentHost.Sql;
using AgentHost.Sql.Queries;
using Npgsql;

namespace AgentHost.Skills.RecommendIndex;

/// <summary>
/// Recommends indexes for a workload, each priced by PostgreSQL's planner on a twin of the database: candidates from the parsed queries, indexes that are
/// imagined (HypoPG) or stand there empty, a search over the whole weighted workload. On the target only catalogs are read.
/// </summary>
public static class RecommendIndexEngine
{
    /// <summary>Runs the advice.</summary>
    /// <exception cref="SkillInputException">There are no queries, or none can be judged, or the limits make no sense, or the workload cannot be read.</exception>
    /// <exception cref="SqlInputException">The queries file, or a snapshot's schema, cannot be read.</exception>
    /// <exception cref="TargetRefusedException">The target's catalogs cannot be read as they are.</exception>
    /// <exception cref="PostgresUnavailableException">The target or the private server went away or took too long.</exception>
    public static async Task<IndexResult> RunAsync(IndexRequest request, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.MaxIndexes is < 1)
            throw new SkillInputException("The number of indexes must be at least 1.");
        if (request.BudgetMb is { } budget && !(budget > 0))
            throw new SkillInputException("The budget must be more than 0 MB.");
        var given = new WorkloadInput(request.Queries, []).With(request.QueriesText is { } text ? WorkloadInput.Read(text) : WorkloadInput.Empty);
        if (given.Queries.IsEmpty && !request.Workload)
        {
            throw new SkillInputException(given.Skipped is [var unread, ..] ? $"No statement can be read. {unread.Query}: {unread.Reason}"
                : "There are no queries. Give a file of SELECT statements separated by semicolons, a server's log, or ask for the target's own workload.");
        }
        if (given.Queries.FirstOrDefault(q => !(q.Weight > 0)) is { } weightless)
            throw new SkillInputException($"The weight of '{weightless.Name}' must be more than 0.");
        if (request is { Target: null, Snapshot: null })
            throw new SkillInputException("Name the database, or give a snapshot of it.");

        request.Progress?.Report("Reading the catalogs");
        var snapshot = request.Snapshot ?? await Postgres.Catalog.CatalogReader.ReadAsync(request.Target!, statistics: true, ct);
        var input = request.Workload ? given.With(WorkloadInput.Read(snapshot, request.Target?.Name ?? snapshot.Database)) : given;
        var available = request.Target is { } target ? await IndexEnvironments.AvailableAsync(target, ct) : null;
        request.Progress?.Report("Making a twin");
        await using var twin = await Twin.LoadAsync(await PrivateServer.ConnectAsync(ct), snapshot, ct);
        await using var open = await twin.OpenAsync(ct);
        return await AdviseAsync(twin, open, available, request, input, ct);
    }

    private static async Task<IndexResult> AdviseAsync(
        Twin twin, NpgsqlConnection open, ImmutableHashSet<string>? available, IndexRequest request, WorkloadInput input, CancellationToken ct)
    {
        var queries = input.Queries;
        var schema = SchemaFacts.Of(twin.Snapshot);
        var environment = await IndexEnvironments.ReadAsync(open, available, ct);
        var costs = await PlannerCosts.ReadAsync(open, ct);
        var taken = await TakenNamesAsync(open, ct);
        var hypopg = await IndexEnvironments.SchemaOfAsync(open, "hypopg", ct);
        var staged = new StagedIndexes(hypopg);
        var planner = new IndexPlanner(open, hypopg, costs, staged, Math.Max(2_500, 30 * queries.Length));
        await planner.BeginAsync(ct);
        var workload = await InTransactionAsync(open, () => Workload.ReadAsync(open, queries, ct), ct);
        foreach (var query in workload.Queries)
            query.Bound = await SurrogateQueries.BindAsync(twin, query, schema, ct);
        var (priced, refused) = await BaselineAsync(planner, workload.Queries, ct);
        if (priced.Count == 0 && (workload.Skipped.FirstOrDefault() ?? refused.FirstOrDefault()) is { } first)
            throw new SkillInputException($"None of the {queries.Length} queries can be judged. {first.Query}: {first.Reason}");
        var tables = workload.Tables.OrderBy(t => t.Name.ToString(), StringComparer.Ordinal).ToList();

        ImmutableArray<AnalysedWrite> writes = [.. priced.Select(q => q.Write).OfType<AnalysedWrite>()];
        // Rows that are only inserted look nothing up.
        ImmutableArray<AnalysedWrite> inserts = [.. priced.Where(OnlyInserts).Select(q => q.Write!)];
        priced.RemoveAll(OnlyInserts);
        var thought = new CandidateGenerator(priced, writes, environment).Generate();
        request.Progress?.Report($"{priced.Count} queries, {thought.All.Length} candidate indexes");
        var candidates = await new CandidateStage(twin, open, staged).StageAsync(thought, ct);
        using var _ = new SearchClock(staged, request.BudgetSeconds);
        var charge = new WriteCharge(writes);
        var pricing = new WorkloadPricing(planner, priced, charge);
        await pricing.BeginAsync(ct);
        var rejections = Rejections.Read(request.Memory, tables);
        var allowed = new WithheldSearch(new IndexSearch(pricing, request), rejections, priced, pricing.Start.Plans);
        var (chosen, withheld) = await allowed.RunAsync(candidates, ct);
        var verified = request.VerifySeconds is { } seconds
            ? await new SelectionVerification(twin, pricing, SelectionVerification.Options(seconds, inserts), request.Progress).RunAsync(chosen, candidates, ct)
            : VerifiedSelection.None(chosen);
        var selection = verified.Selection;

        var report = new SelectionReport(priced, pricing.Start.Plans, selection, charge, allowed);
        var recommended = report.Recommendations(taken).Select(r => (r.Index, Recommendation: PartitionedBuild.Of(verified.Measured(r.Index, r.Recommendation), schema))).ToList();
        var refusals = planner.Refusals.Concat(staged.Refusals).GroupBy(r => r.Key).ToDictionary(g => g.Key, g => g.First().Value, StringComparer.Ordinal);
        var witness = new WorkloadWitness(input, priced, pricing.Start.Plans, selection.Plans, writes, [.. workload.Skipped, .. refused]);
        var drops = IndexDrops.Of(schema, recommended.Select(r => r.Recommendation.Sql), witness);
        var limits = Notices.Of(planner, twin, tables, rejections, request.BudgetSeconds);
        return new IndexResult([.. recommended.Select(r => r.Recommendation)], drops.Drops, report.Workload with { PlannerCalls = planner.Calls })
        {
            Withheld = withheld,
            Disproved = verified.Disproved(chosen),
            Regressions = report.Regressions,
            Rewrites = await RewritesAsync(),
            Skewed = SkewedQueries.Of(priced, selection.Plans),
            Statistics = StatisticsAdvice.Of(schema, input.Estimates),
            Skipped = [.. input.Skipped, .. workload.Skipped, .. refused],
            Unpriced = new UnpricedReads(priced, selection.Plans, refusals).All(),
            Notice = string.Join(' ', ((string?[])[input.Source, limits, drops.Notice, .. verified.Result?.Notes ?? []]).OfType<string>()) is { Length: > 0 } notice ? notice : null,
        }
        .Recalling(request.Memory, tables.Select(t => t.Name.ToString()), [], "recommend;\n" + string.Join(";\n", queries.Select(q => q.Sql)))
        .Proposing(request.Memory, recommended.Select(r => IndexProposals.Of(r.Index, r.Recommendation, allowed.RejectionOf(r.Index), request.Memory)));

        async Task<ImmutableArray<QueryRewrite>> RewritesAsync()
        {
            var dear = new DearQueries(priced, pricing.Start.Plans);
            var written = await RewriteProof.PlannedAsync(open, [.. Rewriter.Of(queries, schema, dear.IsDear), .. RepeatedLookUps.Of(queries, input.Loops, schema)], ct);
            return await new RewriteIndexes(twin, open, planner, staged, schema, environment, request).PricedAsync(written, dear.Costs, [.. recommended], taken, ct);
        }
    }

    private static bool OnlyInserts(AnalysedQuery query) => query is { Write.Kind: QueryKind.Insert, Uses.IsEmpty: true };

    // Every statement is planned by itself first: what PostgreSQL refuses is named, and the rest goes on.
    private static async Task<(List<AnalysedQuery> Priced, List<SkippedQuery> Refused)> BaselineAsync(IndexPlanner planner, ImmutableArray<AnalysedQuery> queries, CancellationToken ct)
    {
        var (priced, refused) = (new List<AnalysedQuery>(), new List<SkippedQuery>());
        foreach (var query in queries)
        {
            var (plan, refusal) = await planner.BaselineAsync(query, ct);
            if (plan is null)
                refused.Add(new SkippedQuery(query.Query.Name, $"PostgreSQL does not plan it: {refusal}."));
            else
                priced.Add(query.Write is { } write ? query.Writing(write with { Rows = plan.ModifiedRows }) : query);
        }
        return (priced, refused);
    }

    // Where statistics are hidden, the planner is asked in their stead, and may refuse.
    private static async Task<T> InTransactionAsync<T>(NpgsqlConnection open, Func<Task<T>> work, CancellationToken ct)
    {
        await using var transaction = await open.BeginTransactionAsync(ct);
        var result = await work();
        await transaction.RollbackAsync(ct);
        return result;
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
