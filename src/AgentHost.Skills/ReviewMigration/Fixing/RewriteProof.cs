using System.Collections.Immutable;
using AgentHost.Postgres;
using AgentHost.Postgres.Rows;
using AgentHost.Sql;
using AgentHost.Sql.Statements;
using Npgsql;

namespace AgentHost.Skills.ReviewMigration.Fixing;

/// <summary>Runs a migration and what it was rewritten to, each on a scratch database of its own, and compares the catalogs that they leave behind.</summary>
internal static class RewriteProof
{
    /// <summary>What the comparison shows.</summary>
    /// <param name="Holds">Whether the catalogs are the same; null where that cannot be told.</param>
    /// <param name="Text">A sentence that says so, or why not.</param>
    public sealed record Verdict(bool? Holds, string Text);

    private const int MaxRoles = 12;

    /// <summary>The longest that one statement runs.</summary>
    private const int StatementSeconds = 20;

    /// <summary>The rewritten migration with what the comparison shows; without its files where they fail or end elsewhere.</summary>
    public static async Task<MigrationRewrite> AttachAsync(
        MigrationRewrite rewrite, ImmutableArray<Script> schema, MigrationReplay replay, TransactionMode mode, CancellationToken ct)
    {
        await using var server = await PrivateServer.ConnectAsync(ct);
        var original = (replay.Script, replay.StartsInTransaction);
        var (holds, text) = await CompareAsync(server, schema, original, rewrite, mode, ProofRows.Options(replay), ct);
        if (holds is null)
            (holds, text) = await CompareAsync(server, schema, original, rewrite, mode, rows: null, ct);
        return holds == false
            ? rewrite with
            {
                Files = [],
                Fixed = [],
                Remaining = [.. rewrite.Fixed.Select(undone => new RemainingFinding(undone.Rule, undone.Line, Severity.Error, "its fix did not hold when it was run: do it by hand")).Concat(rewrite.Remaining).OrderBy(left => left.Line)],
                Refusal = text,
            }
            : rewrite with { Checks = rewrite.Checks.Add(text) };
    }

    /// <summary>Compares them.</summary>
    /// <param name="server">The private server.</param>
    /// <param name="schema">The scripts that lead to the state before the migration.</param>
    /// <param name="original">The migration, and whether its runner wraps it.</param>
    /// <param name="rewrite">What it was rewritten to.</param>
    /// <param name="mode">How the runner wraps files.</param>
    /// <param name="rows">The rows to run them on; null for what the schema's scripts put in.</param>
    /// <param name="ct">Ends it.</param>
    public static async Task<Verdict> CompareAsync(
        PrivateServer server, ImmutableArray<Script> schema, (Script Script, bool Wrapped) original, MigrationRewrite rewrite, TransactionMode mode, RowOptions? rows, CancellationToken ct)
    {
        var scripts = rewrite.Files.Select(file =>
        {
            var read = MigrationFile.Read(new MigrationSource(file.Name, file.Text));
            var script = PartialScript.Parse(read.UpText).Script;
            return (Script: script, Wrapped: TransactionState.Start(read, script, mode).IsOpen);
        }).ToImmutableArray();
        var additions = rewrite.Additions.Select(addition => (SqlParser.Parse(addition), false)).ToList();
        string how = "", on = rows is null ? "" : " with made-up rows";
        var (dump, failed) = await RunAsync(server, schema, [original, .. additions], rows, ct);
        if (failed is { Schema: true })
            return new(null, $"Catalogs not compared: the schema does not run: {failed.Message}.");
        if (failed is not null)
        {
            // What fails only because of the transaction around it is compared with its statements run one by one.
            var loose = original.Script with { Statements = original.Script.Statements.RemoveAll(statement => statement is TransactionControl) };
            how = ", its statements run one by one,";
            (dump, failed) = await RunAsync(server, schema, [(loose, false), .. additions], rows, ct);
        }

        var (fixedDump, broken) = await RunAsync(server, schema, scripts, rows, ct);
        if (broken is not null)
            return new(failed is not null && rows is not null ? null : false, $"The rewritten migration fails: {broken.Message} ({broken.Sql})");
        if (failed is not null)
            return new(null, $"The rewritten migration runs; the original fails ({failed.Message}), so that there is no catalog to compare.");
        if (dump != fixedDump && Unordered(dump!) == Unordered(fixedDump!))
            return new(true, $"Run on a scratch database{on}, original{how} and rewritten migration end in the same catalog (pg_dump -s), but for the order of columns of which one was made anew.");
        return dump == fixedDump
            ? new(true, $"Run on a scratch database{on}, original{how} and rewritten migration end in the same catalog (pg_dump -s){(rewrite.Additions.IsEmpty ? "" : ", but for what the fixes are meant to add")}.")
            : new(false, $"Run on a scratch database{on}, original{how} and rewritten migration end in different catalogs: {Difference(dump!, fixedDump!)}");
    }

    private sealed record Failure(string Message, string Sql, bool Schema);

    private static async Task<(string? Dump, Failure? Failure)> RunAsync(
        PrivateServer server, ImmutableArray<Script> schema, ImmutableArray<(Script Script, bool Wrapped)> migration, RowOptions? rows, CancellationToken ct)
    {
        var roles = new HashSet<string>(StringComparer.Ordinal);
        while (true)
        {
            await using var scratch = await server.CreateScratchAsync(ct);
            foreach (string role in roles)
                await scratch.AddRoleAsync(role, ct);
            var known = SchemaModel.Empty;
            Failure? failure = null;
            PostgresException? refused = null;
            foreach (var script in schema)
            {
                await MakeRunnerTablesAsync(scratch, script, known, ct);
                known = known.Apply(script);
                if (await ScratchSchema.RunAsync(scratch, script, ct) is { } obstacle)
                    (failure, refused) = (new(obstacle.Refused.MessageText, "", Schema: true), obstacle.Refused);
                if (failure is not null)
                    break;
            }

            if (failure is null && rows is not null)
                _ = await SyntheticRows.FillAsync(scratch, rows, ct);
            foreach (var (script, wrapped) in failure is null ? migration : [])
            {
                await MakeRunnerTablesAsync(scratch, script, known, ct);
                (failure, refused) = await RunAsync(scratch, script, wrapped, ct);
                if (failure is not null)
                    break;
            }

            if (refused is not null && ScratchSchema.MissingRole(refused.SqlState, refused.MessageText) is { } missing && roles.Count < MaxRoles && roles.Add(missing))
                continue;
            return failure is null ? (await scratch.DumpSchemaAsync(ct), null) : (null, failure);
        }
    }

    private static async Task MakeRunnerTablesAsync(ScratchDatabase scratch, Script script, SchemaModel known, CancellationToken ct)
    {
        foreach (var (_, sql) in RunnerTables.MissingFrom(script, known))
            await scratch.ExecuteAsync(sql, ct);
    }

    /// <summary>Runs a file as its runner would.</summary>
    private static async Task<(Failure? Failure, PostgresException? Refused)> RunAsync(ScratchDatabase scratch, Script script, bool wrapped, CancellationToken ct)
    {
        await using var connection = await scratch.OpenAsync(ct);
        if (wrapped)
            await ExecuteAsync(connection, "BEGIN", ct);
        for (int i = 0; i < script.Statements.Length; i++)
        {
            try
            {
                await ScratchDatabase.ExecuteAsync(connection, script, i, StatementSeconds, ct);
            }
            catch (PostgresException refused)
            {
                return (new Failure(refused.MessageText, StatementText.Shorten(script.TextOf(script.Statements[i])), Schema: false), refused);
            }
            catch (NpgsqlException late) when (late.InnerException is TimeoutException)
            {
                return (new Failure($"it did not end within {StatementSeconds} s", StatementText.Shorten(script.TextOf(script.Statements[i])), Schema: false), null);
            }
        }

        try
        {
            if (wrapped)
                await ExecuteAsync(connection, "COMMIT", ct);
            return (null, null);
        }
        catch (PostgresException refused)
        {
            return (new Failure(refused.MessageText, "COMMIT", Schema: false), refused);
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>The statements of a dump, the lines of each in alphabetical order.</summary>
    private static string Unordered(string dump) => string.Join("\n\n", dump.Split(";\n").Select(statement =>
        string.Join('\n', statement.Split('\n').Select(line => line.TrimEnd(',')).Order(StringComparer.Ordinal))));

    /// <summary>The lines that only one of them has, a few of them.</summary>
    private static string Difference(string one, string other)
    {
        var (left, right) = (one.Split('\n'), other.Split('\n'));
        var only = left.Except(right, StringComparer.Ordinal).Take(3).Select(line => $"- {line.Trim()}")
            .Concat(right.Except(left, StringComparer.Ordinal).Take(3).Select(line => $"+ {line.Trim()}")).ToList();
        return only.Count == 0 ? "the order differs" : string.Join("; ", only);
    }
}
