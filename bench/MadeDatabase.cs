using System.Diagnostics;
using System.Text;
using AgentHost.Postgres;
using Npgsql;

namespace AgentHost.Bench;

/// <summary>A database with real rows for a benchmark, made by a script on the private server, vacuumed and analyzed; dropped on disposal.</summary>
public sealed class MadeDatabase : IAsyncDisposable
{
    private const string Unseen = """
        select oid::text from pg_class
        where relkind in ('r', 'm') and relnamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace) and relpages > 50 and relallvisible < 0.98 * relpages limit 1
        """;

    private MadeDatabase(ScratchDatabase scratch, TimeSpan time) => (Scratch, Time) = (scratch, time);

    public ScratchDatabase Scratch { get; }

    /// <summary>How long making it took.</summary>
    public TimeSpan Time { get; }

    /// <summary>Runs the script (psql's <c>\include FILE</c>, relative to the script, is understood), then VACUUM and ANALYZE.</summary>
    public static async Task<MadeDatabase> MakeAsync(PrivateServer server, string script, CancellationToken ct = default)
    {
        var clock = Stopwatch.StartNew();
        var scratch = await server.CreateScratchAsync(ct);
        try
        {
            await scratch.ExecuteAsync(Read(script), ct);
            await using var connection = await scratch.OpenAsync(ct);
            await RunAsync(connection, "vacuum analyze", ct);
            // A snapshot that autovacuum's ANALYZE held meanwhile keeps pages from being known as visible to all.
            for (var tries = 0; tries < 20 && await ScalarAsync(connection, Unseen, ct) is not null; tries++)
                await RunAsync(connection, "vacuum", ct);
            return new MadeDatabase(scratch, clock.Elapsed);
        }
        catch
        {
            await scratch.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs one statement, however long it takes.</summary>
    public static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken ct = default)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0, AllResultTypesAreUnknown = true };
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>The first value of a statement's first row, as text.</summary>
    public static async Task<string?> ScalarAsync(NpgsqlConnection connection, string sql, CancellationToken ct = default)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0, AllResultTypesAreUnknown = true };
        return await command.ExecuteScalarAsync(ct) as string;
    }

    public ValueTask DisposeAsync() => Scratch.DisposeAsync();

    /// <summary>The script with what it includes.</summary>
    public static string Read(string script)
    {
        var text = new StringBuilder();
        foreach (var line in File.ReadLines(script))
        {
            const string Include = "\\include ";
            if (line.StartsWith(Include, StringComparison.Ordinal))
                text.Append(Read(Path.Combine(Path.GetDirectoryName(script)!, line[Include.Length..].Trim())));
            else
                text.Append(line).Append('\n');
        }
        return text.ToString();
    }
}
