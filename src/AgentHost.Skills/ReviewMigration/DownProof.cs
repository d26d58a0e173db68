using AgentHost.Postgres;
using AgentHost.Sql;
using Npgsql;

namespace AgentHost.Skills.ReviewMigration;

/// <summary>Takes a migration back on the scratch database that it was run on, and runs it again.</summary>
internal static class DownProof
{
    /// <summary>The longest that one statement runs.</summary>
    private const int StatementSeconds = 5;

    /// <summary>What went wrong first; null where the catalog was restored and the second way up ended where the first did.</summary>
    /// <param name="scratch">The database behind the migration.</param>
    /// <param name="up">The migration.</param>
    /// <param name="down">What takes it back.</param>
    /// <param name="before">The catalog before the migration, as pg_dump writes it.</param>
    /// <param name="ct">Ends it.</param>
    public static async Task<DownOutcome?> RunAsync(ScratchDatabase scratch, Script up, Script down, string before, CancellationToken ct)
    {
        string after = await scratch.DumpSchemaAsync(ct);
        if (await StepAsync(scratch, down, DownStep.Down, ct) is { } failed)
            return failed;
        string undone = await scratch.DumpSchemaAsync(ct);
        var difference = CatalogDifference.Between(before, undone);
        if (difference is { IsOrderOnly: false })
            return new(DownStep.Down, difference);
        if (await StepAsync(scratch, up, DownStep.UpAgain, ct) is { } refused)
            return refused;
        return CatalogDifference.Between(after, await scratch.DumpSchemaAsync(ct)) is { IsOrderOnly: false } again ? new(DownStep.UpAgain, again)
            : difference is null ? null : new(DownStep.Down, difference);
    }

    private static async Task<DownOutcome?> StepAsync(ScratchDatabase scratch, Script script, DownStep step, CancellationToken ct)
    {
        await using var connection = await scratch.OpenAsync(ct);
        for (int i = 0; i < script.Statements.Length; i++)
        {
            try
            {
                await ScratchDatabase.ExecuteAsync(connection, script, i, StatementSeconds, ct);
            }
            catch (PostgresException refused)
            {
                return new(step, null, refused.SqlState, refused.MessageText, script.Statements[i].Span.Line);
            }
            catch (NpgsqlException late) when (late.InnerException is TimeoutException)
            {
                return new(step, null, PostgresErrorCodes.QueryCanceled, $"it did not end within {StatementSeconds} s", script.Statements[i].Span.Line);
            }
        }

        return null;
    }
}
