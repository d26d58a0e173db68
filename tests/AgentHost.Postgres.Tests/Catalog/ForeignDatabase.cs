using AgentHost.Sql;
using Npgsql;

namespace AgentHost.Postgres.Tests.Catalog;

/// <summary>A database of its own on a server that the test does not run, dropped afterwards.</summary>
internal sealed class ForeignDatabase : IAsyncDisposable
{
    private readonly string server;
    private readonly string name = $"agenthost_test_{Guid.NewGuid():N}";

    private ForeignDatabase(string server) => this.server = server;

    /// <summary>Servers of other versions, which are no part of the installation: connection strings of superusers, separated by blanks (see CONTRIBUTING.md).</summary>
    public static string[] Servers => (Environment.GetEnvironmentVariable("AGENTHOST_TEST_SERVERS") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Its address.</summary>
    public string Address => new NpgsqlConnectionStringBuilder(server) { Database = name, Pooling = false }.ConnectionString;

    /// <summary>Its address for an ordinary role that may read the tables of these schemas.</summary>
    public async Task<string> AddressOfReaderAsync(params string[] schemas)
    {
        await AdministerAsync($"create role {name} login password '{name}'");
        await TryAsync(schemas.Select(schema => $"grant usage on schema {schema} to {name}").Concat(schemas.Select(schema => $"grant select on all tables in schema {schema} to {name}")));
        return new NpgsqlConnectionStringBuilder(Address) { Username = name, Password = name }.ConnectionString;
    }

    public static async Task<ForeignDatabase> CreateAsync(string server)
    {
        var database = new ForeignDatabase(server);
        await database.AdministerAsync($"create database {database.name} template template0");
        return database;
    }

    /// <summary>Runs those statements that the server's version knows.</summary>
    public Task TryAsync(Script script) => TryAsync(script.Statements.Select(script.TextOf));

    /// <summary>Runs those that the server's version knows.</summary>
    public async Task TryAsync(IEnumerable<string> statements)
    {
        await using var connection = new NpgsqlConnection(Address);
        await connection.OpenAsync();
        foreach (var statement in statements)
        {
            try
            {
                await using var command = new NpgsqlCommand(statement, connection) { AllResultTypesAreUnknown = true };
                await command.ExecuteNonQueryAsync();
            }
            catch (PostgresException e) when (e.SqlState is not (PostgresErrorCodes.InternalError or PostgresErrorCodes.CrashShutdown))
            {
                if (connection.State == System.Data.ConnectionState.Open)
                    continue;
                await connection.CloseAsync();
                await connection.OpenAsync();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await AdministerAsync($"drop database {name}");
        await AdministerAsync($"drop role if exists {name}");
    }

    private async Task AdministerAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(server);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
