using System.Collections.Immutable;
using AgentHost.Postgres;
using AgentHost.Sql;
using Npgsql;

namespace AgentHost.Skills.ReviewMigration;

/// <summary>Runs migrations on a scratch database and lays what was seen beside what the rules claim.</summary>
internal sealed class MigrationProof(ImmutableArray<(string Name, Script Script)> schema, IProgress<string>? progress) : IAsyncDisposable
{
    /// <summary>The private server's major version.</summary>
    private const int ServerVersion = 17;

    private readonly List<(string Name, Script Script)> history = [.. schema];
    private PrivateServer? server;

    /// <summary>Runs a migration after the schema and attaches what was observed to its findings; an error without a finding becomes one.</summary>
    /// <param name="replay">The migration.</param>
    /// <param name="findings">What the rules found.</param>
    /// <param name="keep">Whether later migrations run after this one.</param>
    /// <param name="ct">Ends it.</param>
    /// <exception cref="PostgresUnavailableException">The private server cannot be started.</exception>
    public async Task<(ImmutableArray<Finding> Findings, IReadOnlyList<string>? Notes)> AttachAsync(
        MigrationReplay replay, ImmutableArray<Finding> findings, bool keep, CancellationToken ct)
    {
        progress?.Report($"Running {replay.File.Name} on a scratch database");
        server ??= await PrivateServer.ConnectAsync(ct);
        await using var scratch = await server.CreateScratchAsync(ct);
        var notes = new List<string>();
        if (await PrepareAsync(scratch, ct) is { } broken)
            notes.Add(broken);
        else
            findings = Attach(replay, findings, await MigrationObserver.ObserveAsync(scratch, replay.Script, replay.StartsInTransaction, ct), notes);
        if (replay.PgVersion != ServerVersion && notes.Count == 0)
            notes.Add($"Observed on PostgreSQL {ServerVersion}; the target is {replay.PgVersion}, where locks, rewrites and scans may differ.");
        if (keep)
            history.Add((replay.File.Name, replay.Script));
        return (findings, notes.Count == 0 ? null : notes);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (server is not null)
            await server.DisposeAsync();
    }

    /// <summary>Brings the database to the state before the migration; tells why where that is not possible.</summary>
    private async Task<string?> PrepareAsync(ScratchDatabase scratch, CancellationToken ct)
    {
        await using var connection = await scratch.OpenAsync(ct);
        foreach (var (name, script) in history)
        {
            foreach (var statement in script.Statements)
            {
                if (script.TextOf(statement) is var text && CopyData.IsFromClient(statement, text))
                    continue;
                try
                {
                    await using var command = new NpgsqlCommand(text, connection) { AllResultTypesAreUnknown = true };
                    await command.ExecuteNonQueryAsync(ct);
                }
                catch (PostgresException refused)
                {
                    return $"Not proven: {name}, line {statement.Span.Line}, does not run on an empty database: {refused.MessageText}.";
                }
            }
        }

        return null;
    }

    private ImmutableArray<Finding> Attach(
        MigrationReplay replay, ImmutableArray<Finding> findings, ImmutableArray<StatementObservation> observations, List<string> notes)
    {
        var attached = findings.Select(finding => finding.StatementIndex >= 0 && finding.StatementIndex < observations.Length
            ? finding with { Evidence = Evidence(finding, observations[finding.StatementIndex]) }
            : finding).ToList();
        if (observations.FirstOrDefault(observation => observation.SqlState is not null) is not { } failed)
            return [.. attached];

        int line = replay.Statements[failed.StatementIndex].Statement.Span.Line;
        if (Gap(failed) is { } gap)
            notes.Add($"Not proven from line {line} on: {gap}");
        else if (!attached.Exists(finding => finding.StatementIndex == failed.StatementIndex && !finding.IsAdvice))
            attached.Add(Failure(replay, failed));
        if (failed.StatementIndex < observations.Length - 1)
            notes.Add($"What stands behind line {line} was not run: the statement there fails.");
        return [.. attached];
    }

    /// <summary>What was observed takes the place of what is only stated, where there is something.</summary>
    private static ImmutableArray<Evidence> Evidence(Finding finding, StatementObservation observation)
    {
        ImmutableArray<Evidence> seen =
        [
            .. observation.Locks.Where(held => held.Mode >= LockMode.ShareUpdateExclusive).Select(held => new LockObserved(held.Relation, held.Mode)),
            .. observation.RewrittenRelations.Select(relation => new RewriteObserved(relation)),
            .. observation.ScannedRelations.Select(relation => new ScanObserved(relation)),
        ];
        if (observation is { SqlState: { } state, Error: { } error })
            seen = seen.Add(new ErrorObserved(state, error));
        return seen.IsEmpty ? finding.Evidence : seen;
    }

    /// <summary>Why a failure says something about what the proof was given, not about the migration; null where it is the migration's own.</summary>
    private string? Gap(StatementObservation failed) => failed.SqlState switch
    {
        PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedObject or PostgresErrorCodes.UndefinedColumn or PostgresErrorCodes.UndefinedFunction
            or PostgresErrorCodes.InvalidSchemaName when schema.IsEmpty && history.Count == 0 =>
            $"{failed.Error}. The proof needs the database as it is before the migration: give it with --schema.",
        PostgresErrorCodes.UndefinedObject when failed.Error!.StartsWith("role ", StringComparison.Ordinal) => $"{failed.Error}. Create the role in the schema you give.",
        PostgresErrorCodes.InsufficientPrivilege => $"{failed.Error}. The scratch database's owner is no superuser.",
        PostgresErrorCodes.UndefinedFile => $"{failed.Error}. The extension is not installed on the private server.",
        PostgresErrorCodes.FeatureNotSupported when failed.Error!.StartsWith("extension ", StringComparison.Ordinal) => $"{failed.Error}.",
        PostgresErrorCodes.QueryCanceled => $"{failed.Error}.",
        _ => null,
    };

    private static Finding Failure(MigrationReplay replay, StatementObservation failed)
    {
        var statement = replay.Statements[failed.StatementIndex];
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

/// <summary>COPY … FROM stdin, whose rows the parser passes over.</summary>
internal static class CopyData
{
    public static bool IsFromClient(Sql.Statements.Statement statement, string text) =>
        statement is Sql.Statements.OtherStatement { Kind: "CopyStmt" } && text.Contains("stdin", StringComparison.OrdinalIgnoreCase);
}
