using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using AgentHost.Sql;
using Npgsql;

namespace AgentHost.Postgres.Server;

/// <summary>
/// One host's use of a private server. Every living host holds a locked file of its own in the server's folder; the kernel gives the lock
/// back when the host dies in whatever way, so the count of hosts is always right. The last one to leave stops the server.
/// </summary>
internal sealed class ServerLease : IAsyncDisposable
{
    private static readonly TimeSpan PatienceAtTheEnd = TimeSpan.FromSeconds(10), PatienceWithRecovery = TimeSpan.FromSeconds(30), PauseInRecovery = TimeSpan.FromMilliseconds(20);
    private readonly ServerFolder folder;
    private readonly ServerCluster cluster;
    private readonly FileStream presence;
    private string socketFolder;
    private int scratches;
    private int left;

    private ServerLease(ServerFolder folder, ServerCluster cluster, FileStream presence, string socketFolder)
    {
        this.folder = folder;
        this.cluster = cluster;
        this.presence = presence;
        this.socketFolder = socketFolder;
    }

    /// <summary>Finds or starts the server of a data folder and counts this host among its users.</summary>
    public static async Task<ServerLease> AcquireAsync(ServerFolder folder, Installation installation, CancellationToken ct)
    {
        var server = new ServerCluster(folder, installation);
        if (!Directory.Exists(folder.Home))
            installation.Require();
        try
        {
            await using var startup = await ExclusiveFile.HoldAsync(folder.Lock, ct);
            var socket = await server.EnsureRunningAsync(ct);
            var name = $"{Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}_{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
            var held = ExclusiveFile.TryHold(Path.Combine(folder.Hosts, name)) ?? throw new InvalidOperationException($"The host file {name} is taken.");
            var lease = new ServerLease(folder, server, held, socket);
            await using var admin = await lease.OpenAdminAsync(ct);
            await lease.DropAbandonedAsync(admin, await lease.ForeignScratchesAsync(admin, ct), ct);
            return lease;
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new PostgresUnavailableException(
                $"The private PostgreSQL's folder {folder.Root} cannot be used by this account: {e.Message} Set AGENTHOST_HOME to a folder of your own.", e);
        }
    }

    /// <summary>The cluster's folder.</summary>
    public string DataFolderPath => folder.Data;

    /// <summary>The connection string of one of the server's databases, as its superuser.</summary>
    public NpgsqlConnectionStringBuilder Connection(string database) => new()
    {
        Host = socketFolder, Port = 5432, Database = database, Username = PrivateServer.Superuser, ApplicationName = "agenthost",
        SslMode = SslMode.Disable, GssEncryptionMode = GssEncryptionMode.Disable, IncludeErrorDetail = true,
    };

    /// <summary>Starts the server again where it has died; does nothing where it runs.</summary>
    public async Task HealAsync(CancellationToken ct)
    {
        await using var startup = await ExclusiveFile.HoldAsync(folder.Lock, ct);
        socketFolder = await cluster.EnsureRunningAsync(ct);
    }

    /// <summary>A name for a scratch database and its owner, which tells whose it is.</summary>
    public string NextScratchName() => $"scratch_{Path.GetFileName(presence.Name)}_{Interlocked.Increment(ref scratches).ToString(CultureInfo.InvariantCulture)}";

    /// <summary>A connection for housekeeping, as superuser; not pooled. Waits while the server starts or recovers from a crash.</summary>
    public async Task<NpgsqlConnection> OpenAdminAsync(CancellationToken ct)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return await TryOpenAdminAsync(ct);
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.CannotConnectNow && clock.Elapsed < PatienceWithRecovery)
            {
                await Task.Delay(PauseInRecovery, ct);
            }
        }
    }

    private async Task<NpgsqlConnection> TryOpenAdminAsync(CancellationToken ct)
    {
        var builder = Connection("postgres");
        builder.Pooling = false;
        var connection = new NpgsqlConnection(builder.ConnectionString);
        try
        {
            await connection.OpenAsync(ct);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Leaves; stops the server where nobody else uses it.</summary>
    public ValueTask DisposeAsync()
    {
        Leave();
        return ValueTask.CompletedTask;
    }

    /// <summary>As <see cref="DisposeAsync"/>, for the end of the process.</summary>
    public void Leave()
    {
        if (Interlocked.Exchange(ref left, 1) != 0 || !Directory.Exists(folder.Hosts))
            return;
        using var startup = ExclusiveFile.Hold(folder.Lock, PatienceAtTheEnd);
        File.Delete(presence.Name);
        presence.Dispose();
        // Without the lock somebody is starting or stopping it just now, and will leave after us.
        if (startup is not null && LivingHosts().Count == 0)
            cluster.Stop();
    }

    private HashSet<string> LivingHosts()
    {
        var living = new HashSet<string>(StringComparer.Ordinal);
        foreach (var path in Directory.EnumerateFiles(folder.Hosts))
        {
            using var held = ExclusiveFile.TryHold(path);
            if (held is null)
                living.Add(Path.GetFileName(path));
            else
                File.Delete(path);
        }

        return living;
    }

    /// <summary>
    /// Drops what killed hosts left behind. Costs one query where nobody else has a scratch database; passes where some host starts or sweeps just now.
    /// </summary>
    public async Task SweepAsync(NpgsqlConnection admin, CancellationToken ct)
    {
        var names = await ForeignScratchesAsync(admin, ct);
        if (names.Count == 0)
            return;
        await using var startup = ExclusiveFile.TryHold(folder.Lock);
        if (startup is not null)
            await DropAbandonedAsync(admin, names, ct);
    }

    /// <summary>The scratch databases and their owners that are not this host's.</summary>
    private async Task<List<string>> ForeignScratchesAsync(NpgsqlConnection admin, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            """
            select datname::text from pg_database where datname like 'scratch\_%' union
            select rolname::text from pg_roles where rolname ~ '^scratch_[0-9]+_[0-9a-f]+_[0-9]+$'
            """, admin);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var own = Path.GetFileName(presence.Name);
        var names = new List<string>();
        while (await reader.ReadAsync(ct))
        {
            if (HostOf(reader.GetString(0)) != own)
                names.Add(reader.GetString(0));
        }

        return names;
    }

    /// <summary>Drops those of the scratch databases whose host is dead. Needs the startup lock: a host that starts makes its file before it holds it.</summary>
    private async Task DropAbandonedAsync(NpgsqlConnection admin, List<string> names, CancellationToken ct)
    {
        var living = LivingHosts();
        foreach (var name in names.Where(name => !living.Contains(HostOf(name))))
            await DropAsync(admin, name, ct);
    }

    private static string HostOf(string scratchName)
    {
        var start = "scratch_".Length;
        var end = scratchName.LastIndexOf('_');
        return end > start ? scratchName[start..end] : "";
    }

    /// <summary>Drops a scratch database with whoever is connected to it, its owner, and the roles that its owner made.</summary>
    public static async Task DropAsync(NpgsqlConnection admin, string name, CancellationToken ct)
    {
        var quoted = '"' + name.Replace("\"", "\"\"", StringComparison.Ordinal) + '"';
        await using (var drop = new NpgsqlCommand($"drop database if exists {quoted} with (force)", admin))
            await drop.ExecuteNonQueryAsync(ct);
        await using var roles = new NpgsqlCommand(
            """
            with recursive made(role) as (
              select oid from pg_roles where rolname = $1
              union select roleid from pg_auth_members join made on member = role where admin_option)
            select array_agg(quote_ident(rolname) order by rolname = $1) from pg_roles where oid in (select role from made)
            """, admin) { Parameters = { new() { Value = name } } };
        foreach (var role in await roles.ExecuteScalarAsync(ct) as string[] ?? [])
        {
            try
            {
                await using var dropRole = new NpgsqlCommand($"drop role if exists {role}", admin);
                await dropRole.ExecuteNonQueryAsync(ct);
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.DependentObjectsStillExist)
            {
                continue; // another proof's database names this role, too; an empty NOLOGIN role may stay
            }
        }
    }

    /// <summary>The folders of this process's server.</summary>
    public static ServerFolder DefaultFolder => new(DataFolder.Path);
}
