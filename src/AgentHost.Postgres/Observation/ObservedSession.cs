using System.Diagnostics;
using System.Globalization;
using AgentHost.Sql;
using AgentHost.Sql.Statements;
using Npgsql;

namespace AgentHost.Postgres.Observation;

/// <summary>A session that runs statements of a migration, and a second one that watches it.</summary>
internal sealed class ObservedSession : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);
    private readonly ScratchDatabase db;
    private readonly Script migration;
    private readonly NpgsqlConnection runner;
    private readonly NpgsqlConnection watcher;
    private readonly ExistingRelations existing;
    private readonly TimeSpan statementTimeout;
    private readonly TimeSpan timeout;
    private readonly Stopwatch age = Stopwatch.StartNew();
    private readonly Stack<(string Name, string Value)> groupSettings = [];

    private ObservedSession(
        ScratchDatabase db, Script migration, NpgsqlConnection runner, NpgsqlConnection watcher, ExistingRelations existing,
        TimeSpan statementTimeout, TimeSpan timeout)
    {
        this.db = db;
        this.migration = migration;
        this.runner = runner;
        this.watcher = watcher;
        this.existing = existing;
        this.statementTimeout = statementTimeout;
        this.timeout = timeout;
    }

    public static async Task<ObservedSession> OpenAsync(ScratchDatabase db, Script migration, TimeSpan statementTimeout, TimeSpan timeout, CancellationToken ct)
    {
        var opened = new List<NpgsqlConnection>();
        try
        {
            opened.Add(await db.OpenAsync(ct));
            opened.Add(await db.OpenSuperuserAsync(ct));
            var session = new ObservedSession(db, migration, opened[0], opened[1], await ExistingRelations.ReadAsync(opened[1], ct), statementTimeout, timeout);
            // Whoever migrates a database sees its rows, also where policies are forced on the tables' owner.
            await session.ExecuteAsync(opened[1], $"alter role {db.Name} bypassrls", ct);
            await session.ExecuteAsync(opened[0], $"set statement_timeout = {((long)statementTimeout.TotalMilliseconds).ToString(CultureInfo.InvariantCulture)}", ct);
            return session;
        }
        catch
        {
            foreach (var connection in opened)
                await connection.DisposeAsync();
            throw;
        }
    }

    public Task BeginAsync(CancellationToken ct) => ExecuteAsync(runner, "begin", ct);

    public Task RollbackAsync(CancellationToken ct) => ExecuteAsync(runner, "rollback", ct);

    /// <summary>The error that deferred constraints would raise at COMMIT, or null.</summary>
    public Task<Failure?> DeferredErrorAsync(CancellationToken ct) => TryAsync(() => ExecuteAsync(runner, "set constraints all immediate", ct));

    /// <summary>
    /// Gives a SET LOCAL the life of its group while the group's statements run in transactions of their own; false where the statement is none.
    /// </summary>
    public async Task<bool> SetForGroupAsync(int index, CancellationToken ct)
    {
        if (migration.Statements[index] is not SetVariable { IsLocal: true, Value: { } value } set)
            return false;
        await using var command = new NpgsqlCommand("select pg_catalog.current_setting($1, true), pg_catalog.set_config($1, $2, false)", runner)
        {
            Parameters = { new() { Value = set.Name }, new() { Value = value } },
        };
        string? before = null;
        if (await TryAsync(async () => before = await command.ExecuteScalarAsync(ct) as string) is null)
            groupSettings.Push((set.Name, before ?? ""));
        return true;
    }

    /// <summary>Puts back what <see cref="SetForGroupAsync"/> set.</summary>
    public async Task EndGroupAsync(CancellationToken ct)
    {
        while (groupSettings.TryPop(out var setting))
        {
            await using var command = new NpgsqlCommand("select pg_catalog.set_config($1, $2, false)", runner)
            {
                Parameters = { new() { Value = setting.Name }, new() { Value = setting.Value } },
            };
            await command.ExecuteNonQueryAsync(ct);
        }
    }

    /// <summary>Runs a statement in a transaction of its own and commits it; outside of any transaction where it must be.</summary>
    public async Task<StatementObservation> AloneAsync(int index, CancellationToken ct)
    {
        await BeginAsync(ct);
        var observation = await WithinAsync(index, ct);
        if (observation.Error is null)
        {
            return await TryAsync(() => ExecuteAsync(runner, "commit", ct)) is { } late
                ? observation with { Error = late.Message, SqlState = late.SqlState }
                : observation;
        }

        await RollbackAsync(ct);
        // A COMMIT inside a block of code is refused by another code than a statement that wants no transaction.
        return observation.SqlState is PostgresErrorCodes.ActiveSqlTransaction or PostgresErrorCodes.InvalidTransactionTermination
            ? await OutsideAsync(index, ct)
            : observation;
    }

    /// <summary>Runs a statement in the transaction that stands, and tells what it added to the locks, files and scans.</summary>
    public async Task<StatementObservation> WithinAsync(int index, CancellationToken ct)
    {
        var locksBefore = await LocksAsync(ct);
        var before = await existing.StateAsync(runner, ct);
        var zone = await LeaveUtcAsync(index, ct);
        var clock = Stopwatch.StartNew();
        var error = await RunAsync(index, ct);
        var duration = clock.Elapsed;
        if (error is null && zone is not null)
            await ExecuteAsync(runner, $"set local timezone = '{zone.Replace("'", "''", StringComparison.Ordinal)}'", ct);
        var locks = await LocksAsync(ct);
        foreach (var (relation, mode) in locksBefore)
        {
            if (locks.GetValueOrDefault(relation) == mode)
                locks.Remove(relation);
        }

        return Observed(index, new Effects(before, error is null ? await existing.StateAsync(runner, ct) : null, locks), error, duration);
    }

    /// <summary>
    /// Whether the target's sessions are in UTC, where a change between timestamp and timestamptz is free, is not known unless the migration
    /// says so: such a statement runs in another zone. Gives the zone to return to.
    /// </summary>
    private async Task<string?> LeaveUtcAsync(int index, CancellationToken ct)
    {
        if (migration.Statements[index] is not AlterTable alter || !alter.Actions.OfType<AlterColumnType>().Any(change => change.Type.Name.Name.StartsWith("timestamp", StringComparison.Ordinal)))
            return null;
        await using var command = new NpgsqlCommand(
            """
            with before as materialized (select setting from pg_catalog.pg_settings where name = 'TimeZone' and source <> 'session')
            select setting, pg_catalog.set_config('timezone', '<+02>-02', true) from before
            """, runner);
        return await command.ExecuteScalarAsync(ct) as string;
    }

    public async ValueTask DisposeAsync()
    {
        await runner.DisposeAsync();
        await watcher.DisposeAsync();
    }

    /// <summary>
    /// Runs a statement that refuses a transaction (CONCURRENTLY, VACUUM). Its locks are gone when it ends; so a bystander holds a lock on
    /// every table that makes it wait for the first strong one it asks for, long enough to be seen.
    /// </summary>
    private async Task<StatementObservation> OutsideAsync(int index, CancellationToken ct)
    {
        var before = await existing.StateAsync(runner, ct);
        var tables = before.Values.Where(relation => relation.Kind is 'r' or 'p').Select(relation => SqlIdentifier.Quote(relation.Name)).ToList();
        await using var bystander = await db.OpenSuperuserAsync(ct);
        await using var obstacle = await bystander.BeginTransactionAsync(ct);
        if (tables.Count > 0)
            await ExecuteAsync(bystander, $"lock table {string.Join(", ", tables)} in share update exclusive mode", ct);
        var locks = new Dictionary<uint, LockMode>();
        var clock = Stopwatch.StartNew();
        var running = RunAsync(index, ct);
        for (var held = true; !running.IsCompleted;)
        {
            var waits = held && await WaitsAsync(bystander, ct);
            foreach (var (relation, mode) in await LocksAsync(ct))
                ExistingRelations.Strengthen(locks, relation, mode);
            if (waits)
            {
                await obstacle.RollbackAsync(ct);
                held = false;
            }
            else
            {
                await Task.WhenAny(running, Task.Delay(Pause, ct));
            }
        }

        var error = await running;
        return Observed(index, new Effects(before, await existing.StateAsync(runner, ct), locks) { ScansAreKnown = false }, error, clock.Elapsed);
    }

    private async Task<bool> WaitsAsync(NpgsqlConnection bystander, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("select $2 = any(pg_catalog.pg_blocking_pids($1))", watcher)
        {
            Parameters = { new() { Value = runner.ProcessID }, new() { Value = bystander.ProcessID } },
        };
        return (bool)(await command.ExecuteScalarAsync(ct))!;
    }

    private StatementObservation Observed(int index, Effects effects, Failure? error, TimeSpan duration)
    {
        effects = effects with { Truncates = migration.TextOf(migration.Statements[index]).StartsWith("truncate", StringComparison.OrdinalIgnoreCase) };
        return new StatementObservation(index, effects.NamedLocks(), effects.Rewritten(), effects.Scanned(), error?.Message, error?.SqlState, duration) { Tables = effects.Tables(), CountsScans = effects.ScansAreKnown };
    }

    private Task<Dictionary<uint, LockMode>> LocksAsync(CancellationToken ct) => ExistingRelations.LocksAsync(watcher, runner.ProcessID, ct);

    private async Task<Failure?> RunAsync(int index, CancellationToken ct) => TimeLeft > TimeSpan.Zero
        ? await TryAsync(() => SingleStatement.ExecuteAsync(runner, migration, index, BackstopSeconds, ct))
        : new Failure($"no time left: all statements together ran for {timeout.TotalSeconds:0.#} s", PostgresErrorCodes.QueryCanceled);

    private static async Task<Failure?> TryAsync(Func<Task> work)
    {
        try
        {
            await work();
            return null;
        }
        catch (PostgresException e)
        {
            return new Failure(e.MessageText, e.SqlState);
        }
        catch (NpgsqlException e) when (e.InnerException is TimeoutException)
        {
            return new Failure("canceled", PostgresErrorCodes.QueryCanceled);
        }
    }

    private async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = BackstopSeconds };
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>What a statement may take at most.</summary>
    private TimeSpan TimeLeft => timeout < TimeSpan.Zero || timeout - age.Elapsed > statementTimeout ? statementTimeout : timeout - age.Elapsed;

    /// <summary>When Npgsql cancels: behind the server's own statement_timeout, for a migration that switches that off.</summary>
    private int BackstopSeconds => (int)Math.Ceiling(Math.Max(1, TimeLeft.TotalSeconds)) + 1;

    /// <summary>Why a statement failed.</summary>
    internal sealed record Failure(string Message, string SqlState);
}
