using AgentHost.Sql;
using Npgsql;

namespace AgentHost.Postgres.Tests.Catalog;

/// <summary>A database of its own on a server that the test does not run, dropped afterwards.</summary>
internal sealed class ForeignDatabase : IAsyncDisposable
{
    private readonly string server;
    private readonly string name = $"agenthost_test_{Guid.NewGuid():N}";

    private ForeignDatabase(string server) => this.server = server;

    /// <summary>Its address.</summary>
    public string Address => new NpgsqlConnectionStringBuilder(server) { Database = name, Pooling = false }.ConnectionString;

    public static async Task<ForeignDatabase> CreateAsync(string server)
    {
        var database = new ForeignDatabase(server);
        await database.AdministerAsync($"create database {database.name} template template0");
        return database;
    }

    /// <summary>Runs those statements that the server's version knows.</summary>
    public async Task TryAsync(Script script)
    {
        await using var connection = new NpgsqlConnection(Address);
        await connection.OpenAsync();
        foreach (var statement in script.Statements)
        {
            try
            {
                await using var command = new NpgsqlCommand(script.TextOf(statement), connection) { AllResultTypesAreUnknown = true };
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

    public async ValueTask DisposeAsync() => await AdministerAsync($"drop database {name}");

    private async Task AdministerAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(server);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
