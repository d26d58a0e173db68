using System.Diagnostics;
using System.Globalization;
using AgentHost.Postgres.Server;
using Npgsql;

namespace AgentHost.Postgres.Tests.Server;

public class ServerLeaseTests
{
    [Fact]
    public async Task The_first_host_makes_and_starts_the_server_and_the_last_one_stops_it()
    {
        using var home = new TemporaryHome();
        var first = await home.AcquireAsync();
        var postmaster = home.Postmaster;
        Assert.NotNull(postmaster);
        var second = await home.AcquireAsync();
        Assert.Equal(postmaster, home.Postmaster);

        await first.DisposeAsync();
        Assert.Equal(postmaster, home.Postmaster);
        await second.DisposeAsync();
        Assert.Null(home.Postmaster);
    }

    [Fact]
    public async Task The_server_does_without_the_machines_shared_memory_folder()
    {
        using var home = new TemporaryHome();
        await using var lease = await home.AcquireAsync();
        Assert.Equal("mmap", await ScalarAsync(lease, "show dynamic_shared_memory_type"));
        Assert.Equal("1000", await ScalarAsync(lease, "set debug_parallel_query = on; select count(*) from generate_series(1, 1000)"));
    }

    [Fact]
    public async Task Hosts_that_start_at_once_share_one_server()
    {
        using var home = new TemporaryHome();
        var leases = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => home.AcquireAsync()));
        foreach (var lease in leases)
            Assert.Equal("1", await ScalarAsync(lease, "select 1"));
        foreach (var lease in leases)
            await lease.DisposeAsync();
        Assert.Null(home.Postmaster);
    }

    [Fact]
    public async Task A_killed_server_is_recovered_with_what_was_committed()
    {
        using var home = new TemporaryHome();
        await using var lease = await home.AcquireAsync();
        await ScalarAsync(lease, "create table kept (v int); insert into kept values (42)");
        KillAndWait(home.Postmaster!.Value);

        await using var next = await home.AcquireAsync();
        Assert.Equal("42", await ScalarAsync(next, "select v from kept"));
    }

    [Fact]
    public async Task A_scratch_database_can_be_made_after_the_server_was_killed_under_its_host()
    {
        using var home = new TemporaryHome();
        await using var lease = await home.AcquireAsync();
        KillAndWait(home.Postmaster!.Value);
        await using var server = new PrivateServer(lease);
        await using var scratch = await server.CreateScratchAsync();
        await scratch.ExecuteAsync("create table t (id int)");
    }

    [Fact]
    public async Task A_proof_whose_server_is_killed_begins_anew_and_gives_up_the_second_time()
    {
        using var home = new TemporaryHome();
        await using var lease = await home.AcquireAsync();
        await using var server = new PrivateServer(lease);
        var tried = 0;
        Assert.Equal(2, await server.UseScratchAsync(async scratch =>
        {
            await scratch.ExecuteAsync("create table t (id int)");
            if (++tried == 1)
                KillAndWait(home.Postmaster!.Value);
            await scratch.ExecuteAsync("create table u (id int)");
            return tried;
        }));
        var e = await Assert.ThrowsAsync<PostgresUnavailableException>(() => server.UseScratchAsync<int>(async scratch =>
        {
            KillAndWait(home.Postmaster!.Value);
            await scratch.ExecuteAsync("create table t (id int)");
            return 0;
        }));
        Assert.Contains("doctor", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stale_process_id_that_now_belongs_to_somebody_else_does_not_keep_the_server_from_starting()
    {
        using var home = new TemporaryHome();
        await (await home.AcquireAsync()).DisposeAsync();
        using var stranger = Process.Start(new ProcessStartInfo("sleep", ["600"]) { UseShellExecute = false })!;
        try
        {
            await File.WriteAllTextAsync(
                Path.Combine(home.Folder.Data, "postmaster.pid"),
                $"{stranger.Id.ToString(CultureInfo.InvariantCulture)}\n{home.Folder.Data}\n1\n5432\n{home.Folder.Root}\n\n\nready\n");
            await using var lease = await home.AcquireAsync();
            Assert.Equal("1", await ScalarAsync(lease, "select 1"));
        }
        finally
        {
            stranger.Kill();
        }
    }

    [Fact]
    public async Task An_interrupted_initialisation_is_done_again()
    {
        using var home = new TemporaryHome();
        Directory.CreateDirectory(home.Folder.NewData);
        await File.WriteAllTextAsync(Path.Combine(home.Folder.NewData, "PG_VERSION"), "17\n");
        await using var lease = await home.AcquireAsync();
        Assert.Equal("1", await ScalarAsync(lease, "select 1"));
    }

    [Fact]
    public async Task A_host_that_was_killed_is_not_counted_and_its_scratch_database_is_swept()
    {
        using var home = new TemporaryHome();
        using var host = await HostProcess.StartAsync(home.Folder.Home);
        await host.KillAsync();
        Assert.NotNull(home.Postmaster); // nobody was left to stop it

        var next = await home.AcquireAsync();
        Assert.Equal("0", await ScalarAsync(next, $"select count(*) from pg_database where datname = '{host.ScratchName}'"));
        Assert.Equal("0", await ScalarAsync(next, $"select count(*) from pg_roles where rolname = '{host.ScratchName}'"));
        await next.DisposeAsync();
        Assert.Null(home.Postmaster);
    }

    [Fact]
    public async Task What_a_killed_host_left_is_swept_by_a_host_that_runs_on_when_it_makes_a_scratch_database()
    {
        using var home = new TemporaryHome();
        await using var lease = await home.AcquireAsync();
        using var host = await HostProcess.StartAsync(home.Folder.Home);
        await using var server = new PrivateServer(lease);
        await using (await server.CreateScratchAsync())
            Assert.Equal("1", await ScalarAsync(lease, $"select count(*) from pg_database where datname = '{host.ScratchName}'"));
        await host.KillAsync();
        await using (await server.CreateScratchAsync())
            Assert.Equal("0", await ScalarAsync(lease, $"select count(*) from pg_database where datname = '{host.ScratchName}'"));
    }

    [Fact]
    public async Task A_scratch_database_of_a_living_host_is_left_alone_and_the_server_outlives_the_host_that_started_it()
    {
        using var home = new TemporaryHome();
        using var host = await HostProcess.StartAsync(home.Folder.Home);
        await using var next = await home.AcquireAsync();
        Assert.Equal("1", await ScalarAsync(next, $"select count(*) from pg_database where datname = '{host.ScratchName}'"));
        await host.LeaveAsync(); // returns only because the server does not hold the host's output open
        Assert.Equal("1", await ScalarAsync(next, "select 1"));
    }

    [Fact]
    public async Task The_server_has_a_session_of_its_own_so_that_ctrl_c_does_not_reach_it()
    {
        using var home = new TemporaryHome();
        await using var lease = await home.AcquireAsync();
        var stat = await File.ReadAllTextAsync($"/proc/{home.Postmaster}/stat");
        var session = stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[3];
        Assert.Equal(home.Postmaster.ToString(), session);
    }

    [Fact]
    public async Task A_data_folder_with_a_long_path_gets_a_socket_elsewhere_that_goes_with_the_server()
    {
        using var home = new TemporaryHome(new string('d', 90) + "/it's, here");
        var lease = await home.AcquireAsync();
        Assert.Equal("1", await ScalarAsync(lease, "select 1"));
        var socketFolder = home.Folder.ReadPostmaster()!.SocketFolder;
        Assert.NotEqual(home.Folder.Root, socketFolder);
        await lease.DisposeAsync();
        Assert.False(Directory.Exists(socketFolder));
    }

    [Fact]
    public async Task The_server_listens_on_no_network_address_and_its_folder_is_closed_to_others()
    {
        using var home = new TemporaryHome();
        await using var lease = await home.AcquireAsync();
        Assert.Equal("", await ScalarAsync(lease, "show listen_addresses"));
        Assert.Equal("on", await ScalarAsync(lease, "show fsync"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(home.Folder.Root));
    }

    [Fact]
    public async Task A_missing_installation_says_what_to_run()
    {
        using var home = new TemporaryHome();
        var nowhere = new Installation(Path.Combine(home.Folder.Home, "postgresql-17"));
        var e = await Assert.ThrowsAsync<PostgresUnavailableException>(() => ServerLease.AcquireAsync(home.Folder, nowhere, CancellationToken.None));
        Assert.Contains("eng/install-postgres", e.Message, StringComparison.Ordinal);
    }

    private static async Task<string?> ScalarAsync(ServerLease lease, string sql)
    {
        await using var connection = await lease.OpenAdminAsync(CancellationToken.None);
        await using var command = new NpgsqlCommand(sql, connection);
        return (await command.ExecuteScalarAsync())?.ToString();
    }

    private static void KillAndWait(int pid)
    {
        using var process = Process.GetProcessById(pid);
        process.Kill();
        process.WaitForExit();
    }
}
