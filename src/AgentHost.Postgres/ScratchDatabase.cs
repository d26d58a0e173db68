using AgentHost.Postgres.Server;
using AgentHost.Sql;
using Npgsql;

namespace AgentHost.Postgres;

/// <summary>
/// An empty database on the private server for one proof, dropped on disposal with whoever is still connected. What a killed process
/// leaves is dropped when the next one connects or makes a scratch database. Its owner is no superuser: SQL that runs here reaches neither files nor programs nor other databases.
/// </summary>
public sealed class ScratchDatabase : IAsyncDisposable
{
    private readonly ServerLease lease;
    private readonly NpgsqlDataSource source;
    private readonly Lazy<NpgsqlDataSource> superuser;
    private int disposed;

    private ScratchDatabase(ServerLease lease, string name)
    {
        this.lease = lease;
        Name = name;
        // Of its own, so that Npgsql forgets them with the database.
        source = Source(Name);
        superuser = new(() => Source(PrivateServer.Superuser));
    }

    /// <summary>The database's name, and its owner's.</summary>
    public string Name { get; }

    /// <summary>The Npgsql connection string, as the database's owner; not pooled.</summary>
    public string ConnectionString => Connection(Name).ConnectionString;

    /// <summary>As <see cref="ConnectionString"/>, but as the server's superuser.</summary>
    internal string SuperuserConnectionString => Connection(PrivateServer.Superuser).ConnectionString;

    /// <summary>Opens a connection as the server's superuser: to watch, or to set up what an owner may not.</summary>
    internal async Task<NpgsqlConnection> OpenSuperuserAsync(CancellationToken ct) => await superuser.Value.OpenConnectionAsync(ct);

    /// <summary>The cluster's folder, below which its files lie.</summary>
    internal string DataFolder => lease.DataFolderPath;

    internal static async Task<ScratchDatabase> CreateAsync(ServerLease lease, CancellationToken ct, string locale = "")
    {
        var name = lease.NextScratchName();
        await using var admin = await lease.OpenAdminAsync(ct);
        await lease.SweepAsync(admin, ct);
        try
        {
            // WAL_LOG copies template0 in about 65 ms; FILE_COPY takes twice as long for its two checkpoints.
            foreach (var sql in (string[])[$"create role {name} login createrole", $"create database {name} owner {name} template template0 strategy wal_log {locale}"])
            {
                await using var command = new NpgsqlCommand(sql, admin);
                await command.ExecuteNonQueryAsync(ct);
            }
        }
        catch
        {
            await using var cleaner = await lease.OpenAdminAsync(CancellationToken.None);
            await ServerLease.DropAsync(cleaner, name, CancellationToken.None);
            throw;
        }

        return new ScratchDatabase(lease, name);
    }

    /// <summary>
    /// Puts a copy of the database's files in its place, of which the server holds no page in memory (CREATE DATABASE … STRATEGY file_copy). Nobody may be connected;
    /// settings of the database are lost.
    /// </summary>
    internal async Task RenewAsync(CancellationToken ct)
    {
        var draft = Name + "d";
        await using var admin = await lease.OpenAdminAsync(ct);
        foreach (var sql in (string[])[$"alter database {Name} rename to {draft}", $"create database {Name} owner {Name} template {draft} strategy file_copy", $"drop database {draft}"])
        {
            await using var command = new NpgsqlCommand(sql, admin);
            await command.ExecuteNonQueryAsync(ct);
        }
    }

    /// <summary>Opens a connection as the database's owner.</summary>
    public async Task<NpgsqlConnection> OpenAsync(CancellationToken ct = default) => await source.OpenConnectionAsync(ct);

    /// <summary>
    /// Works on a connection of the owner's on which no trigger or rule fires, no foreign key is checked and no policy applies. What the
    /// schema itself says (checks, defaults, functions of indexes) still runs with the owner's rights.
    /// </summary>
    internal async Task<T> WithoutTriggersAsync<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken ct)
    {
        await using var admin = await OpenSuperuserAsync(ct);
        // A setting of the role that a superuser made reaches the sessions that begin under it.
        await SwitchAsync($"alter role {Name} in database {Name} set session_replication_role = replica; alter role {Name} bypassrls", ct);
        try
        {
            await using var connection = await OpenAsync(ct);
            return await work(connection);
        }
        finally
        {
            await SwitchAsync($"alter role {Name} in database {Name} reset session_replication_role; alter role {Name} nobypassrls", CancellationToken.None);
        }

        async Task SwitchAsync(string sql, CancellationToken stop)
        {
            await using var command = new NpgsqlCommand(sql, admin);
            await command.ExecuteNonQueryAsync(stop);
        }
    }

    /// <summary>
    /// Runs a script (any number of statements, in one implicit transaction unless it says otherwise) on a connection of its own. A function
    /// body in BEGIN ATOMIC form, rows behind a COPY and psql's own commands need the overload for a parsed <see cref="Script"/>.
    /// </summary>
    /// <exception cref="PostgresException">A statement fails.</exception>
    public async Task ExecuteAsync(string sql, CancellationToken ct = default)
    {
        await using var connection = await OpenAsync(ct);
        await using var batch = new NpgsqlCommand(sql, connection) { CommandTimeout = 0, AllResultTypesAreUnknown = true };
        await batch.ExecuteNonQueryAsync(ct);
    }

    /// <summary>
    /// Runs a parsed script statement by statement, each in a transaction of its own, as psql does. Also takes what pg_dump writes: psql's
    /// own commands and the rows of a COPY are passed over.
    /// </summary>
    /// <exception cref="PostgresException">A statement fails; those before it stay.</exception>
    public async Task ExecuteAsync(Script script, CancellationToken ct = default)
    {
        await using var connection = await OpenAsync(ct);
        for (var i = 0; i < script.Statements.Length; i++)
            await SingleStatement.ExecuteAsync(connection, script, i, timeoutSeconds: 0, ct);
    }

    /// <summary>Runs one statement of a parsed script as <see cref="ExecuteAsync(Script, CancellationToken)"/> does, on a connection of the caller's.</summary>
    /// <exception cref="PostgresException">It fails.</exception>
    public static Task ExecuteAsync(NpgsqlConnection connection, Script script, int index, CancellationToken ct = default) =>
        ExecuteAsync(connection, script, index, timeoutSeconds: 0, ct);

    /// <inheritdoc cref="ExecuteAsync(NpgsqlConnection, Script, int, CancellationToken)"/>
    /// <exception cref="NpgsqlException">It took longer than <paramref name="timeoutSeconds"/>, where that is not 0.</exception>
    public static Task ExecuteAsync(NpgsqlConnection connection, Script script, int index, int timeoutSeconds, CancellationToken ct = default) =>
        SingleStatement.ExecuteAsync(connection, script, index, timeoutSeconds, ct);

    /// <summary>
    /// Makes a role that SQL for this database names, unless it is there. It cannot log in, its rights end with this database, and the owner may
    /// act as it. Roles belong to the whole server, so another proof may have it at the same time.
    /// </summary>
    public async Task AddRoleAsync(string role, CancellationToken ct = default)
    {
        await using var connection = await OpenAsync(ct);
        try
        {
            await using var create = new NpgsqlCommand($"create role {SqlIdentifier.Quote(role)} nologin", connection);
            await create.ExecuteNonQueryAsync(ct);
            await using var grant = new NpgsqlCommand($"grant {SqlIdentifier.Quote(role)} to {SqlIdentifier.Quote(Name)}", connection);
            await grant.ExecuteNonQueryAsync(ct);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.DuplicateObject or PostgresErrorCodes.UniqueViolation)
        {
            return; // another proof's, and as good
        }
    }

    /// <summary>Lets the owner pass by row-level security, as a role must that is to see the statistics of tables under it.</summary>
    public async Task BypassRowSecurityAsync(CancellationToken ct = default)
    {
        await using var admin = await OpenSuperuserAsync(ct);
        await using var command = new NpgsqlCommand($"alter role {Name} bypassrls", admin);
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Creates an extension that the private server has, as <c>hypopg</c>.</summary>
    /// <exception cref="PostgresException">The server has no such extension, or the database has it already.</exception>
    public Task AddExtensionAsync(string extension, CancellationToken ct = default) => ExecuteAsync($"create extension {SqlIdentifier.Quote(extension)}", ct);

    /// <summary>
    /// The schema as <c>pg_dump --schema-only</c> writes it, without comments, settings and blank lines: two databases with the same catalog
    /// give the same text.
    /// </summary>
    public async Task<string> DumpSchemaAsync(CancellationToken ct = default) => await SchemaDump.RunAsync(lease.Connection(Name), ct);

    /// <summary>Drops the database.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0)
            return;
        await source.DisposeAsync();
        if (superuser.IsValueCreated)
            await superuser.Value.DisposeAsync();
        try
        {
            await using var admin = await lease.OpenAdminAsync(CancellationToken.None);
            await ServerLease.DropAsync(admin, Name, CancellationToken.None);
        }
        catch (NpgsqlException e) when (e is not PostgresException)
        {
            return; // the server is gone; the database is swept when it is next used
        }
    }

    /// <summary>Values of types that are not built in are read as text, so the catalog of types, which Npgsql would read for each database, is not needed.</summary>
    private NpgsqlDataSource Source(string user)
    {
        var builder = new NpgsqlDataSourceBuilder(Connection(user).ConnectionString);
        builder.ConfigureTypeLoading(types => types.EnableTypeLoading(false));
        return builder.Build();
    }

    private NpgsqlConnectionStringBuilder Connection(string user)
    {
        var builder = lease.Connection(Name);
        builder.Username = user;
        builder.Pooling = false;
        builder.Options = "-c synchronous_commit=off"; // nothing here needs to survive a crash
        return builder;
    }
}
