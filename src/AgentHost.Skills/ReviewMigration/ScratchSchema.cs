using System.Text.RegularExpressions;
using AgentHost.Postgres;
using AgentHost.Sql;
using Npgsql;

namespace AgentHost.Skills.ReviewMigration;

/// <summary>Brings a scratch database to the state before a migration, from texts that were made for another server.</summary>
internal static partial class ScratchSchema
{
    /// <summary>The longest that one statement runs.</summary>
    private const int StatementSeconds = 20;

    /// <summary>Why a script did not run.</summary>
    /// <param name="Line">Where.</param>
    /// <param name="Refused">PostgreSQL's error.</param>
    public sealed record Obstacle(int Line, PostgresException Refused);

    /// <summary>
    /// Runs a schema without what says who owns it and who may use it: those roles are another server's, and no lock or rewrite depends on them.
    /// </summary>
    public static async Task<Obstacle?> RunAsync(ScratchDatabase scratch, Script script, CancellationToken ct)
    {
        await using var connection = await scratch.OpenAsync(ct);
        for (int i = 0; i < script.Statements.Length; i++)
        {
            string text = script.TextOf(script.Statements[i]);
            if (OfTheServer().IsMatch(text))
                continue;
            try
            {
                await ScratchDatabase.ExecuteAsync(connection, script, i, StatementSeconds, ct);
            }
            catch (PostgresException refused)
            {
                if (!IsThereAlready(refused, text))
                    return new(script.Statements[i].Span.Line, refused);
            }
            catch (NpgsqlException late) when (late.InnerException is TimeoutException)
            {
                return new(script.Statements[i].Span.Line, new PostgresException($"it did not end within {StatementSeconds} s", "ERROR", "ERROR", PostgresErrorCodes.QueryCanceled));
            }
        }

        return null;
    }

    /// <summary>The role whose absence made a statement fail, or null.</summary>
    public static string? MissingRole(string? sqlState, string? message) =>
        sqlState == PostgresErrorCodes.UndefinedObject && message is not null && Role().Match(message) is { Success: true } role ? role.Groups["name"].Value : null;

    /// <summary>pg_dump writes CREATE SCHEMA public where that schema was asked for or changed.</summary>
    private static bool IsThereAlready(PostgresException refused, string text) =>
        refused.SqlState == PostgresErrorCodes.DuplicateSchema && PublicSchema().IsMatch(text);

    [GeneratedRegex(
        """
        ^(?:
          (?: GRANT | REVOKE | REASSIGN | SECURITY\s+LABEL | ALTER\s+DEFAULT\s+PRIVILEGES
            | (?:SET|RESET)\s+(?:LOCAL\s+|SESSION\s+)?(?:ROLE|SESSION\s+AUTHORIZATION|DEFAULT_TABLESPACE)
            | (?:CREATE|ALTER|DROP)\s+(?:ROLE|USER(?!\s+MAPPING)|GROUP|TABLESPACE|DATABASE|EVENT\s+TRIGGER|SUBSCRIPTION|PUBLICATION)
            | COMMENT\s+ON\s+(?:EXTENSION|DATABASE|ROLE|TABLESPACE|EVENT\s+TRIGGER|SUBSCRIPTION|PUBLICATION) )\b
          | ALTER\s[^;']*\sOWNER\s+TO\s+\S+\s*$ )
        """,
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace, 1000)]
    private static partial Regex OfTheServer();

    [GeneratedRegex(@"^CREATE\s+SCHEMA\s+(?:""public""|public)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex PublicSchema();

    [GeneratedRegex("^role \"(?<name>.+)\" does not exist$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Role();
}
