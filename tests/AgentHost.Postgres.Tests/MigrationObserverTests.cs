using System.Collections.Immutable;
using AgentHost.Sql;
using Npgsql;

namespace AgentHost.Postgres.Tests;

public class MigrationObserverTests
{
    private const string Schema = """
        create table users (id bigint primary key, email text);
        create table orders (id bigint primary key, user_id bigint, amount int);
        create index orders_amount on orders (amount);
        """;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Creating_an_index_takes_share_and_scans(bool inTransaction)
    {
        var seen = Assert.Single(await ObserveAsync("create index on users (email)", inTransaction));
        Assert.Equal(new ObservedLock("public.users", LockMode.Share), Assert.Single(seen.Locks));
        Assert.Equal("public.users", Assert.Single(seen.ScannedRelations));
        Assert.Empty(seen.RewrittenRelations);
        Assert.Null(seen.Error);
    }

    [Fact]
    public async Task Adding_a_column_with_a_volatile_default_takes_access_exclusive_and_rewrites()
    {
        var seen = Assert.Single(await ObserveAsync("alter table users add column token uuid default gen_random_uuid()", true));
        Assert.Contains(new ObservedLock("public.users", LockMode.AccessExclusive), seen.Locks);
        Assert.Contains("public.users", seen.RewrittenRelations);
        Assert.Contains("public.users", seen.ScannedRelations);
    }

    [Fact]
    public async Task Adding_a_column_with_a_constant_default_rewrites_and_scans_nothing()
    {
        var seen = Assert.Single(await ObserveAsync("alter table users add column active boolean not null default true", true));
        Assert.Equal(new ObservedLock("public.users", LockMode.AccessExclusive), Assert.Single(seen.Locks));
        Assert.Empty(seen.RewrittenRelations);
        Assert.Empty(seen.ScannedRelations);
    }

    [Fact]
    public async Task Adding_a_foreign_key_takes_share_row_exclusive_on_both_tables_and_scans_the_referencing_one()
    {
        var seen = Assert.Single(await ObserveAsync("alter table orders add constraint fk foreign key (user_id) references users (id)", true));
        Assert.Contains(new ObservedLock("public.orders", LockMode.ShareRowExclusive), seen.Locks);
        Assert.Contains(new ObservedLock("public.users", LockMode.ShareRowExclusive), seen.Locks);
        Assert.Contains("public.orders", seen.ScannedRelations);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Validating_a_foreign_key_takes_a_weak_lock_even_where_an_earlier_statement_took_a_strong_one(bool inTransaction)
    {
        var seen = await ObserveAsync(
            "alter table orders add constraint fk foreign key (user_id) references users (id) not valid; alter table orders validate constraint fk", inTransaction);
        Assert.Contains(new ObservedLock("public.orders", LockMode.ShareRowExclusive), seen[0].Locks);
        Assert.Empty(seen[0].ScannedRelations);
        Assert.Contains(new ObservedLock("public.orders", LockMode.ShareUpdateExclusive), seen[1].Locks);
        Assert.Contains(new ObservedLock("public.users", LockMode.RowShare), seen[1].Locks);
    }

    [Fact]
    public async Task Setting_not_null_scans_unless_a_valid_check_proves_it()
    {
        var bare = Assert.Single(await ObserveAsync("alter table users alter email set not null", true));
        Assert.Equal("public.users", Assert.Single(bare.ScannedRelations));
        Assert.Contains(new ObservedLock("public.users", LockMode.AccessExclusive), bare.Locks);

        var proven = await ObserveAsync(
            """
            alter table users add constraint c check (email is not null) not valid;
            alter table users validate constraint c;
            alter table users alter email set not null;
            """, false);
        Assert.Equal("public.users", Assert.Single(proven[1].ScannedRelations));
        Assert.Empty(proven[2].ScannedRelations);
    }

    [Fact]
    public async Task Changing_a_type_rewrites_the_table_and_the_indexes_that_stay()
    {
        var seen = Assert.Single(await ObserveAsync("alter table orders alter user_id type numeric", true));
        Assert.Contains("public.orders", seen.RewrittenRelations);
        Assert.Contains("public.orders_amount", seen.RewrittenRelations);
        Assert.DoesNotContain("public.users", seen.RewrittenRelations);
    }

    [Theory]
    [InlineData("create index concurrently on users (email)", "public.users")]
    [InlineData("drop index concurrently orders_amount", "public.orders")]
    [InlineData("reindex table concurrently orders", "public.orders")]
    [InlineData("vacuum orders", "public.orders")]
    public async Task What_refuses_a_transaction_is_run_outside_of_one_and_its_lock_is_seen(string sql, string table)
    {
        var seen = Assert.Single(await ObserveAsync(sql, false));
        Assert.Null(seen.Error);
        Assert.Contains(new ObservedLock(table, LockMode.ShareUpdateExclusive), seen.Locks);
    }

    [Fact]
    public async Task Creating_an_index_concurrently_in_a_transaction_fails_and_the_rest_is_not_run()
    {
        var seen = await ObserveAsync("alter table users add a int;\ncreate index concurrently on users (email);\nalter table users add b int", true);
        Assert.Null(seen[0].Error);
        Assert.Equal(PostgresErrorCodes.ActiveSqlTransaction, seen[1].SqlState);
        Assert.Equal("Not run: the statement in line 2 failed.", seen[2].Error);
        Assert.Null(seen[2].SqlState);
    }

    [Fact]
    public async Task A_failed_transaction_leaves_nothing_and_a_failed_file_without_one_leaves_what_came_before()
    {
        const string Migration = "create table a (id int); select 1 / 0";
        Assert.Equal(0L, await CountAfterAsync(Migration, true, "pg_class where relname = 'a'"));
        Assert.Equal(1L, await CountAfterAsync(Migration, false, "pg_class where relname = 'a'"));
        Assert.Equal(1L, await CountAfterAsync("create table a (id int)", true, "pg_class where relname = 'a'"));
        Assert.Equal(0L, await CountAfterAsync("begin; create table a (id int); select 1 / 0; commit", false, "pg_class where relname = 'a'"));
    }

    [Fact]
    public async Task Begin_and_commit_in_the_file_are_honoured()
    {
        var seen = await ObserveAsync("begin; set local lock_timeout = '1s'; alter table users add a int; commit; create index concurrently on users (a)", false);
        Assert.All(seen, one => Assert.Null(one.Error));
        Assert.Equal(new ObservedLock("public.users", LockMode.AccessExclusive), Assert.Single(seen[2].Locks));
        Assert.Contains(new ObservedLock("public.users", LockMode.ShareUpdateExclusive), seen[4].Locks);
    }

    [Fact]
    public async Task Set_local_holds_for_the_rest_of_its_transaction_and_no_longer()
    {
        var seen = await ObserveAsync(
            "create schema s; create table s.t (id int); begin; set local search_path = s; alter table t add a int; commit; alter table users add a int", false);
        Assert.All(seen, one => Assert.Null(one.Error));
    }

    [Fact]
    public async Task Tables_that_the_migration_makes_are_not_reported()
    {
        var seen = await ObserveAsync("create table fresh (id int); create index on fresh (id); alter table fresh alter id type bigint", true);
        Assert.All(seen, one => Assert.Empty(one.Locks));
        Assert.All(seen, one => Assert.Empty(one.RewrittenRelations));
    }

    [Fact]
    public async Task Truncating_is_no_rewrite()
    {
        var seen = Assert.Single(await ObserveAsync("truncate orders", true));
        Assert.Empty(seen.RewrittenRelations);
        Assert.Contains(new ObservedLock("public.orders", LockMode.AccessExclusive), seen.Locks);
    }

    [Theory]
    [InlineData("drop table users", "public.orders")]
    [InlineData("begin; drop table users; commit", "public.orders")]
    [InlineData("alter table users rename to people", "public.orders")]
    [InlineData("create schema app; alter table orders set schema app", "app.orders")]
    [InlineData("alter schema public rename to app; set search_path = app", "app.orders")]
    public async Task A_statement_outside_a_transaction_runs_after_tables_were_dropped_renamed_or_moved(string change, string table)
    {
        var seen = await ObserveAsync($"{change}; create index concurrently on {table} (user_id)", false);
        Assert.All(seen, one => Assert.Null(one.Error));
        Assert.Contains(new ObservedLock(table, LockMode.ShareUpdateExclusive), seen[^1].Locks);
    }

    [Theory]
    [InlineData("drop table users, orders")]
    [InlineData("drop schema public cascade")]
    [InlineData("do $$ begin drop table users; drop table orders; end $$")]
    public async Task Tables_that_are_gone_are_told_however_they_went(string sql)
    {
        var seen = Assert.Single(await ObserveAsync(sql, true));
        Assert.Equal(["public.orders", "public.users"], seen.Tables.Where(table => table.IsDropped).Select(table => table.Name.ToString()));
        Assert.All(seen.Tables, table => Assert.Equal(LockMode.AccessExclusive, table.Lock));
        Assert.Equal(["public.orders_amount", "public.orders_pkey"], seen.Tables[0].LockedIndexes.ToArray());
    }

    [Fact]
    public async Task A_block_that_commits_runs_outside_a_transaction_and_its_locks_are_seen()
    {
        var seen = Assert.Single(await ObserveAsync("do $$ begin alter table users add a int; commit; end $$", false));
        Assert.Null(seen.Error);
        Assert.Contains(new ObservedLock("public.users", LockMode.AccessExclusive), seen.Locks);
    }

    [Fact]
    public async Task A_statement_that_takes_too_long_is_cut_off_even_where_the_migration_lifts_the_timeout()
    {
        await using var database = await SchemaAsync();
        var seen = await MigrationObserver.ObserveAsync(database, SqlParser.Parse("select pg_sleep(60)"), false, TimeSpan.FromMilliseconds(200), Timeout.InfiniteTimeSpan);
        Assert.Equal(PostgresErrorCodes.QueryCanceled, seen[0].SqlState);
    }

    [Fact]
    public async Task Function_bodies_with_semicolons_savepoints_and_copied_rows_are_run()
    {
        var seen = await ObserveAsync(
            """
            create function one() returns int language sql begin atomic select 1; select 2; end;
            do $$ begin perform 1; perform 2; end $$;
            savepoint s;
            alter table users add a int;
            rollback to s;
            alter table users add a int;
            copy users (id) from stdin;
            1
            \.
            alter table users add b int;
            """, true);
        Assert.All(seen, one => Assert.Null(one.Error));
    }

    [Fact]
    public async Task A_deferred_constraint_fails_at_the_end_of_the_transaction()
    {
        var seen = await ObserveAsync(
            """
            create table parent (id int primary key);
            create table child (id int references parent deferrable initially deferred);
            insert into child values (1);
            """, true);
        Assert.Equal(PostgresErrorCodes.ForeignKeyViolation, seen[2].SqlState);
    }

    private static async Task<ScratchDatabase> SchemaAsync()
    {
        var server = await PrivateServer.ConnectAsync();
        var database = await server.CreateScratchAsync();
        await database.ExecuteAsync(Schema);
        return database;
    }

    private static async Task<ImmutableArray<StatementObservation>> ObserveAsync(string migration, bool inTransaction)
    {
        await using var database = await SchemaAsync();
        return await MigrationObserver.ObserveAsync(database, SqlParser.Parse(migration), inTransaction);
    }

    private static async Task<long> CountAfterAsync(string migration, bool inTransaction, string what)
    {
        await using var database = await SchemaAsync();
        await MigrationObserver.ObserveAsync(database, SqlParser.Parse(migration), inTransaction);
        await using var connection = await database.OpenAsync();
        await using var command = new NpgsqlCommand($"select count(*) from {what}", connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
