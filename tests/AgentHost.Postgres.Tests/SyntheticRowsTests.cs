using System.Collections.Immutable;
using AgentHost.Postgres.Rows;
using AgentHost.Sql;
using Npgsql;

namespace AgentHost.Postgres.Tests;

public class SyntheticRowsTests
{
    [Fact]
    public async Task Columns_of_every_common_type_are_filled_without_nulls()
    {
        const string Schema = """
            create type mood as enum ('sad', 'ok', 'happy');
            create type pair as (a int, b text);
            create domain email as text check (value ~ '^[a-z0-9.]+@[a-z0-9.]+$');
            create domain cents as numeric(12,2) not null check (value >= 0 and value < 100);
            create table everything (
                id bigint generated always as identity primary key, small smallserial, i int, n numeric, n52 numeric(5,2), n33 numeric(3,3), r real, d double precision, m money,
                t text not null, v varchar(3), c char(2), q "char", b boolean, dt date, ts timestamp, tz timestamptz, tm time, tmz timetz, iv interval, u uuid unique, by bytea,
                j json, jb jsonb, ip inet, net cidr, mac macaddr, bi bit(5), vb bit varying(9), p point, bx box, ci circle, l lseg, pa path, po polygon, tv tsvector, tq tsquery, x xml,
                lsn pg_lsn, mo mood, pr pair, em email, ce cents, ia int[], ea mood[], ta text[], ir int4range, tr tstzrange, mr int4multirange, nr numrange,
                twice int generated always as (i * 2) stored, doc oid);
            """;
        await using var db = await DatabaseAsync(Schema);
        var filled = Assert.Single(await SyntheticRows.FillAsync(db, new RowOptions()));
        Assert.Null(filled.Refusal);
        Assert.Equal(2000, filled.Rows);
        Assert.Equal(0L, await ScalarAsync(db, "select count(*) from everything e, jsonb_each(to_jsonb(e)) where value = 'null'"));
        Assert.Equal(2000L, await ScalarAsync(db, "select count(distinct t) from everything"));
        await db.ExecuteAsync("insert into everything (t, ce) values ('next', 1)"); // its sequences are behind the rows
    }

    [Theory]
    [InlineData("a int check (a between 1 and 5)")]
    [InlineData("a text check (a in ('new', 'paid')), b varchar(20) not null check (b = any (array['x', 'y']))")]
    [InlineData("a text not null check (length(a) >= 40)")]
    [InlineData("a text not null check (a ~ '^[A-Z]{3}-[0-9]{4}$')")]
    [InlineData("a text not null check (a ~* '^(red|green)[a-f0-9]+$')")]
    [InlineData("a text not null check (a like 'ORD-%')")]
    [InlineData("a text not null check (position('@' in a) > 1)")]
    [InlineData("a char(2) not null check (a = upper(a))")]
    [InlineData("a numeric(3,2) not null check (a > 0 and a <= 1)")]
    [InlineData("a date not null check (a < current_date)")]
    [InlineData("a timestamptz not null, b timestamptz not null, check (b > a)")]
    [InlineData("a timestamptz not null, b timestamptz not null, check (a > b)")]
    [InlineData("a int not null, b int not null, check (a < b)")]
    [InlineData("a int, b int, check (num_nonnulls(a, b) = 1)")]
    [InlineData("a text not null check (a in ('open', 'done')), b timestamptz, check ((a = 'done') = (b is not null))")]
    [InlineData("a jsonb not null check (jsonb_typeof(a) = 'array')")]
    [InlineData("a jsonb not null check (a ? 'kind')")]
    [InlineData("a text[] not null check (a <@ array['x', 'y'])")]
    [InlineData("a int4range not null, exclude using gist (a with &&)")]
    [InlineData("a boolean not null unique")]
    [InlineData("a text not null, b int not null, unique (b, a), unique nulls not distinct (a)")]
    [InlineData("a int check (a > 0) check (a % 2 = 1)")]
    [InlineData("a smallint not null primary key check (a between 1 and 3000)")]
    [InlineData("\"a b\" text not null check (\"a b\" <> 'x''y'), \"Select\" int not null check (\"Select\" > 10)")]
    public async Task Rows_fulfil_checks(string columns)
    {
        await using var db = await DatabaseAsync($"create table t ({columns})");
        var filled = Assert.Single(await SyntheticRows.FillAsync(db, new RowOptions()));
        Assert.True(filled is { Refusal: null, Rows: > 0 }, filled.Refusal);
    }

    [Fact]
    public async Task References_hold_also_in_circles_to_oneself_twice_and_over_several_columns()
    {
        const string Schema = """
            create table tenants (id int primary key);
            create table people (id bigint primary key, tenant_id int not null references tenants, boss_id bigint references people, unique (tenant_id, id));
            create table kinds (code text primary key check (code in ('a', 'b')));
            create table projects (id uuid primary key, tenant_id int not null, lead bigint not null, kind text not null references kinds, foreign key (tenant_id, lead) references people (tenant_id, id));
            create table friends (one bigint references people, two bigint references people, primary key (one, two), check (one <= two));
            create table mails (id int primary key, sender bigint not null references people, receiver bigint not null references people, check (sender <> receiver));
            create table a (id int primary key, b_id int not null);
            create table b (id int primary key, a_id int not null references a deferrable initially deferred);
            alter table a add foreign key (b_id) references b deferrable initially deferred;
            """;
        await using var db = await DatabaseAsync(Schema);
        var filled = await SyntheticRows.FillAsync(db, new RowOptions { Rows = 300 });
        Assert.All(filled, table => Assert.True(table is { Refusal: null, Rows: > 0 }, $"{table}"));
        Assert.Equal(8, filled.Length);
        // pg_dump-like: every foreign key is checked from scratch.
        await db.ExecuteAsync("""
            do $$ declare k record; begin
              for k in select conrelid::regclass t, conname, pg_get_constraintdef(oid) d from pg_constraint where contype = 'f' loop
                execute format('alter table %s drop constraint %I', k.t, k.conname);
                execute format('alter table %s add constraint %I %s', k.t, k.conname, k.d);
              end loop;
            end $$
            """);
        Assert.Equal(1L, await ScalarAsync(db, "select count(*) from people where boss_id is null"));
    }

    [Fact]
    public async Task Partitions_are_filled_within_their_bounds()
    {
        const string Schema = """
            create table r (id bigint, at timestamptz not null, primary key (id, at)) partition by range (at);
            create table r1 partition of r for values from ('2026-01-01') to ('2026-02-01');
            create table r2 partition of r for values from ('2026-02-01') to ('2026-03-01');
            create table rd partition of r default;
            create table l (id bigint, c text) partition by list (c);
            create table l1 partition of l for values in ('a', 'b');
            create table l2 partition of l for values in ('c');
            create table h (id bigint primary key) partition by hash (id);
            create table h0 partition of h for values with (modulus 2, remainder 0);
            create table h1 partition of h for values with (modulus 2, remainder 1);
            create table hc (id bigint references h);
            """;
        await using var db = await DatabaseAsync(Schema);
        var filled = await SyntheticRows.FillAsync(db, new RowOptions { Mentioned = ["R", "l", "hc"] });
        Assert.All(filled, table => Assert.True(table is { Refusal: null, Rows: > 0 }, $"{table}"));
        Assert.Equal(["h0", "h1", "hc", "l1", "l2", "r1", "r2", "rd"], filled.Select(table => table.Table.Name).Order(StringComparer.Ordinal));
        Assert.True((long)(await ScalarAsync(db, "select count(*) from h"))! > 1500);
    }

    [Fact]
    public async Task Only_what_is_mentioned_and_what_it_leans_on_gets_rows()
    {
        const string Schema = """
            create domain code as text;
            create table parents (id int primary key); create table children (id int primary key, parent_id int references parents); create index kid on children (parent_id);
            create table others (id int); create view seen as select * from others; create table coded (c code);
            create function touch() returns void language plpgsql as $$ begin delete from coded; end $$;
            """;
        Assert.Equal(["children", "parents"], await FilledAsync(Schema, "kid"));
        Assert.Equal(["others"], await FilledAsync(Schema, "SEEN"));
        Assert.Equal(["coded"], await FilledAsync(Schema, "code"));
        Assert.Equal(["coded"], await FilledAsync(Schema, "touch"));
        Assert.Empty(await FilledAsync(Schema, "nothing"));
    }

    [Fact]
    public async Task Triggers_rules_and_forced_row_security_do_not_hinder_and_are_back_afterwards()
    {
        const string Schema = """
            create table t (id int primary key, a text); alter table t enable row level security, force row level security;
            create function no() returns trigger language plpgsql as $$ begin raise 'no'; end $$; create trigger no before insert on t for each row execute function no();
            create table u (id int); create rule away as on insert to u do instead nothing;
            """;
        await using var db = await DatabaseAsync(Schema);
        var filled = await SyntheticRows.FillAsync(db, new RowOptions());
        Assert.All(filled, table => Assert.Equal(2000, table.Rows));
        await Assert.ThrowsAsync<PostgresException>(() => db.ExecuteAsync("insert into t values (1)"));
        Assert.Equal(0L, await ScalarAsync(db, "select count(*) from t"));
    }

    [Fact]
    public async Task What_is_about_to_be_asked_of_the_rows_is_kept_in_mind()
    {
        await using var db = await DatabaseAsync("create table p (id int primary key); create table t (id int, state text, amount text, p_id int)");
        await SyntheticRows.FillAsync(db, new RowOptions
        {
            Checks = [new ExpectedCheck(new QualifiedName(null, "t"), "state in ('x', 'y')")],
            Casts = [new ExpectedCast(new QualifiedName(null, "t"), "amount", "numeric(10,2)")],
            References = [new ExpectedReference(new QualifiedName(null, "t"), ["p_id"], new QualifiedName(null, "p"), [])],
        });
        await db.ExecuteAsync("alter table t add check (state in ('x', 'y')), alter amount type numeric(10,2) using amount::numeric, add foreign key (p_id) references p");
    }

    [Fact]
    public async Task A_table_that_refuses_every_row_is_left_empty_and_says_why()
    {
        await using var db = await DatabaseAsync("create table t (a int not null check (a > 1 and a < 1)); create table o (id int)");
        var filled = await SyntheticRows.FillAsync(db, new RowOptions());
        Assert.NotNull(filled.Single(table => table.Table.Name == "t").Refusal);
        Assert.Equal(2000, filled.Single(table => table.Table.Name == "o").Rows);
    }

    [Fact]
    public async Task A_condition_without_an_end_leaves_its_table_empty_in_bounded_time()
    {
        await using var db = await DatabaseAsync("""
            create function slow(a int) returns boolean language plpgsql as $$ begin perform pg_sleep(3600); return true; end $$;
            create table o (id int); create table t (a int not null check (slow(a)));
            """);
        var filled = await SyntheticRows.FillAsync(db, new RowOptions { Budget = TimeSpan.FromMilliseconds(300) });
        Assert.Contains(filled, table => table is { Table.Name: "t", Refusal: not null });
    }

    private static async Task<string[]> FilledAsync(string schema, string mentioned)
    {
        await using var db = await DatabaseAsync(schema);
        return [.. (await SyntheticRows.FillAsync(db, new RowOptions { Mentioned = [mentioned] })).Select(table => table.Table.Name).Order(StringComparer.Ordinal)];
    }

    private static async Task<ScratchDatabase> DatabaseAsync(string schema)
    {
        var server = await PrivateServer.ConnectAsync();
        var database = await server.CreateScratchAsync();
        await database.ExecuteAsync(schema);
        return database;
    }

    private static async Task<object?> ScalarAsync(ScratchDatabase database, string sql)
    {
        await using var connection = await database.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
