using System.Collections.Immutable;
using AgentHost.Postgres;
using Npgsql;

namespace AgentHost.Skills.RecommendIndex.Pricing;

/// <summary>
/// Prices queries with indexes that do not exist, in one session on our own server: HypoPG's live in the session's memory alone, staged ones are shown to it
/// and hidden again; only the planner is called, each time in a transaction of its own, so that no lock is kept. Plans are remembered by the indexes that a
/// query can use.
/// </summary>
internal sealed class IndexPlanner(NpgsqlConnection open, string hypopg, PlannerCosts costs, StagedIndexes staged, int maxCalls)
{
    private readonly Dictionary<(AnalysedQuery Query, string Indexes), PricedPlan> memo = [];
    private readonly Dictionary<string, IndexCandidate> hypothetical = new(StringComparer.Ordinal);
    private ImmutableArray<IndexCandidate>? current;

    /// <summary>Planner calls so far.</summary>
    public int Calls { get; private set; }

    /// <summary>The most that may be made.</summary>
    public int MaxCalls => maxCalls;

    /// <summary>Whether the search's time is over.</summary>
    public bool IsOutOfTime => staged.OutOfTime;

    public bool IsExhausted => Calls >= maxCalls || staged.OutOfTime;

    /// <summary>Why an index was refused, by its definition.</summary>
    public Dictionary<string, string> Refusals { get; } = new(StringComparer.Ordinal);

    /// <summary>The plan as the database is, or PostgreSQL's reason why there is none.</summary>
    public async Task<(PricedPlan? Plan, string? Refusal)> BaselineAsync(AnalysedQuery query, CancellationToken ct)
    {
        try
        {
            await InstallAsync([], ct);
            await ExplainAsync([query], ct);
            return (memo[(query, "")], null);
        }
        catch (PostgresException e) when (!ConnectionLoss(e))
        {
            await RecoverAsync(ct);
            if (!query.Bound.IsEmpty)
            {
                query.Bound = [];
                return await BaselineAsync(query, ct);
            }
            return (null, e.MessageText);
        }
    }

    /// <summary>The plans of queries with a set of indexes; null where PostgreSQL or HypoPG refuses one.</summary>
    public async Task<ImmutableArray<PricedPlan>?> PriceAsync(IReadOnlyList<AnalysedQuery> queries, IReadOnlyCollection<IndexCandidate> indexes, CancellationToken ct)
    {
        try
        {
            var keys = queries.Select(q => Key(q, indexes)).ToList();
            var missing = queries.Zip(keys).Where(p => !memo.ContainsKey((p.First, p.Second))).ToList();
            // Behind a view a partial hypothetical index may end the server's process (HypoPG's issue 116): never there.
            foreach (var group in missing.GroupBy(p => p.First.ReadsView))
            {
                var needed = group.Select(p => p.First).ToList();
                await InstallAsync([.. indexes.Where(i => needed.Exists(q => q.CanUse(i)))], ct);
                await ExplainAsync(needed, ct);
            }
            return [.. queries.Zip(keys).Select(p => memo[p])];
        }
        catch (PostgresException e) when (!ConnectionLoss(e))
        {
            await RecoverAsync(ct);
            if (indexes.Count == 1)
                Refusals[indexes.Single().Definition] = e.MessageText;
            return null;
        }
    }

    /// <summary>Readies the session; statements with parameters get their generic plan.</summary>
    public Task BeginAsync(CancellationToken ct) => ExecuteAsync("set plan_cache_mode = force_generic_plan; set statement_timeout = '10s'", ct);

    private static string Key(AnalysedQuery query, IEnumerable<IndexCandidate> indexes) =>
        string.Join('\n', indexes.Where(query.CanUse).Select(i => i.Definition).Order(StringComparer.Ordinal));

    private static bool ConnectionLoss(PostgresException e) => e.SqlState[..2] is "08" or "57" && e.SqlState != PostgresErrorCodes.QueryCanceled;

    // No transaction is open, but prepared statements outlive the one that failed.
    private async Task RecoverAsync(CancellationToken ct)
    {
        await ExecuteAsync("deallocate all", ct);
        current = null;
    }

    private async Task InstallAsync(ImmutableArray<IndexCandidate> indexes, CancellationToken ct)
    {
        if (current is { } now && now.SequenceEqual(indexes))
            return;
        current = null;
        hypothetical.Clear();
        await using var batch = new NpgsqlBatch(open);
        batch.BatchCommands.Add(new NpgsqlBatchCommand($"select {hypopg}.hypopg_reset()"));
        if (staged.Switch(indexes) is { } shown)
            batch.BatchCommands.Add(new NpgsqlBatchCommand(shown));
        var first = batch.BatchCommands.Count;
        var created = indexes.Where(i => !staged.Holds(i)).ToList();
        foreach (var index in created)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand($"select h.indexname from {hypopg}.hypopg_create_index($1) h")
            {
                Parameters = { new NpgsqlParameter { Value = "CREATE INDEX ON " + index.Definition } },
            });
        }
        await using var reader = await batch.ExecuteReaderAsync(ct);
        for (var i = 0; i < first; i++)
            await reader.NextResultAsync(ct);
        foreach (var index in created)
        {
            if (await reader.ReadAsync(ct))
                hypothetical[reader.GetString(0)] = index;
            await reader.NextResultAsync(ct);
        }
        current = indexes;
    }

    private async Task ExplainAsync(List<AnalysedQuery> queries, CancellationToken ct)
    {
        if (queries.Count == 0)
            return;
        await using var batch = new NpgsqlBatch(open);
        foreach (var query in queries)
        {
            if (query.ParameterCount == 0 || !query.Bound.IsEmpty)
            {
                foreach (var sql in query.Bound.IsEmpty ? [query.Sql] : query.Bound.Select(b => b.Sql))
                    batch.BatchCommands.Add(new NpgsqlBatchCommand($"EXPLAIN (FORMAT JSON) {sql}"));
                continue;
            }
            var nulls = string.Join(", ", Enumerable.Repeat("NULL", query.ParameterCount));
            batch.BatchCommands.Add(new NpgsqlBatchCommand($"PREPARE agenthost_index AS {query.Sql}"));
            batch.BatchCommands.Add(new NpgsqlBatchCommand($"EXPLAIN (FORMAT JSON) EXECUTE agenthost_index({nulls})"));
            batch.BatchCommands.Add(new NpgsqlBatchCommand("DEALLOCATE agenthost_index"));
        }
        Calls += queries.Sum(q => Math.Max(1, q.Bound.Length));
        var (read, plans) = (0, new List<PricedPlan>());
        await using var reader = await batch.ExecuteReaderAsync(ct);
        do
        {
            if (reader.FieldCount == 0 || !await reader.ReadAsync(ct))
                continue;
            var query = queries[read];
            plans.Add(PlanReader.Read(reader.GetString(0), costs, hypothetical, staged.Names));
            if (plans.Count < query.Bound.Length)
                continue;
            memo[(query, Key(query, current ?? []))] = PricedPlan.Mean(plans);
            plans.Clear();
            read++;
        }
        while (await reader.NextResultAsync(ct));
    }

    private async Task ExecuteAsync(string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, open);
        await command.ExecuteNonQueryAsync(ct);
    }
}
