using System.Collections.Immutable;
using System.Text.Json;
using AgentHost.Sql;
using Npgsql;

namespace AgentHost.Skills.RecommendIndex;

/// <summary>
/// Prices queries with indexes that do not exist, in one session: HypoPG's indexes live in the session's memory alone, and only the planner is called.
/// </summary>
internal sealed class HypotheticalPlanner(NpgsqlConnection open, string hypopgSchema, double cpuOperatorCost)
{
    /// <summary>The most planner calls that one request may make.</summary>
    public const int MaxCalls = 2_500;

    private readonly Dictionary<(AnalysedQuery Query, string Indexes), PricedPlan> memo = [];
    private readonly Dictionary<string, string> installed = new(StringComparer.Ordinal);
    private ImmutableArray<IndexCandidate> current = [];

    /// <summary>Planner calls so far.</summary>
    public int Calls { get; private set; }

    /// <summary>Why an index was refused, by its definition.</summary>
    public Dictionary<string, string> Refusals { get; } = new(StringComparer.Ordinal);

    public bool IsExhausted => Calls >= MaxCalls;

    /// <summary>The plan as the database is, or PostgreSQL's reason why there is none.</summary>
    public async Task<(PricedPlan? Plan, string? Refusal)> BaselineAsync(AnalysedQuery query, CancellationToken ct)
    {
        try
        {
            await InstallAsync([], ct);
            return ((await ExplainAsync([query], ct))[0], null);
        }
        catch (PostgresException e) when (!IsFatal(e))
        {
            await RecoverAsync(ct);
            return (null, e.MessageText);
        }
    }

    /// <summary>The plans of queries with a set of indexes, memoised by the indexes that each query can use; null where PostgreSQL or HypoPG refuses.</summary>
    public async Task<ImmutableArray<PricedPlan>?> PriceAsync(IReadOnlyList<AnalysedQuery> queries, IReadOnlyList<IndexCandidate> indexes, CancellationToken ct)
    {
        try
        {
            var missing = queries.Where(q => !memo.ContainsKey((q, Key(q, indexes)))).ToList();
            // Behind a view a partial hypothetical index may end the server's process (HypoPG's issue 116): never there.
            foreach (var group in missing.GroupBy(q => q.ReadsView))
            {
                await InstallAsync([.. indexes.Where(i => !group.Key || i.Predicate is null)], ct);
                await ExplainAsync([.. group], ct);
            }
            return [.. queries.Select(q => memo[(q, Key(q, indexes))])];
        }
        catch (PostgresException e) when (!IsFatal(e))
        {
            await RecoverAsync(ct);
            if (indexes is [var only])
                Refusals[only.Definition] = e.MessageText;
            return null;
        }
    }

    /// <summary>Readies the session; statements with parameters get their generic plan.</summary>
    public Task BeginAsync(CancellationToken ct) => ExecuteAsync("set local plan_cache_mode = force_generic_plan; savepoint agenthost_index", ct);

    // Neither prepared statements nor HypoPG's indexes are undone by a rollback.
    private async Task RecoverAsync(CancellationToken ct)
    {
        await ExecuteAsync("rollback to savepoint agenthost_index", ct);
        await ExecuteAsync("deallocate all", ct);
        await ExecuteAsync($"select {hypopgSchema}.hypopg_reset()", ct);
        current = [];
        installed.Clear();
    }

    private static string Key(AnalysedQuery query, IReadOnlyList<IndexCandidate> indexes) =>
        string.Join('\n', indexes.Where(i => query.Touches(i) && !(query.ReadsView && i.Predicate is not null)).Select(i => i.Definition).Order(StringComparer.Ordinal));

    private static bool IsFatal(PostgresException e) => e.SqlState[..2] is "08" or "57" && e.SqlState != PostgresErrorCodes.QueryCanceled;

    private async Task InstallAsync(ImmutableArray<IndexCandidate> indexes, CancellationToken ct)
    {
        if (current.Select(i => i.Definition).SequenceEqual(indexes.Select(i => i.Definition)))
            return;
        await using var batch = new NpgsqlBatch(open);
        batch.BatchCommands.Add(new NpgsqlBatchCommand($"select {hypopgSchema}.hypopg_reset(), null"));
        foreach (var index in indexes)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(
                $"select h.indexname, {hypopgSchema}.hypopg_relation_size(h.indexrelid)::text from {hypopgSchema}.hypopg_create_index($1) h")
            {
                Parameters = { new NpgsqlParameter { Value = "CREATE INDEX ON " + index.Definition } },
            });
        }
        current = [];
        installed.Clear();
        await using var reader = await batch.ExecuteReaderAsync(ct);
        for (var i = 0; i < indexes.Length; i++)
        {
            await reader.NextResultAsync(ct);
            if (await reader.ReadAsync(ct))
                installed[reader.GetString(0)] = indexes[i].Definition;
        }
        current = indexes;
    }

    private async Task<List<PricedPlan>> ExplainAsync(IReadOnlyList<AnalysedQuery> queries, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(open);
        foreach (var query in queries)
        {
            if (query.ParameterCount == 0)
            {
                batch.BatchCommands.Add(new NpgsqlBatchCommand($"EXPLAIN (FORMAT JSON) {query.Sql}"));
                continue;
            }
            var nulls = string.Join(", ", Enumerable.Repeat("NULL", query.ParameterCount));
            batch.BatchCommands.Add(new NpgsqlBatchCommand($"PREPARE agenthost_index AS {query.Sql}"));
            batch.BatchCommands.Add(new NpgsqlBatchCommand($"EXPLAIN (FORMAT JSON) EXECUTE agenthost_index({nulls})"));
            batch.BatchCommands.Add(new NpgsqlBatchCommand("DEALLOCATE agenthost_index"));
        }
        Calls += queries.Count;
        var plans = new List<PricedPlan>();
        await using var reader = await batch.ExecuteReaderAsync(ct);
        do
        {
            if (reader.FieldCount == 0 || !await reader.ReadAsync(ct))
                continue;
            var query = queries[plans.Count];
            var plan = Read(reader.GetString(0));
            memo[(query, Key(query, current))] = plan;
            plans.Add(plan);
        }
        while (await reader.NextResultAsync(ct));
        return plans;
    }

    private PricedPlan Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        var plan = document.RootElement[0].GetProperty("Plan");
        var used = new SortedSet<string>(StringComparer.Ordinal);
        var whole = new SortedSet<string>(StringComparer.Ordinal);
        var descents = Descents(plan, 1, used, whole);
        return new PricedPlan(plan.GetProperty("Total Cost").GetDouble() + descents, [.. used], [.. whole]);
    }

    /// <summary>
    /// HypoPG's indexes have no tree height, so that looking into one costs nothing; a real one costs 50 operator calls a level
    /// (selfuncs.c, btcostestimate). Without this an index that exists would lose to the same one that does not.
    /// </summary>
    private double Descents(JsonElement node, double times, SortedSet<string> used, SortedSet<string> whole)
    {
        double cost = 0;
        if (node.GetProperty("Node Type").GetString() == "Seq Scan")
            whole.Add(node.GetProperty("Relation Name").GetString()!);
        if (node.TryGetProperty("Index Name", out var name) && installed.TryGetValue(name.GetString()!, out var definition))
        {
            used.Add(definition);
            var index = current.First(i => i.Definition == definition);
            cost += times * (TreeHeight(index.SizeBytes) + 1) * 50 * cpuOperatorCost;
        }
        if (!node.TryGetProperty("Plans", out var children))
            return cost;
        var (type, rows) = (node.GetProperty("Node Type").GetString(), 1.0);
        // LIMIT stops its input early: only that share of the look-ups below is made.
        if (type == "Limit" && children[0].GetProperty("Plan Rows").GetDouble() is var input && input > 0)
            times *= Math.Min(1, node.GetProperty("Plan Rows").GetDouble() / input);
        foreach (var child in children.EnumerateArray())
        {
            var relationship = child.TryGetProperty("Parent Relationship", out var r) ? r.GetString() : "";
            var inner = type == "Nested Loop" && relationship == "Inner";
            cost += Descents(child, inner ? times * Math.Max(1, rows) : times, used, whole);
            if (relationship == "Outer")
                rows = child.GetProperty("Plan Rows").GetDouble();
        }
        return cost;
    }

    private static int TreeHeight(long sizeBytes)
    {
        const double fanout = 250;
        var height = 0;
        for (var pages = sizeBytes / 8192.0; pages > 1; pages /= fanout)
            height++;
        return height;
    }

    private async Task ExecuteAsync(string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, open);
        await command.ExecuteNonQueryAsync(ct);
    }
}

/// <summary>What the planner makes of a query.</summary>
/// <param name="Cost">Its total cost, with the descents into hypothetical indexes that HypoPG leaves out.</param>
/// <param name="Used">The definitions of the hypothetical indexes that it uses.</param>
/// <param name="WholeReads">The tables that it reads from end to end.</param>
internal sealed record PricedPlan(double Cost, ImmutableArray<string> Used, ImmutableArray<string> WholeReads);
