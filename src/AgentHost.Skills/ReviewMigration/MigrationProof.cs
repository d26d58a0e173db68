using System.Collections.Immutable;
using AgentHost.Postgres;
using AgentHost.Postgres.Rows;
using AgentHost.Skills.ReviewMigration.Rules;
using AgentHost.Sql;
using AgentHost.Sql.Statements;
using Npgsql;

namespace AgentHost.Skills.ReviewMigration;

/// <summary>Runs migrations on a scratch database and lays what was seen beside what the rules claim.</summary>
internal sealed class MigrationProof(ImmutableArray<(string Name, Script Script)> schema, IProgress<string>? progress) : IAsyncDisposable
{
    /// <summary>The private server's major version.</summary>
    private const int ServerVersion = 17;

    /// <summary>The longest that one statement, and all of them, run; a lock that is not had by then is not waited for.</summary>
    private static readonly TimeSpan StatementTimeout = TimeSpan.FromSeconds(5), Timeout = TimeSpan.FromSeconds(20);

    /// <summary>How many roles that are named and not made are made up for one proof.</summary>
    private const int MaxRoles = 12;

    private readonly List<(string Name, Script Script)> history = [.. schema];
    private readonly List<string> roles = [];
    private PrivateServer? server;

    /// <summary>Runs a migration after the schema and attaches what was observed to its findings; what no finding covers becomes one.</summary>
    /// <param name="replay">The migration.</param>
    /// <param name="findings">What the rules found.</param>
    /// <param name="keep">Whether later migrations run after this one.</param>
    /// <param name="ct">Ends it.</param>
    /// <exception cref="PostgresUnavailableException">The private server cannot be started.</exception>
    public async Task<(ImmutableArray<Finding> Findings, ImmutableArray<string> Notes)> AttachAsync(
        MigrationReplay replay, ImmutableArray<Finding> findings, bool keep, CancellationToken ct)
    {
        progress?.Report($"Running {replay.File.Name} on a scratch database");
        server ??= await PrivateServer.ConnectAsync(ct);
        var notes = new List<string>();
        if (await ObserveAsync(replay, findings, notes, ct) is var (observations, outcome))
        {
            findings = Attach(replay, findings, observations, notes);
            if (outcome is not null && new IrreversibleDown().Judge(replay, outcome) is { } notUndone)
                findings = [.. findings.Where(finding => finding.Rule != notUndone.Rule), notUndone];
            if (replay.PgVersion != ServerVersion)
                notes.Add($"Observed on PostgreSQL {ServerVersion}; the target is {replay.PgVersion}, where locks, rewrites and scans may differ.");
        }

        if (keep)
            history.Add((replay.File.Name, replay.Script));
        return (findings, [.. notes]);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (server is not null)
            await server.DisposeAsync();
    }

    /// <summary>
    /// Runs it on made-up rows. Where it fails on those, and perhaps would not on others, it is run on empty tables as well; null, with a note,
    /// where the schema before it does not run.
    /// </summary>
    private async Task<(ImmutableArray<StatementObservation> Observations, DownOutcome? Down)?> ObserveAsync(MigrationReplay replay, ImmutableArray<Finding> findings, List<string> notes, CancellationToken ct)
    {
        if (await RunAsync(replay, withRows: true, notes, ct) is not { } run)
            return null;
        var seen = run.Observations;
        var failed = seen.FirstOrDefault(observation => observation.SqlState is not null);
        var statements = replay.ScriptStatements.ToList();
        if (failed is null || !failed.SqlState!.StartsWith("23", StringComparison.Ordinal) && !ProofRows.IsAboutRows(statements[failed.StatementIndex], failed.SqlState))
            return run;
        if (await RunAsync(replay, withRows: false, [], ct) is not var (empty, outcome) || empty[failed.StatementIndex].Error is not null)
            return run;
        // How an empty table is read says nothing about a full one.
        empty = [.. empty.Zip(statements, (observation, context) => context.Statement is RowStatement ? observation with { CountsScans = false } : observation)];
        int line = statements[failed.StatementIndex].Statement.Span.Line;
        if (ProofRows.IsAboutRows(statements[failed.StatementIndex], failed.SqlState) && !findings.Any(finding => finding.StatementIndex == failed.StatementIndex && Foresees(finding, failed.SqlState)))
        {
            notes.Add($"Line {line} fails on made-up rows: {failed.Error}. Whether it does on yours is for them to say; the rest was seen on empty tables.");
            return (empty, outcome);
        }

        notes.Add($"Line {line} fails where there are rows; the rest was seen on empty tables.");
        return (empty.SetItem(failed.StatementIndex, failed with { Tables = empty[failed.StatementIndex].Tables, Locks = empty[failed.StatementIndex].Locks }), outcome);
    }

    /// <summary>Runs it, with the roles that it turns out to need.</summary>
    private async Task<(ImmutableArray<StatementObservation> Observations, DownOutcome? Down)?> RunAsync(MigrationReplay replay, bool withRows, List<string> notes, CancellationToken ct)
    {
        var own = new List<string>();
        while (true)
        {
            await using var scratch = await server!.CreateScratchAsync(ct);
            foreach (string role in roles)
                await scratch.AddRoleAsync(role, ct);
            string? missing;
            if (await PrepareAsync(scratch, replay, ct) is var (name, obstacle))
            {
                missing = ScratchSchema.MissingRole(obstacle.Refused.SqlState, obstacle.Refused.MessageText);
                if (!CanAdd(missing))
                {
                    notes.Add($"Not proven: {name}, line {obstacle.Line}, does not run on an empty database: {obstacle.Refused.MessageText}.");
                    return null;
                }
            }
            else
            {
                var down = replay.File.Down?.Script is { Statements.IsEmpty: false } undoing && replay.Unread.IsEmpty ? undoing : null;
                var before = down is null ? null : scratch.DumpSchemaAsync(ct);
                var filled = withRows ? await SyntheticRows.FillAsync(scratch, ProofRows.Options(replay), ct) : [];
                string? catalog = before is null ? null : await before;
                var observations = await MigrationObserver.ObserveAsync(scratch, replay.Script, replay.StartsInTransaction, StatementTimeout, Timeout, ct);
                missing = observations.Select(seen => ScratchSchema.MissingRole(seen.SqlState, seen.Error)).FirstOrDefault(role => role is not null);
                if (!CanAdd(missing))
                {
                    if (own.Count > 0)
                        notes.Add($"The schema has no role {string.Join(", ", own)}; for the proof it was made.");
                    if (ProofRows.Note(filled) is { } empty)
                        notes.Add(empty);
                    bool isUp = observations.All(seen => seen.Error is null);
                    return (observations, isUp && catalog is not null ? await DownProof.RunAsync(scratch, replay.Script, down!, catalog, ct) : null);
                }

                own.Add(missing!);
            }

            roles.Add(missing!);
        }
    }

    private bool CanAdd(string? role) => role is not null && !roles.Contains(role) && roles.Count < MaxRoles;

    /// <summary>Brings the database to the state before the migration; tells what stopped it.</summary>
    private async Task<(string Name, ScratchSchema.Obstacle Obstacle)?> PrepareAsync(ScratchDatabase scratch, MigrationReplay replay, CancellationToken ct)
    {
        var known = SchemaModel.Empty;
        foreach (var (name, script) in history)
        {
            await MakeRunnerTablesAsync(scratch, script, known, ct);
            known = known.Apply(script);
            if (await ScratchSchema.RunAsync(scratch, script, ct) is { } obstacle)
                return (name, obstacle);
        }

        await MakeRunnerTablesAsync(scratch, replay.Script, known, ct);
        return null;
    }

    private static async Task MakeRunnerTablesAsync(ScratchDatabase scratch, Script script, SchemaModel known, CancellationToken ct)
    {
        foreach (var (_, sql) in RunnerTables.MissingFrom(script, known))
            await scratch.ExecuteAsync(sql, ct);
    }

    private ImmutableArray<Finding> Attach(
        MigrationReplay replay, ImmutableArray<Finding> findings, ImmutableArray<StatementObservation> observations, List<string> notes)
    {
        var failed = observations.FirstOrDefault(observation => observation.SqlState is not null);
        var attached = findings
            .Where(finding => finding.Rule != UnreviewedCode.RuleId || finding.StatementIndex < 0 || observations[finding.StatementIndex].Error is not null)
            .Select(finding => finding.StatementIndex < 0 ? finding : ObservedFinding.Of(finding, observations[finding.StatementIndex]))
            .ToList();
        if (replay.PgVersion == ServerVersion)
            attached.AddRange(new UnprovenClaim().Judge(replay, observations, findings));
        attached.AddRange(new ObservedHazard().Judge(replay, observations, attached).ToList());
        if (failed is null)
            return [.. attached];

        int line = replay.Script.Statements[failed.StatementIndex].Span.Line;
        if (Gap(replay, failed) is { } gap)
            notes.Add($"Not proven from line {line} on: {gap}");
        else if (!attached.Exists(finding => finding.StatementIndex == failed.StatementIndex && Foresees(finding, failed.SqlState!)))
            attached.Add(Failure(replay, failed));
        if (observations[^1] is { SqlState: null, Error: not null })
            notes.Add($"What stands behind line {line} was not run: the statement there fails.");
        return [.. attached];
    }

    private static bool Foresees(Finding finding, string sqlState) =>
        finding.Severity == Severity.Error && RuleCatalog.Find(finding.Rule)?.Foresees(sqlState) == true;

    /// <summary>Why a failure says something about what the proof was given, not about the migration; null where it is the migration's own.</summary>
    private string? Gap(MigrationReplay replay, StatementObservation failed) => failed.SqlState switch
    {
        not null when replay.SkipsBefore(failed.StatementIndex) => $"{failed.Error}. A statement before it could not be read, and was not run.",
        PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedObject or PostgresErrorCodes.UndefinedColumn or PostgresErrorCodes.UndefinedFunction
            or PostgresErrorCodes.InvalidSchemaName when schema.IsEmpty && history.Count == 0 =>
            $"{failed.Error}. The proof needs the database as it is before the migration: give it with --schema.",
        PostgresErrorCodes.UndefinedObject when ScratchSchema.MissingRole(failed.SqlState, failed.Error) is not null => $"{failed.Error}. Create the role in the schema you give.",
        PostgresErrorCodes.UndefinedObject when failed.Error!.StartsWith("tablespace ", StringComparison.Ordinal) => $"{failed.Error}: the private server has no tablespaces.",
        PostgresErrorCodes.InsufficientPrivilege => $"{failed.Error}. The scratch database's owner is no superuser.",
        PostgresErrorCodes.UndefinedFile => $"{failed.Error}. The extension is not installed on the private server.",
        PostgresErrorCodes.FeatureNotSupported when failed.Error!.StartsWith("extension ", StringComparison.Ordinal) => $"{failed.Error}.",
        PostgresErrorCodes.QueryCanceled => $"gave up after {failed.Duration.TotalSeconds:0.#} s ({failed.Error}).",
        PostgresErrorCodes.LockNotAvailable => $"gave up waiting for a lock after {failed.Duration.TotalSeconds:0.#} s ({failed.Error}).",
        _ => null,
    };

    private static Finding Failure(MigrationReplay replay, StatementObservation failed)
    {
        var statement = replay.ScriptStatements.ElementAt(failed.StatementIndex);
        bool isTransaction = failed.SqlState == PostgresErrorCodes.ActiveSqlTransaction;
        return new Finding
        {
            Rule = isTransaction ? "nontransactional-in-transaction" : "invalid-sql",
            Severity = Severity.Error,
            Span = statement.Statement.Span,
            Statement = StatementText.Shorten(statement.Text),
            StatementIndex = failed.StatementIndex,
            Message = $"PostgreSQL refuses it: {failed.Error} (SQLSTATE {failed.SqlState}).",
            Evidence = [new ErrorObserved(failed.SqlState!, failed.Error!)],
            Citation = isTransaction ? new Citation("nontransactional-in-transaction", "What it locks") : null,
        };
    }
}
