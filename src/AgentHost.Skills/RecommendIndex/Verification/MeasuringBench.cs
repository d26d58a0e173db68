using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Npgsql;

namespace AgentHost.Skills.RecommendIndex.Verification;

/// <summary>
/// Runs statements with some of the indexes. The others are dropped in a transaction that is rolled back, so that nothing is built twice and writes do not
/// keep them up. Plans are measured once: where an index changes no plan, it changes nothing, and no noise says otherwise.
/// </summary>
internal sealed partial class MeasuringBench(NpgsqlConnection connection, IReadOnlyList<BuiltIndex> indexes, TimeSpan patience, DateTimeOffset end)
{
    private const int MostRuns = 7, FewestRuns = 3;
    private static readonly TimeSpan EnoughTime = TimeSpan.FromMilliseconds(400);

    private readonly Dictionary<(string Sql, string Plan), Measurement> measured = [];
    private readonly Dictionary<(string Sql, string Indexes), string> plans = [];
    private readonly Dictionary<string, string> failures = new(StringComparer.Ordinal);

    /// <summary>Statements that could not be run, with the reason.</summary>
    public IReadOnlyDictionary<string, string> Failures => failures;

    /// <summary>Whether no time is left.</summary>
    public bool IsOver => DateTimeOffset.UtcNow >= end;

    /// <summary>Makes a session measure alike each time.</summary>
    public async Task PrepareAsync(IReadOnlyDictionary<string, string> settings, CancellationToken ct)
    {
        var sql = new StringBuilder("set jit = off; set max_parallel_workers_per_gather = 0; set client_min_messages = warning;");
        foreach (var name in (string[])["random_page_cost", "seq_page_cost", "cpu_tuple_cost", "cpu_index_tuple_cost", "cpu_operator_cost", "effective_cache_size", "work_mem", "hash_mem_multiplier", "enable_seqscan", "enable_bitmapscan", "search_path"])
        {
            // pg_settings writes memory in units of the setting: effective_cache_size in pages, work_mem in kB, which a bare number means.
            if (settings.TryGetValue(name, out var value) && Plain().IsMatch(value))
                sql.Append(CultureInfo.InvariantCulture, $"set {name} = '{value}';");
        }

        await ExecuteAsync(sql.ToString(), ct);
    }

    /// <summary>Does work with only some of the indexes there.</summary>
    public async Task<T> WithAsync<T>(IReadOnlySet<BuiltIndex> kept, Func<Task<T>> work, CancellationToken ct)
    {
        await ExecuteAsync("begin", ct);
        try
        {
            // Planning a statement or writing a row may call what never ends.
            await LimitAsync(patience, ct);
            var dropped = indexes.Where(index => !kept.Contains(index)).Select(index => index.Name).ToList();
            if (dropped.Count > 0)
                await ExecuteAsync($"drop index {string.Join(", ", dropped)}", ct);
            return await work();
        }
        finally
        {
            await ExecuteAsync("rollback", CancellationToken.None);
        }
    }

    /// <summary>What statements take with some of the indexes; those that fail are left out.</summary>
    /// <param name="queries">The statements.</param>
    /// <param name="kept">The indexes that are there.</param>
    /// <param name="ct">Ends it.</param>
    /// <param name="isBrief">Whether one run of a second at most is enough.</param>
    public Task<Dictionary<BoundQuery, Measurement>> MeasureAsync(IEnumerable<BoundQuery> queries, IReadOnlySet<BuiltIndex> kept, CancellationToken ct, bool isBrief = false) => WithAsync(kept, async () =>
    {
        var results = new Dictionary<BoundQuery, Measurement>();
        foreach (var query in queries)
        {
            if (await PlanAsync(query, kept, ct) is not { } plan)
                continue;
            if (!measured.TryGetValue((query.Sql, plan), out var result))
            {
                if (IsOver)
                    break;
                if (await RunAsync(query, isBrief, ct) is not { } run)
                    continue;
                measured[(query.Sql, plan)] = result = run;
            }

            results[query] = result;
        }

        return results;
    }, ct);

    /// <summary>The plans of statements with some of the indexes, without figures; those that fail are left out.</summary>
    public Task<Dictionary<BoundQuery, string>> PlansAsync(IEnumerable<BoundQuery> queries, IReadOnlySet<BuiltIndex> kept, CancellationToken ct) => WithAsync(kept, async () =>
    {
        var results = new Dictionary<BoundQuery, string>();
        foreach (var query in queries)
        {
            if (await PlanAsync(query, kept, ct) is { } plan)
                results[query] = plan;
        }

        return results;
    }, ct);

    /// <summary>Limits the statements of a transaction, by what is left of the time, too.</summary>
    public Task LimitAsync(TimeSpan most, CancellationToken ct) =>
        ExecuteAsync($"set local statement_timeout = {Math.Min(Left, Math.Max(1000, (long)most.TotalMilliseconds)).ToString(CultureInfo.InvariantCulture)}", ct);

    /// <summary>The milliseconds that are left, at least so many that a quick statement ends.</summary>
    public long Left => Math.Max(1000, (long)(end - DateTimeOffset.UtcNow).TotalMilliseconds);

    /// <summary>Runs SQL in the bench's session.</summary>
    public async Task ExecuteAsync(string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>A number that a query gives.</summary>
    public async Task<double> CountAsync(string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        return Convert.ToDouble(await command.ExecuteScalarAsync(ct), CultureInfo.InvariantCulture);
    }

    /// <summary>The answer of an EXPLAIN, a line a row.</summary>
    public async Task<string> ExplainAsync(string options, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand($"explain ({options}) {sql}", connection) { CommandTimeout = 0, AllResultTypesAreUnknown = true };
        await using var reader = await command.ExecuteReaderAsync(ct);
        var text = new StringBuilder();
        while (await reader.ReadAsync(ct))
            text.AppendLine(reader.GetString(0));
        return text.ToString();
    }

    /// <summary>Tries something that may fail inside of the transaction.</summary>
    private async Task<T?> TryAsync<T>(BoundQuery query, Func<Task<T>> work, CancellationToken ct) where T : class
    {
        await ExecuteAsync("savepoint attempt", ct);
        try
        {
            return await work();
        }
        catch (PostgresException e) when (e.SqlState != PostgresErrorCodes.QueryCanceled || !ct.IsCancellationRequested)
        {
            if (e.SqlState != PostgresErrorCodes.QueryCanceled)
                failures.TryAdd(query.Sql, e.MessageText);
            return null;
        }
        finally
        {
            await ExecuteAsync("rollback to attempt", CancellationToken.None);
        }
    }

    private async Task<string?> PlanAsync(BoundQuery query, IReadOnlySet<BuiltIndex> kept, CancellationToken ct)
    {
        if (failures.ContainsKey(query.Sql))
            return null;
        var key = (query.Sql, string.Join(',', kept.Select(index => index.BareName).Order(StringComparer.Ordinal)));
        if (plans.TryGetValue(key, out var plan))
            return plan;
        plan = await TryAsync(query, () => ExplainAsync("costs off", query.Sql, ct), ct);
        if (plan is not null)
            plans[key] = plan;
        else
            failures.TryAdd(query.Sql, $"to plan it takes more than {patience.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture)} s");
        return plan;
    }

    private async Task<Measurement?> RunAsync(BoundQuery query, bool isBrief, CancellationToken ct)
    {
        Measurement? best = null;
        var clock = Stopwatch.StartNew();
        for (var run = 0; run < (isBrief ? 1 : MostRuns); run++)
        {
            var left = Math.Max(50, Math.Min(isBrief ? 1000 : patience.TotalMilliseconds, (end - DateTimeOffset.UtcNow).TotalMilliseconds));
            await ExecuteAsync($"set local statement_timeout = {((long)left).ToString(CultureInfo.InvariantCulture)}", ct);
            var next = await TryAsync(query, async () => Measurement.Read(await ExplainAsync("analyze, timing off, buffers, format json", query.Sql, ct)), ct);
            if (next is null)
            {
                await LimitAsync(patience, ct);
                return best ?? (failures.ContainsKey(query.Sql) ? null : new Measurement(left, 0, 0, WasCutOff: true));
            }

            best = best is null || next.Milliseconds < best.Milliseconds ? next : best;
            if (clock.Elapsed > patience / 3 || (run + 1 >= FewestRuns && clock.Elapsed > EnoughTime) || IsOver)
                break;
        }

        await LimitAsync(patience, ct);
        return best;
    }

    [GeneratedRegex("^[\\w .,\"$-]+$", RegexOptions.None, 1000)]
    private static partial Regex Plain();
}
