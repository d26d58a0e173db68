using AgentHost.Postgres.Server;
using Npgsql;

namespace AgentHost.Postgres;

/// <summary>
/// A PostgreSQL of our own: reachable through a Unix socket only, in a folder that only its account (and root) may enter. All hosts of a
/// user share one server; it is started by the first, and stopped when the process of the last one ends.
/// </summary>
public sealed class PrivateServer : IAsyncDisposable
{
    /// <summary>The role that owns the cluster.</summary>
    internal const string Superuser = "agenthost";

    private static readonly SemaphoreSlim Gate = new(1, 1);
    private static ServerLease? shared;
    private readonly ServerLease lease;

    internal PrivateServer(ServerLease lease) => this.lease = lease;

    /// <summary>
    /// Finds the server, or makes and starts it (first time about a second, later 0.15 s, a few milliseconds where it runs).
    /// The process keeps it in use until it ends: give the result back or keep it, asking again is cheap.
    /// </summary>
    /// <exception cref="PostgresUnavailableException">It is not installed or does not start; the message tells what to do.</exception>
    public static async Task<PrivateServer> ConnectAsync(CancellationToken ct = default)
    {
        await Gate.WaitAsync(ct);
        try
        {
            if (shared is null)
            {
                shared = await ServerLease.AcquireAsync(ServerLease.DefaultFolder, Installation.Current, ct);
                AppDomain.CurrentDomain.ProcessExit += (_, _) => shared.Leave();
            }
            else
            {
                await shared.HealAsync(ct);
            }

            return new PrivateServer(shared);
        }
        finally
        {
            Gate.Release();
        }
    }

    /// <summary>The Npgsql connection string of a database on this server, as its superuser; pooled.</summary>
    public string ConnectionString(string database) => lease.Connection(database).ConnectionString;

    /// <summary>Makes an empty database for a proof (about 70 ms), owned by a role that is no superuser.</summary>
    /// <exception cref="PostgresUnavailableException">The server has died and does not start again.</exception>
    public Task<ScratchDatabase> CreateScratchAsync(CancellationToken ct = default) => CreateScratchAsync("", ct);

    /// <summary>As <see cref="CreateScratchAsync(CancellationToken)"/>, with options of CREATE DATABASE that tell how text is ordered.</summary>
    internal async Task<ScratchDatabase> CreateScratchAsync(string locale, CancellationToken ct)
    {
        try
        {
            return await ScratchDatabase.CreateAsync(lease, ct, locale);
        }
        catch (NpgsqlException e) when (e is not PostgresException { SqlState: not (PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.AdminShutdown) })
        {
            await lease.HealAsync(ct); // it died since we connected
            return await ScratchDatabase.CreateAsync(lease, ct, locale);
        }
    }

    /// <summary>Works on a scratch database of its own. Where the server dies under it, the work begins anew on another one, once.</summary>
    /// <exception cref="PostgresUnavailableException">The server died twice; the message tells what to do.</exception>
    public async Task<T> UseScratchAsync<T>(Func<ScratchDatabase, Task<T>> work, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(work);
        try
        {
            return await AttemptAsync();
        }
        catch (NpgsqlException e) when (ConnectionLoss.Is(e))
        {
            await lease.HealAsync(ct);
        }

        try
        {
            return await AttemptAsync();
        }
        catch (NpgsqlException e) when (ConnectionLoss.Is(e))
        {
            throw new PostgresUnavailableException(
                $"The private PostgreSQL went away during the proof, and again when it was tried once more: {e.Message.TrimEnd('.')}. Try again; if it stays so, `agenthost doctor` tells why.", e);
        }

        async Task<T> AttemptAsync()
        {
            await using var scratch = await CreateScratchAsync(ct);
            return await work(scratch);
        }
    }

    /// <summary>Runs work on a connection to the database <c>postgres</c> as superuser.</summary>
    internal async Task AdministerAsync(Func<NpgsqlConnection, Task> work, CancellationToken ct)
    {
        await using var admin = await lease.OpenAdminAsync(ct);
        await work(admin);
    }

    /// <summary>Gives the server back. It goes on running for the other users and until this process ends.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
