using AgentHost.Sql;
using Npgsql;

namespace AgentHost.Postgres.Tests;

public class ScratchDatabaseTests
{
    [Fact]
    public async Task A_scratch_database_is_dropped_on_disposal_even_while_somebody_is_connected()
    {
        await using var server = await PrivateServer.ConnectAsync();
        var scratch = await server.CreateScratchAsync();
        await using var open = await scratch.OpenAsync();
        await scratch.DisposeAsync();
        Assert.Equal(0L, await CountAsync(server, "pg_database where datname = $1", scratch.Name));
        Assert.Equal(0L, await CountAsync(server, "pg_roles where rolname = $1", scratch.Name));
    }

    [Fact]
    public async Task Scratch_databases_do_not_see_each_other()
    {
        await using var server = await PrivateServer.ConnectAsync();
        var databases = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => server.CreateScratchAsync()));
        await Task.WhenAll(databases.Select(database => database.ExecuteAsync("create table t (id int primary key); insert into t values (1)")));
        foreach (var database in databases)
            await database.DisposeAsync();
    }

    [Theory]
    [InlineData("copy (select 1) to program 'true'")]
    [InlineData("select pg_read_file('/etc/passwd')")]
    [InlineData("alter system set fsync = off")]
    [InlineData("drop database agenthost")]
    [InlineData("create extension file_fdw")]
    [InlineData("grant pg_execute_server_program to current_user")]
    [InlineData("set role agenthost")]
    public async Task Sql_on_a_scratch_database_reaches_nothing_outside_of_it(string sql)
    {
        await using var server = await PrivateServer.ConnectAsync();
        await using var store = await StoreDatabase.OpenPrivateAsync(PrivateServer.ConnectAsync, CancellationToken.None);
        await using var scratch = await server.CreateScratchAsync();
        var e = await Assert.ThrowsAsync<PostgresException>(() => scratch.ExecuteAsync(sql));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, e.SqlState);
    }

    [Fact]
    public async Task The_usual_extensions_can_be_created_and_hypopg_prices_an_index()
    {
        await using var server = await PrivateServer.ConnectAsync();
        await using var scratch = await server.CreateScratchAsync();
        await scratch.ExecuteAsync("create extension vector; create extension hypopg; create extension pg_trgm; create extension pgcrypto; create table t (id int)");
        await using var connection = await scratch.OpenAsync();
        await using var command = new NpgsqlCommand("select indexname from hypopg_create_index('create index on t (id)')", connection);
        Assert.Contains("btree_t_id", (string?)await command.ExecuteScalarAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Roles_that_a_migration_makes_go_with_its_database()
    {
        await using var server = await PrivateServer.ConnectAsync();
        var scratch = await server.CreateScratchAsync();
        var role = scratch.Name + "_app";
        await scratch.ExecuteAsync($"create role {role} nologin; create table t (id int); grant select on t to {role}");
        await scratch.DisposeAsync();
        Assert.Equal(0L, await CountAsync(server, "pg_roles where rolname = $1", role));
    }

    [Fact]
    public async Task Equal_catalogs_give_equal_dumps_without_noise()
    {
        await using var server = await PrivateServer.ConnectAsync();
        await using var one = await server.CreateScratchAsync();
        await using var other = await server.CreateScratchAsync();
        await one.ExecuteAsync("create table t (id bigint primary key, name text not null)");
        await other.ExecuteAsync("create table t (id bigint); alter table t add name text not null; alter table t add primary key (id)");
        var dump = await one.DumpSchemaAsync();
        Assert.Equal(dump, await other.DumpSchemaAsync());
        Assert.StartsWith("CREATE TABLE \"public\".\"t\" (", dump, StringComparison.Ordinal);

        await other.ExecuteAsync("create index on t (name)");
        Assert.NotEqual(dump, await other.DumpSchemaAsync());
    }

    [Fact]
    public async Task A_dump_can_be_run_as_a_parsed_script()
    {
        await using var server = await PrivateServer.ConnectAsync();
        await using var scratch = await server.CreateScratchAsync();
        await scratch.ExecuteAsync(SqlParser.Parse(
            """
            \restrict abc
            SELECT pg_catalog.set_config('search_path', '', false);
            CREATE TABLE public.t (id int);
            COPY public.t (id) FROM stdin;
            1
            \.
            CREATE FUNCTION public.one() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT 2; END;
            \unrestrict abc
            """));
        Assert.Contains("one", await scratch.DumpSchemaAsync(), StringComparison.Ordinal);
    }

    private static async Task<long> CountAsync(PrivateServer server, string what, string name)
    {
        await using var source = NpgsqlDataSource.Create(server.ConnectionString("postgres"));
        await using var command = source.CreateCommand($"select count(*) from {what}");
        command.Parameters.Add(new() { Value = name });
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
