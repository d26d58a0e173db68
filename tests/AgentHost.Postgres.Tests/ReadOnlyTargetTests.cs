using System.Text.Json;
using AgentHost.Sql;
using Npgsql;

namespace AgentHost.Postgres.Tests;

public sealed class ReadOnlyTargetTests(ReadOnlyTargetTests.App app) : IClassFixture<ReadOnlyTargetTests.App>
{
    private readonly ScratchDatabase database = app.Database;
    private readonly ReadOnlyTarget target = app.Target;

    public sealed class App : IAsyncLifetime
    {
        internal ScratchDatabase Database { get; private set; } = null!;

        internal ReadOnlyTarget Target { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            var server = await PrivateServer.ConnectAsync();
            Database = await server.CreateScratchAsync();
            await Database.ExecuteAsync(
                """
                create table items (id int primary key, name text);
                insert into items select i, 'n' || i from generate_series(1, 500) i;
                create function meddle() returns int language sql volatile as 'insert into items values (0) returning id';
                analyze items;
                create extension hypopg;
                """);
            Target = await ReadOnlyTarget.ConnectAsync("app", Database.ConnectionString);
        }

        public async Task DisposeAsync()
        {
            await Target.DisposeAsync();
            await Database.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_catalog_read_gives_rows_by_column_name()
    {
        var rows = await target.QueryAsync(
            "select relname::text as name, null::int as nothing from pg_class where relname = @name", new Dictionary<string, object?> { ["name"] = "items" });
        var row = Assert.Single(rows);
        Assert.Equal("items", row["name"]);
        Assert.Null(row["nothing"]);
        Assert.InRange(target.ServerVersionNum, 17_00_00, 17_99_99);
    }

    [Theory]
    [InlineData("insert into items values (1000)")]
    [InlineData("create table other (id int)")]
    [InlineData("set transaction read write; insert into items values (1000)")]
    [InlineData("select set_config('transaction_read_only', 'off', false); insert into items values (1000)")]
    [InlineData("select meddle()")]
    public async Task Nothing_that_we_could_send_ourselves_can_write_either(string sql)
    {
        await Assert.ThrowsAnyAsync<Exception>(() => target.QueryAsync(sql, null));
        Assert.Equal(500L, (await target.QueryAsync("select count(*) as n from items", null))[0]["n"]);
    }

    [Theory]
    [InlineData("select * from items where id = 7", "Index Scan")]
    [InlineData("with x as (select * from items) select count(*) from x;  -- done", "Aggregate")]
    [InlineData("values (1), (2)", "Values Scan")]
    [InlineData("select * from items where id = $1", "Index Scan")]
    [InlineData("select '$3' from items where id = $1 and name like $2", "Index Scan")]
    [InlineData("select '$1' from items", "Seq Scan")]
    [InlineData("select 'a;b', $x$;$x$ from items", "Seq Scan")]
    public async Task A_single_read_is_explained(string sql, string node)
    {
        var json = await target.ExplainJsonAsync(sql, analyze: false);
        using var plan = JsonDocument.Parse(json);
        Assert.DoesNotContain("plan_cache_mode", json, StringComparison.Ordinal);
        Assert.Equal(node, plan.RootElement[0].GetProperty("Plan").GetProperty("Node Type").GetString());
    }

    [Fact]
    public async Task Analyze_executes_the_statement_and_counts_rows_and_buffers()
    {
        using var plan = JsonDocument.Parse(await target.ExplainJsonAsync("select *, random() from items", analyze: true));
        var root = plan.RootElement[0].GetProperty("Plan");
        Assert.Equal(500, root.GetProperty("Actual Rows").GetDouble());
        Assert.True(root.TryGetProperty("Shared Hit Blocks", out _));
        Assert.True(root.TryGetProperty("WAL Records", out _));
        Assert.True(plan.RootElement[0].GetProperty("Planning").TryGetProperty("Memory Used", out _));
        Assert.Equal("text", plan.RootElement[0].GetProperty("Serialization").GetProperty("Format").GetString());
    }

    [Fact]
    public async Task Without_analyze_the_time_and_memory_of_planning_are_told()
    {
        foreach (var sql in (string[])["select * from items", "select * from items where id = $1"])
        {
            using var plan = JsonDocument.Parse(await target.ExplainJsonAsync(sql, analyze: false));
            Assert.True(plan.RootElement[0].TryGetProperty("Planning Time", out _));
            Assert.True(plan.RootElement[0].GetProperty("Planning").TryGetProperty("Memory Used", out _));
            Assert.False(plan.RootElement[0].TryGetProperty("Execution Time", out _));
        }
    }

    [Theory]
    [InlineData(11_00_22, false, "FORMAT JSON, VERBOSE, SUMMARY")]
    [InlineData(12_00_22, true, "FORMAT JSON, VERBOSE, SUMMARY, SETTINGS, ANALYZE, BUFFERS")]
    [InlineData(16_00_04, true, "FORMAT JSON, VERBOSE, SUMMARY, SETTINGS, ANALYZE, BUFFERS, WAL")]
    [InlineData(16_00_04, false, "FORMAT JSON, VERBOSE, SUMMARY, SETTINGS")]
    [InlineData(18_00_00, false, "FORMAT JSON, VERBOSE, SUMMARY, SETTINGS, MEMORY")]
    [InlineData(18_00_00, true, "FORMAT JSON, VERBOSE, SUMMARY, SETTINGS, MEMORY, ANALYZE, BUFFERS, WAL, SERIALIZE TEXT")]
    public void Every_version_is_asked_for_what_it_can_tell(int version, bool analyze, string options) =>
        Assert.Equal(options, ExplainOptions.For(version, analyze));

    [Theory]
    [InlineData("delete from items", "changes rows")]
    [InlineData("with gone as (delete from items returning *) select * from gone", "changes rows")]
    [InlineData("select * from items for update", "locks rows")]
    [InlineData("select * into copied from items", "makes a table")]
    [InlineData("select 1; select 2", "one statement a call")]
    [InlineData("", "no statement")]
    [InlineData("explain select 1", "EXPLAIN already")]
    [InlineData("drop table items", "not a read")]
    [InlineData("copy items to program 'true'", "not a read")]
    [InlineData("commit", "not a read")]
    [InlineData("call meddle()", "not a read")]
    [InlineData("select set_config('statement_timeout', '0', false)", "setting")]
    [InlineData("select nothing from items", "does not accept")]
    [InlineData("select meddle()", "tried to write")]
    public async Task Whatever_is_not_a_single_read_is_refused_with_the_reason(string sql, string reason)
    {
        var e = await Assert.ThrowsAsync<TargetRefusedException>(() => target.ExplainJsonAsync(sql, analyze: true));
        Assert.Contains(reason, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("select pg_terminate_backend(pid) from pg_stat_activity", "pg_terminate_backend()")]
    [InlineData("select pg_catalog.pg_read_file('x')", "pg_read_file()")]
    [InlineData("select pg_sleep(100)", "pg_sleep()")]
    [InlineData("select lo_export(1, 'x')", "lo_export()")]
    [InlineData("select (select set_config('work_mem', '1', false) from items limit 1)", "set_config()")]
    [InlineData("select query_to_xml('select pg_sleep(1)', true, true, '')", "query_to_xml()")]
    public async Task Analyze_does_not_execute_functions_that_act_beyond_the_transaction_but_they_can_be_planned(string sql, string function)
    {
        await using var all = await ReadOnlyTarget.ConnectAsync("app", database.SuperuserConnectionString); // may call anything
        var e = await Assert.ThrowsAsync<TargetRefusedException>(() => all.ExplainJsonAsync(sql, analyze: true));
        Assert.Contains(function, e.Message, StringComparison.Ordinal);
        Assert.Contains("Plan", await all.ExplainJsonAsync(sql, analyze: false), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Analyze_of_a_statement_with_parameters_asks_for_values()
    {
        var e = await Assert.ThrowsAsync<TargetRefusedException>(() => target.ExplainJsonAsync("select * from items where id = $1", analyze: true));
        Assert.Contains("values", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Text_that_is_not_sql_is_a_syntax_error() =>
        await Assert.ThrowsAsync<SqlSyntaxException>(() => target.ExplainJsonAsync("selct 1", analyze: false));

    [Fact]
    public async Task A_statement_that_takes_too_long_is_told_with_the_way_out()
    {
        var hurried = TargetTimeouts.Default with { Statement = TimeSpan.FromMilliseconds(50) };
        await using var impatient = await ReadOnlyTarget.ConnectAsync("app", database.ConnectionString, hurried);
        var e = await Assert.ThrowsAsync<PostgresUnavailableException>(
            () => impatient.ExplainJsonAsync("select count(*) from generate_series(1, 100000000) a, generate_series(1, 1000) b", analyze: true));
        Assert.Contains("statement timeout", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Work_in_a_transaction_sees_hypothetical_indexes_that_the_next_work_does_not()
    {
        async Task<string?> Plan(NpgsqlConnection connection)
        {
            await using var explain = new NpgsqlCommand("explain select * from items where name = 'n7'", connection);
            return (string?)await explain.ExecuteScalarAsync();
        }

        var with = await target.InTransactionAsync(async connection =>
        {
            await using var create = new NpgsqlCommand("select hypopg_create_index('create index on items (name)')", connection);
            await create.ExecuteNonQueryAsync();
            return await Plan(connection);
        });
        Assert.Contains("Index Scan", with, StringComparison.Ordinal);
        Assert.Contains("Seq Scan", await target.InTransactionAsync(Plan), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Work_in_a_transaction_cannot_write()
    {
        var e = await Assert.ThrowsAsync<PostgresException>(() => target.InTransactionAsync(async connection =>
        {
            await using var write = new NpgsqlCommand("insert into items values (1000)", connection);
            return await write.ExecuteNonQueryAsync();
        }));
        Assert.Equal(PostgresErrorCodes.ReadOnlySqlTransaction, e.SqlState);
    }

    [Fact]
    public async Task A_database_that_does_not_exist_is_told_by_name()
    {
        var wrong = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Database = "no_such_database" };
        var e = await Assert.ThrowsAsync<PostgresUnavailableException>(() => ReadOnlyTarget.ConnectAsync("app", wrong.ConnectionString));
        Assert.Contains("no_such_database", e.Message, StringComparison.Ordinal);
        Assert.Contains("'app'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_call_ends_as_cancelled()
    {
        using var cancel = new CancellationTokenSource();
        var running = target.ExplainJsonAsync("select count(*) from generate_series(1, 100000000) a, generate_series(1, 1000) b", analyze: true, cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }
}
