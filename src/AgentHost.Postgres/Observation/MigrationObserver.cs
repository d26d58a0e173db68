using System.Collections.Immutable;
using AgentHost.Postgres.Observation;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Postgres;

/// <summary>
/// Runs a migration on a scratch database and sees which locks each statement takes, which files it rewrites and which tables it scans. What
/// depends on rows (a violated constraint, a duration) is seen as far as the database has some.
/// </summary>
/// <remarks>
/// A lock lives as long as its transaction, so in one transaction a statement's locks drown in those of the statements before it. A
/// transaction is therefore first run as a whole, for its errors, and rolled back; then its statements are run one by one, for their locks.
/// </remarks>
public static class MigrationObserver
{
    /// <summary>The time each statement is given where none is said.</summary>
    public static readonly TimeSpan DefaultStatementTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Runs the migration to its end or its first error, which stays applied as far as a runner would have left it.</summary>
    /// <param name="db">The database, with the schema that the migration expects.</param>
    /// <param name="migration">The migration; its own BEGIN and COMMIT are honoured.</param>
    /// <param name="inTransaction">Whether the runner wraps the whole file in a transaction.</param>
    /// <param name="ct">Ends it.</param>
    /// <returns>One observation for each statement of the script, in order.</returns>
    public static Task<ImmutableArray<StatementObservation>> ObserveAsync(
        ScratchDatabase db, Script migration, bool inTransaction, CancellationToken ct = default) =>
        ObserveAsync(db, migration, inTransaction, DefaultStatementTimeout, Timeout.InfiniteTimeSpan, ct);

    /// <inheritdoc cref="ObserveAsync(ScratchDatabase, Script, bool, CancellationToken)"/>
    /// <param name="db">The database, with the schema that the migration expects.</param>
    /// <param name="migration">The migration; its own BEGIN and COMMIT are honoured.</param>
    /// <param name="inTransaction">Whether the runner wraps the whole file in a transaction.</param>
    /// <param name="statementTimeout">The longest that one statement runs, waits for locks included; then it fails with SQLSTATE 57014.</param>
    /// <param name="timeout">The longest that all of them run; the statement at which it ends fails with SQLSTATE 57014. Infinite for no such limit.</param>
    /// <param name="ct">Ends it.</param>
    public static async Task<ImmutableArray<StatementObservation>> ObserveAsync(
        ScratchDatabase db, Script migration, bool inTransaction, TimeSpan statementTimeout, TimeSpan timeout, CancellationToken ct = default)
    {
        var observed = new StatementObservation?[migration.Statements.Length];
        await using var run = await ObservedSession.OpenAsync(db, migration, statementTimeout, timeout, ct);
        var failed = -1;
        foreach (var group in MigrationGroup.Of(migration, inTransaction))
        {
            if (failed >= 0)
                break;
            foreach (var index in group.Frame)
                observed[index] = new StatementObservation(index, [], [], [], null, null, TimeSpan.Zero);
            foreach (var observation in group.IsTransaction ? await TransactionAsync(run, group, ct) : await OneByOneAsync(run, group, ct))
            {
                observed[observation.StatementIndex] = observation;
                if (observation.Error is not null && failed < 0)
                    failed = observation.StatementIndex;
            }
        }

        return [.. observed.Select((observation, index) => observation ?? NotRun(migration, index, failed))];
    }

    private static async Task<List<StatementObservation>> OneByOneAsync(ObservedSession run, MigrationGroup group, CancellationToken ct)
    {
        var observations = new List<StatementObservation>();
        foreach (var index in group.Statements)
        {
            var alone = await run.AloneAsync(index, ct);
            observations.Add(alone);
            if (alone.Error is not null)
                break;
        }

        return observations;
    }

    private static async Task<List<StatementObservation>> TransactionAsync(ObservedSession run, MigrationGroup group, CancellationToken ct)
    {
        var together = new List<StatementObservation>();
        await run.BeginAsync(ct);
        foreach (var index in group.Statements)
        {
            together.Add(await run.WithinAsync(index, ct));
            if (together[^1].Error is not null)
                break;
        }

        if (together.Count != 0 && together[^1].Error is null && await run.DeferredErrorAsync(ct) is { } late)
            together[^1] = together[^1] with { Error = late.Message, SqlState = late.SqlState };
        await run.RollbackAsync(ct);
        if (!group.IsPlain || together.Count == 0 || together[^1].Error is not null)
            return together;

        for (var i = 0; i < together.Count; i++)
        {
            if (await run.SetForGroupAsync(together[i].StatementIndex, ct))
                continue;
            // What was fine together and is not alone (it leans on something that ended with a transaction) keeps what was seen together.
            var alone = await run.AloneAsync(together[i].StatementIndex, ct);
            if (alone.Error is null)
                together[i] = alone;
        }

        await run.EndGroupAsync(ct);
        return together;
    }

    private static StatementObservation NotRun(Script migration, int index, int failed)
    {
        var line = failed < 0 ? 0 : migration.Statements[failed].Span.Line;
        return new StatementObservation(index, [], [], [], $"Not run: the statement in line {line} failed.", null, TimeSpan.Zero);
    }
}
