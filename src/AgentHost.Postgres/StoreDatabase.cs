using Npgsql;

namespace AgentHost.Postgres;

/// <summary>The database where knowledge lives. It outlives its server's death: work that loses its connection is done once more when the server is back.</summary>
public sealed class StoreDatabase : IAsyncDisposable
{
    private const string Name = "agenthost";
    private const long SetupLock = 0x6167656e74686f73; // "agenthos": one host at a time makes the extension

    private readonly SemaphoreSlim gate = new(1, 1);
    private readonly Func<CancellationToken, Task<NpgsqlDataSource>> open;
    private readonly Func<Exception, PostgresUnavailableException> unavailable;
    private volatile NpgsqlDataSource source;

    private StoreDatabase(NpgsqlDataSource source, Func<CancellationToken, Task<NpgsqlDataSource>> open, Func<Exception, PostgresUnavailableException> unavailable) =>
        (this.source, this.open, this.unavailable) = (source, open, unavailable);

    /// <summary>
    /// Opens the store with extension <c>vector</c>: the database that <c>AGENTHOST_STORE</c> names (a keyword string or a postgres:// URL),
    /// else <c>agenthost</c> on the private server.
    /// </summary>
    /// <exception cref="PostgresUnavailableException">It cannot be reached, or pgvector is missing there; the message tells what to do.</exception>
    public static async Task<StoreDatabase> OpenAsync(CancellationToken ct = default)
    {
        var given = Environment.GetEnvironmentVariable("AGENTHOST_STORE");
        return string.IsNullOrWhiteSpace(given) ? await OpenPrivateAsync(PrivateServer.ConnectAsync, ct) : await OpenGivenAsync(given, ct);
    }

    /// <summary>A store in a database that is open already and has the extension; where the server is gone, it is not started again.</summary>
    /// <param name="source">Stays the caller's until the store is disposed.</param>
    public static StoreDatabase Over(NpgsqlDataSource source) => new(source, _ => Task.FromResult(source), PrivateIsGone);

    /// <summary>
    /// Works on a connection. Where the connection is lost, the server is sought again (the private one is started where it has died) and the work begins
    /// anew, once; so it must not matter if it is done twice.
    /// </summary>
    /// <exception cref="PostgresUnavailableException">The server stays away; the message tells what to do.</exception>
    public async Task<T> UseAsync<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(work);
        var used = source;
        try
        {
            return await AttemptAsync(used, work, ct);
        }
        catch (NpgsqlException e) when (ConnectionLoss.Is(e))
        {
            await ReopenAsync(used, ct);
        }

        try
        {
            return await AttemptAsync(source, work, ct);
        }
        catch (NpgsqlException e) when (ConnectionLoss.Is(e))
        {
            throw unavailable(e);
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await source.DisposeAsync();
        gate.Dispose();
    }

    internal static async Task<StoreDatabase> OpenPrivateAsync(Func<CancellationToken, Task<PrivateServer>> find, CancellationToken ct)
    {
        return new StoreDatabase(await OpenAsync(ct), OpenAsync, PrivateIsGone);

        async Task<NpgsqlDataSource> OpenAsync(CancellationToken ct)
        {
            var server = await find(ct);
            try
            {
                await server.AdministerAsync(admin => CreateDatabaseAsync(admin, ct), ct);
                return await PrepareAsync(server.ConnectionString(Name), ct);
            }
            catch (NpgsqlException e) when (ConnectionLoss.Is(e))
            {
                throw PrivateIsGone(e);
            }
        }
    }

    internal static async Task<StoreDatabase> OpenGivenAsync(string given, CancellationToken ct)
    {
        var connection = TargetConnection.Parse("AGENTHOST_STORE", given);
        return new StoreDatabase(await OpenAsync(ct), OpenAsync, connection.Unavailable);

        async Task<NpgsqlDataSource> OpenAsync(CancellationToken ct)
        {
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
    }

    private static PostgresUnavailableException PrivateIsGone(Exception cause) => new(
        $"The knowledge store's server went away and cannot be reached again: {cause.Message.TrimEnd('.')}. Try again; if it stays so, `agenthost doctor` tells why.", cause);

    private static async Task<T> AttemptAsync<T>(NpgsqlDataSource from, Func<NpgsqlConnection, Task<T>> work, CancellationToken ct)
    {
        await using var connection = await from.OpenConnectionAsync(ct);
        return await work(connection);
    }

    private async Task ReopenAsync(NpgsqlDataSource lost, CancellationToken ct)
    {
        await gate.WaitAsync(ct);
        try
        {
            if (source != lost)
                return; // another caller was first
            lost.Clear(); // not disposed: others may be about to open a connection from it
            source = await open(ct);
        }
        finally
        {
            gate.Release();
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
