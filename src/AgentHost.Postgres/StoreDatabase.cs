using Npgsql;

namespace AgentHost.Postgres;

/// <summary>The database where knowledge lives.</summary>
public static class StoreDatabase
{
    private const string Name = "agenthost";
    private const long SetupLock = 0x6167656e74686f73; // "agenthos": one host at a time makes the extension

    /// <summary>
    /// Opens the store with extension <c>vector</c>: the database that <c>AGENTHOST_STORE</c> names (a keyword string or a postgres:// URL),
    /// else <c>agenthost</c> on the private server.
    /// </summary>
    /// <exception cref="PostgresUnavailableException">It cannot be reached, or pgvector is missing there; the message tells what to do.</exception>
    public static async Task<NpgsqlDataSource> OpenAsync(CancellationToken ct = default)
    {
        var given = Environment.GetEnvironmentVariable("AGENTHOST_STORE");
        return string.IsNullOrWhiteSpace(given) ? await OpenPrivateAsync(await PrivateServer.ConnectAsync(ct), ct) : await OpenGivenAsync(given, ct);
    }

    internal static async Task<NpgsqlDataSource> OpenPrivateAsync(PrivateServer server, CancellationToken ct)
    {
        await server.AdministerAsync(admin => CreateDatabaseAsync(admin, ct), ct);
        return await PrepareAsync(server.ConnectionString(Name), ct);
    }

    internal static async Task<NpgsqlDataSource> OpenGivenAsync(string given, CancellationToken ct)
    {
        var connection = TargetConnection.Parse("AGENTHOST_STORE", given);
        try
        {
            return await PrepareAsync(connection.Builder.ConnectionString, ct);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UndefinedFile or PostgresErrorCodes.FeatureNotSupported or PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new PostgresUnavailableException(
                $"The store named by AGENTHOST_STORE has no extension 'vector', and it cannot be made: {connection.Redact(e.MessageText)}. "
                + "Install pgvector there and run CREATE EXTENSION vector as a superuser, or unset AGENTHOST_STORE to use the private server.");
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            throw connection.Unavailable(e);
        }
    }

    private static async Task CreateDatabaseAsync(NpgsqlConnection admin, CancellationToken ct)
    {
        await using var exists = new NpgsqlCommand("select 1 from pg_database where datname = $1", admin) { Parameters = { new() { Value = Name } } };
        if (await exists.ExecuteScalarAsync(ct) is not null)
            return;
        try
        {
            await using var create = new NpgsqlCommand($"create database {Name} template template0 strategy wal_log", admin);
            await create.ExecuteNonQueryAsync(ct);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.DuplicateDatabase or PostgresErrorCodes.UniqueViolation)
        {
            return; // another host was first
        }

        await using var close = new NpgsqlCommand($"revoke connect on database {Name} from public", admin);
        await close.ExecuteNonQueryAsync(ct);
    }

    private static async Task<NpgsqlDataSource> PrepareAsync(string connectionString, CancellationToken ct)
    {
        // A connection of its own: the pool's connections load the types once, and must find the vector type.
        await using (var setup = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString))
        {
            await setup.OpenAsync(ct);
            await using var has = new NpgsqlCommand("select 1 from pg_extension where extname = 'vector'", setup);
            if (await has.ExecuteScalarAsync(ct) is null)
            {
                await using var create = new NpgsqlCommand($"select pg_advisory_lock({SetupLock}); create extension if not exists vector", setup);
                await create.ExecuteNonQueryAsync(ct);
            }
        }

        return NpgsqlDataSource.Create(connectionString);
    }
}
