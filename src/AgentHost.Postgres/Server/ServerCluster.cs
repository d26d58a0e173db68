using System.Diagnostics;

namespace AgentHost.Postgres.Server;

/// <summary>Makes, starts and stops the cluster in a <see cref="ServerFolder"/>. The caller holds the folder's lock.</summary>
internal sealed class ServerCluster(ServerFolder folder, Installation installation)
{
    private const long LongestLog = 1 << 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <summary>The folder of the running server's socket, after making and starting whatever is missing.</summary>
    /// <exception cref="PostgresUnavailableException">It cannot be made or started; the message holds the end of its log.</exception>
    public async Task<string> EnsureRunningAsync(CancellationToken ct)
    {
        if (await RunningAsync(ct) is { } running)
            return running;
        installation.Require();
        var account = ServerAccount.Resolve();
        await MakeFolderAsync(account, ct);
        if (!Directory.Exists(folder.Data))
            await InitializeAsync(account, ct);
        ClearRemains();
        var socketFolder = await SocketFolderAsync(account, ct);
        await File.WriteAllTextAsync(Path.Combine(folder.Data, "postgresql.conf"), Settings(socketFolder), ct);
        if (new FileInfo(folder.Log) is { Exists: true, Length: > LongestLog })
            File.Delete(folder.Log);
        var start = account.Command(
            folder.Data, installation, installation.Program("pg_ctl"), "start", "-D", folder.Data, "-l", folder.Log, "-w", "-t", "60", "-s");
        var result = await ProcessResult.RunAsync(start, ct);
        return result.ExitCode == 0
            ? socketFolder
            : throw new PostgresUnavailableException(
                $"The private PostgreSQL in {folder.Root} does not start. Its log ends with:\n{LogEnd()}\n{result.Error.Trim()}\n"
                + $"Free disk space and memory may help; moving {folder.Data} away makes it start anew without its contents.");
    }

    /// <summary>Stops the server and waits until it is gone; does nothing where none runs.</summary>
    public void Stop()
    {
        if (folder.ReadPostmaster() is not { } postmaster || !folder.IsServerProcess(postmaster.ProcessId))
            return;
        var stop = ServerAccount.Resolve().Command(
            folder.Data, installation, installation.Program("pg_ctl"), "stop", "-D", folder.Data, "-m", "fast", "-w", "-t", "10", "-s");
        using var process = Process.Start(stop)!;
        process.StandardInput.Close();
        process.WaitForExit();
        if (postmaster.SocketFolder != folder.Root && Directory.Exists(postmaster.SocketFolder) && process.ExitCode == 0)
            Directory.Delete(postmaster.SocketFolder, recursive: true);
    }

    private async Task<string?> RunningAsync(CancellationToken ct)
    {
        var clock = Stopwatch.StartNew();
        while (folder.ReadPostmaster() is { } postmaster && folder.IsServerProcess(postmaster.ProcessId))
        {
            if (postmaster.Status == "ready")
                return postmaster.SocketFolder;
            if (clock.Elapsed > Patience)
                throw new PostgresUnavailableException($"The private PostgreSQL in {folder.Root} has been '{postmaster.Status}' for a minute. See {folder.Log}.");
            await Task.Delay(Pause, ct); // starting or stopping, by a host that died over it
        }

        return null;
    }

    private async Task MakeFolderAsync(ServerAccount account, CancellationToken ct)
    {
        if (Directory.Exists(folder.Root) && Directory.Exists(folder.Hosts))
            return;
        const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        Directory.CreateDirectory(folder.Root, Private);
        Directory.CreateDirectory(folder.Hosts, Private);
        await GiveToAsync(account, folder.Root, ct);
    }

    private static async Task GiveToAsync(ServerAccount account, string path, CancellationToken ct)
    {
        if (account.Name is null)
            return;
        var start = new ProcessStartInfo("chown", ["-h", $"{account.UserId}:{account.GroupId}", path])
        {
            UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        var result = await ProcessResult.RunAsync(start, ct);
        if (result.ExitCode != 0)
            throw new PostgresUnavailableException($"{path} cannot be given to the account {account.Name}: {result.Error.Trim()}. Set AGENTHOST_HOME to another folder.");
    }

    private async Task InitializeAsync(ServerAccount account, CancellationToken ct)
    {
        if (Directory.Exists(folder.NewData))
            Directory.Delete(folder.NewData, recursive: true); // what an interrupted attempt left
        var start = account.Command(
            folder.Root, installation, installation.Program("initdb"), "-D", folder.NewData, "-U", PrivateServer.Superuser, "-E", "UTF8",
            "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--lc-collate=C", "--lc-ctype=C.UTF-8", "--lc-messages=C",
            "--auth-local=trust", "--auth-host=reject", "-c", "dynamic_shared_memory_type=mmap");
        var result = await ProcessResult.RunAsync(start, ct);
        if (result.ExitCode != 0)
        {
            throw new PostgresUnavailableException(
                $"A cluster cannot be made in {folder.Root}: {result.Error.Trim()}\n"
                + "The account that runs the server must be able to enter the folder; set AGENTHOST_HOME to another one, such as /var/lib/agenthost.");
        }

        Directory.Move(folder.NewData, folder.Data);
    }

    private void ClearRemains()
    {
        if (folder.ReadPostmaster() is not { } dead)
            return;
        // A postmaster that was killed leaves children at work for a while, and PostgreSQL rightly refuses to start beside them.
        foreach (var pid in folder.ServerProcesses().ToList())
        {
            try
            {
                using var orphan = Process.GetProcessById(pid);
                orphan.Kill();
                orphan.WaitForExit(Patience);
            }
            catch (Exception e) when (e is ArgumentException or InvalidOperationException)
            {
                continue; // ended by itself meanwhile
            }
        }

        folder.RetirePostmaster();
        foreach (var remains in (string[])["", ".lock"])
            File.Delete(Path.Combine(folder.Root, ".s.PGSQL.5432" + remains));
        if (dead.SocketFolder != folder.Root && Directory.Exists(dead.SocketFolder))
            Directory.Delete(dead.SocketFolder, recursive: true);
    }

    private async Task<string> SocketFolderAsync(ServerAccount account, CancellationToken ct)
    {
        if (folder.SocketFits)
            return folder.Root;
        var socketFolder = Directory.CreateTempSubdirectory("agenthost-").FullName; // 0700, and nobody else can have made it
        await GiveToAsync(account, socketFolder, ct);
        return socketFolder;
    }

    private static string Settings(string socketFolder) => $"""
        # Written by AgentHost at every start.
        listen_addresses = ''
        port = 5432
        unix_socket_directories = '{socketFolder.Replace("'", "''", StringComparison.Ordinal)}'
        unix_socket_permissions = 0700
        max_connections = 400
        shared_buffers = 48MB
        work_mem = 8MB
        maintenance_work_mem = 64MB
        temp_file_limit = 2GB
        # Files in the data folder: /dev/shm may be absent, tiny or not ours (containers).
        dynamic_shared_memory_type = mmap
        jit = off
        fsync = on
        full_page_writes = on
        wal_level = minimal
        max_wal_senders = 0
        max_wal_size = 256MB
        min_wal_size = 64MB
        autovacuum = on
        timezone = 'GMT'
        log_timezone = 'GMT'
        datestyle = 'iso, mdy'
        default_text_search_config = 'pg_catalog.english'
        # Starts, stops and crashes; never a statement, which may hold what a user would not want in a log.
        log_min_messages = log
        log_min_error_statement = panic
        log_checkpoints = off
        log_autovacuum_min_duration = -1

        """;

    private string LogEnd() => File.Exists(folder.Log) ? string.Join('\n', File.ReadLines(folder.Log).TakeLast(10)) : "(no log)";
}
