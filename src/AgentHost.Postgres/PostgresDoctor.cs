using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using AgentHost.Sql;
using Npgsql;

namespace AgentHost.Postgres;

/// <summary>Looks at the private PostgreSQL and its parts.</summary>
public static class PostgresDoctor
{
    private const string Install = "Run eng/install-postgres.";

    /// <summary>Installation, parser library, server, scratch databases, pgvector and HypoPG. Starts the server where it does not run; never throws for what it finds.</summary>
    public static Task<ImmutableArray<DoctorLine>> ExamineAsync(CancellationToken ct = default) =>
        ExamineAsync(Installation.Current, PrivateServer.ConnectAsync, ct);

    internal static async Task<ImmutableArray<DoctorLine>> ExamineAsync(
        Installation installation, Func<CancellationToken, Task<PrivateServer>> connect, CancellationToken ct)
    {
        var lines = ImmutableArray.CreateBuilder<DoctorLine>();
        lines.Add(installation.Exists
            ? new DoctorLine("PostgreSQL", true, $"installed in {installation.Root}", null)
            : new DoctorLine("PostgreSQL", false, $"not installed in {installation.Root}, or not all of it is there", Install));
        lines.Add(Parser());
        if (!installation.Exists)
            return lines.ToImmutable();
        try
        {
            await using var server = await connect(ct);
            await using var connection = new NpgsqlConnection(server.ConnectionString("postgres"));
            await connection.OpenAsync(ct);
            lines.Add(new DoctorLine("Private server", true, $"PostgreSQL {connection.PostgreSqlVersion}, socket in {connection.Host}", null));
            var clock = Stopwatch.StartNew();
            await using var scratch = await server.CreateScratchAsync(ct);
            lines.Add(new DoctorLine("Scratch databases", true, $"made in {clock.ElapsedMilliseconds.ToString(CultureInfo.InvariantCulture)} ms", null));
            lines.Add(await ExtensionAsync(scratch, "pgvector", "vector", ct));
            lines.Add(await ExtensionAsync(scratch, "HypoPG", "hypopg", ct));
        }
        catch (Exception e) when (e is PostgresUnavailableException or NpgsqlException)
        {
            lines.Add(new DoctorLine("Private server", false, e.Message, "Run eng/install-postgres, which repairs what is missing, then with --check; and see server/server.log in " + DataFolder.Path + "."));
        }

        return lines.ToImmutable();
    }

    private static async Task<DoctorLine> ExtensionAsync(ScratchDatabase scratch, string item, string extension, CancellationToken ct)
    {
        try
        {
            await scratch.ExecuteAsync($"create extension {extension}", ct);
            await using var connection = await scratch.OpenAsync(ct);
            await using var version = new NpgsqlCommand("select extversion from pg_extension where extname = $1", connection) { Parameters = { new() { Value = extension } } };
            return new DoctorLine(item, true, $"version {await version.ExecuteScalarAsync(ct)}", null);
        }
        catch (PostgresException e)
        {
            return new DoctorLine(item, false, e.MessageText, Install);
        }
    }

    private static DoctorLine Parser()
    {
        try
        {
            SqlParser.Parse("select 1");
            return new DoctorLine("Parser library", true, "libpg_query reads PostgreSQL 17's grammar", null);
        }
        catch (ParserUnavailableException e)
        {
            return new DoctorLine("Parser library", false, e.Message, Install);
        }
    }
}
