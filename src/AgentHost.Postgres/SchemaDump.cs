using System.Text;
using AgentHost.Postgres.Server;
using Npgsql;

namespace AgentHost.Postgres;

/// <summary>Runs <c>pg_dump</c> of our own installation.</summary>
internal static class SchemaDump
{
    public static async Task<string> RunAsync(NpgsqlConnectionStringBuilder connection, CancellationToken ct)
    {
        var installation = Installation.Current;
        installation.Require();
        var start = new System.Diagnostics.ProcessStartInfo(
            installation.Program("pg_dump"),
            ["--schema-only", "--no-owner", "--no-privileges", "--no-comments", "--quote-all-identifiers", "--host", connection.Host!, "--port", "5432",
                "--username", connection.Username!, connection.Database!])
        {
            UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment.Clear();
        start.Environment["LC_ALL"] = "C";
        var result = await ProcessResult.RunAsync(start, ct);
        return result.ExitCode == 0
            ? WithoutNoise(result.Output)
            : throw new PostgresUnavailableException($"pg_dump of the scratch database failed: {result.Error.Trim()}");
    }

    /// <summary>Leaves out what is the same, or random, in every dump: comments, SET lines, psql's \restrict, blank lines.</summary>
    private static string WithoutNoise(string dump)
    {
        var kept = new StringBuilder();
        foreach (var line in dump.Split('\n'))
        {
            if (line.Length != 0 && !line.StartsWith("--", StringComparison.Ordinal) && !line.StartsWith("SET ", StringComparison.Ordinal)
                && !line.StartsWith("SELECT pg_catalog.set_config(", StringComparison.Ordinal)
                && !line.StartsWith("\\restrict ", StringComparison.Ordinal) && !line.StartsWith("\\unrestrict ", StringComparison.Ordinal))
            {
                kept.Append(line).Append('\n');
            }
        }

        return kept.ToString();
    }
}
