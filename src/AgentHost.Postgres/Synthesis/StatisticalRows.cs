using System.Collections.Immutable;
using System.Globalization;
using AgentHost.Postgres.Catalog;
using AgentHost.Postgres.Rows;
using AgentHost.Postgres.Twins;
using AgentHost.Sql;
using Npgsql;

namespace AgentHost.Postgres.Synthesis;

/// <summary>
/// Fills a scratch database with rows that follow a snapshot's statistics: as many different values, the same common ones, the same spread, order on disk and
/// references. The same snapshot gives the same rows. No row of the original is needed, and none is made again.
/// </summary>
public static class StatisticalRows
{
    /// <summary>Makes the snapshot's schema in an empty scratch database, rows, then indexes, and gathers statistics of them.</summary>
    /// <param name="db">An empty database.</param>
    /// <param name="snapshot">What it is to be like.</param>
    /// <param name="options">How large.</param>
    /// <param name="ct">Ends it.</param>
    /// <exception cref="SqlInputException">The snapshot's DDL does not parse.</exception>
    public static async Task<FillResult> FillAsync(ScratchDatabase db, CatalogSnapshot snapshot, FillOptions options, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(db);
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(options);
        var end = DateTimeOffset.UtcNow + options.Budget;
        var steps = new SchemaSteps(snapshot.Ddl);
        var notes = new List<string>();
        notes.AddRange(await new TwinSchema(db).ApplyAsync(steps.Before, ct));

        var filled = await db.WithoutTriggersAsync(connection => FillAsync(connection, snapshot, options, end, notes, ct), ct);
        var tables = filled.Select(relation => relation.Table).ToHashSet();
        bool isAnalyzed;
        await using (var connection = await db.OpenAsync(ct))
        {
            await LimitAsync(connection, end, ct);
            try
            {
                notes.AddRange(await steps.IndexAsync(connection, table => tables.Contains(table) || snapshot.Relations.Any(relation => relation.Kind != 'r' && relation.Name == table.Name), ct));
                notes.AddRange(await steps.RefreshAsync(connection, ct));
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.QueryCanceled)
            {
                notes.Add("There was no time for all indexes that the original has.");
            }

            // VACUUM finds rows visible to all only once their commits are on disk; sessions of scratch databases do not wait for that.
            await ExecuteAsync(connection, "set synchronous_commit = on; create temp table flushed (); drop table flushed", ct);
            var failure = await AnalyzeAsync(connection, end + (options.Budget / 4), ct);
            isAnalyzed = failure is null;
            if (failure is not null)
                notes.Add($"Statistics of the rows could not be gathered: {failure}.");
            filled = await SizesAsync(connection, filled, ct);
        }

        var scaled = filled.Where(relation => relation.Scale < 0.999 && relation.Refusal is null).ToList();
        if (scaled.Count > 0)
            notes.Add($"{scaled.Count} of {filled.Length} tables have fewer rows than the original, the least {scaled.Min(relation => relation.Scale).ToString("P1", CultureInfo.InvariantCulture)} of them.");
        notes.AddRange(filled.Where(relation => relation.Refusal is not null).Select(relation => $"{SqlIdentifier.Quote(relation.Table)} has {relation.Rows} rows: {relation.Refusal}."));
        return new FillResult(filled, [.. notes]) { IsAnalyzed = isAnalyzed };
    }

    /// <summary>Gathers statistics. What they are of may be computed by something that never ends, or fails.</summary>
    /// <returns>Why there are none; null where there are.</returns>
    private static async Task<string?> AnalyzeAsync(NpgsqlConnection connection, DateTimeOffset end, CancellationToken ct)
    {
        await LimitAsync(connection, end, ct);
        try
        {
            await ExecuteAsync(connection, "vacuum (analyze, parallel 0)", ct);
            return null;
        }
        catch (PostgresException e) when (!ct.IsCancellationRequested)
        {
            return e.MessageText;
        }
    }

    private static async Task<ImmutableArray<FilledRelation>> FillAsync(NpgsqlConnection connection, CatalogSnapshot snapshot, FillOptions options, DateTimeOffset end, List<string> notes, CancellationToken ct)
    {
        await LimitAsync(connection, end, ct);
        await ExecuteAsync(connection, "set work_mem = '128MB'; set maintenance_work_mem = '128MB'; set max_parallel_workers_per_gather = 0; set enable_nestloop = off; set client_min_messages = warning", ct);
        var plan = await FillPlanning.MakeAsync(connection, snapshot, options, ct);
        foreach (var (table, _, _) in plan.Tables)
            await ExecuteAsync(connection, $"alter table {table.Sql} set (autovacuum_enabled = false)", ct);

        var filled = ImmutableArray.CreateBuilder<FilledRelation>(plan.Tables.Length);
        foreach (var (table, rows, original) in plan.Tables)
        {
            var (made, refusal) = (0L, "there was no time for it");
            if (DateTimeOffset.UtcNow < end)
            {
                try
                {
                    (made, refusal) = rows == 0 ? (0, null) : await TableFill.RunAsync(connection, plan, table, rows, end, ct);
                }
                catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.QueryCanceled)
                {
                    refusal = "there was no time for it";
                }
            }

            plan.Filled[table.Oid] = made;
            filled.Add(new FilledRelation(table.Name, made, original, 0, refusal));
        }

        await Orphans.RemoveAsync(connection, plan, filled, ct);
        return filled.ToImmutable();
    }

    private static async Task<ImmutableArray<FilledRelation>> SizesAsync(NpgsqlConnection connection, ImmutableArray<FilledRelation> filled, CancellationToken ct)
    {
        var sizes = new Dictionary<QualifiedName, long>();
        await using var command = new NpgsqlCommand("select n.nspname::text, c.relname::text, pg_relation_size(c.oid) from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace where c.relkind = 'r'", connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            sizes[new QualifiedName(reader.GetString(0), reader.GetString(1))] = reader.GetInt64(2);
        return [.. filled.Select(relation => relation with { Bytes = sizes.GetValueOrDefault(relation.Table) })];
    }

    /// <summary>What checks, defaults and indexes call may run for ever.</summary>
    private static Task LimitAsync(NpgsqlConnection connection, DateTimeOffset end, CancellationToken ct) =>
        ExecuteAsync(connection, $"set statement_timeout = {Math.Max(1000, (long)(end - DateTimeOffset.UtcNow).TotalMilliseconds).ToString(CultureInfo.InvariantCulture)}", ct);

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(ct);
    }
}
