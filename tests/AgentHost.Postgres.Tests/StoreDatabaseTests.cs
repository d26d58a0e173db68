using AgentHost.Postgres.Tests.Server;
using Npgsql;

namespace AgentHost.Postgres.Tests;

public class StoreDatabaseTests
{
    [Fact]
    public async Task The_store_has_vectors()
    {
        await using var store = await StoreDatabase.OpenPrivateAsync(PrivateServer.ConnectAsync, CancellationToken.None);
        Assert.Equal(1, await store.UseAsync(connection => ScalarAsync(connection, "select ('[1,0]'::vector <-> '[0,0]'::vector)::int")));
    }

    [Fact]
    public async Task A_store_that_cannot_be_reached_is_told_without_its_password()
    {
        var e = await Assert.ThrowsAsync<PostgresUnavailableException>(
            () => StoreDatabase.OpenGivenAsync("postgres://me:s3cret@127.0.0.1:1/knowledge", CancellationToken.None));
        Assert.Contains("AGENTHOST_STORE", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", e.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_that_work_on_an_open_store_go_on_when_its_server_was_killed()
    {
        using var home = new TemporaryHome();
        await using var lease = await home.AcquireAsync();
        await using var store = await OpenAsync(lease);
        await store.UseAsync(connection => ScalarAsync(connection, "create table kept as select 42 as v; select 1"));
        Kill(home.Postmaster!.Value);
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => store.UseAsync(connection => ScalarAsync(connection, "select v from kept")))));
        Assert.All(answers, answer => Assert.Equal(42, answer));
    }

    [Fact]
    public async Task Work_goes_on_when_another_session_crashed_and_the_server_recovers()
    {
        using var home = new TemporaryHome();
        await using var lease = await home.AcquireAsync();
        await using var store = await OpenAsync(lease);
        Kill((int)(await store.UseAsync(connection => ScalarAsync(connection, "select pg_backend_pid()")))!);
        Assert.Equal(1, await store.UseAsync(connection => ScalarAsync(connection, "select 1")));
    }

    [Fact]
    public async Task An_error_of_the_statement_is_the_callers_and_is_not_tried_again()
    {
        await using var store = await StoreDatabase.OpenPrivateAsync(PrivateServer.ConnectAsync, CancellationToken.None);
        var tried = 0;
        await Assert.ThrowsAsync<PostgresException>(() => store.UseAsync(connection =>
        {
            tried++;
            return ScalarAsync(connection, "select 1 / 0");
        }));
        Assert.Equal(1, tried);
    }

    private static Task<StoreDatabase> OpenAsync(Postgres.Server.ServerLease lease) => StoreDatabase.OpenPrivateAsync(async ct =>
    {
        await lease.HealAsync(ct);
        return new PrivateServer(lease);
    }, CancellationToken.None);

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    private static void Kill(int processId)
    {
        using var process = System.Diagnostics.Process.GetProcessById(processId);
        process.Kill();
        process.WaitForExit();
    }
}
