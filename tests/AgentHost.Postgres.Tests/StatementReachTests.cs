using Npgsql;

namespace AgentHost.Postgres.Tests;

/// <summary>What a read can reach: a database full of traps, asked by a superuser, for whom nothing else stands in the way.</summary>
public sealed class StatementReachTests(StatementReachTests.Trapped trapped) : IClassFixture<StatementReachTests.Trapped>
{
    private readonly ReadOnlyTarget target = trapped.Target;

    public sealed class Trapped : IAsyncLifetime
    {
        private ScratchDatabase database = null!;
        private NpgsqlConnection victim = null!;

        internal ReadOnlyTarget Target { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            var server = await PrivateServer.ConnectAsync();
            database = await server.CreateScratchAsync();
            var link = new NpgsqlConnectionStringBuilder(database.SuperuserConnectionString);
            var strike = $"dblink_exec('dbname={link.Database} host={link.Host} user={link.Username}', 'insert into canary values (1)')";
            await using (var setup = new NpgsqlConnection(link.ConnectionString))
            {
                await setup.OpenAsync();
                foreach (var script in (string[])[Honest, Traps.Replace("STRIKE", strike, StringComparison.Ordinal)])
                {
                    await using var command = new NpgsqlCommand(script, setup) { CommandTimeout = 60 };
                    await command.ExecuteNonQueryAsync();
                }
            }

            await ProveTrapAsync(link.ConnectionString);
            victim = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(link.ConnectionString) { ApplicationName = "victim" }.ConnectionString);
            await victim.OpenAsync();
            Target = await ReadOnlyTarget.ConnectAsync("app", link.ConnectionString);
        }

        public async Task DisposeAsync()
        {
            await Target.DisposeAsync();
            await victim.DisposeAsync();
            await database.DisposeAsync();
        }

        internal async Task AssertUnharmedAsync()
        {
            await using var look = new NpgsqlCommand("select (select count(*) from canary) + (select count(*) from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database()))", victim);
            Assert.Equal(0L, await look.ExecuteScalarAsync());
        }

        private static async Task ProveTrapAsync(string superuser)
        {
            await using var open = new NpgsqlConnection(superuser);
            await open.OpenAsync();
            await using var batch = new NpgsqlBatch(open) { BatchCommands = { new("begin read only"), new("select * from evil"), new("rollback") } };
            await batch.ExecuteNonQueryAsync();
            await using var clear = new NpgsqlCommand("with gone as (delete from canary returning 1) select count(*) from gone", open);
            Assert.Equal(1L, await clear.ExecuteScalarAsync());
        }

        private const string Honest =
            """
            create extension pgcrypto; create extension pg_trgm; create extension vector; create extension citext; create extension "uuid-ossp"; create extension tablefunc;
            create extension pg_stat_statements; create extension postgres_fdw; create extension earthdistance cascade;
            create domain email as text check (value ~ '@');
            create table orders (id int primary key, tenant int not null, name text, contact email, place vector(3), load int, total numeric, check (lower(name) <> ''));
            insert into orders select i, i % 3, 'n' || i, 'a@b', '[1,2,3]', i, i from generate_series(1, 300) i;
            create index on orders (lower(name)) where tenant > 0;
            create function current_tenant() returns int language plpgsql stable as $$ begin return coalesce(current_setting('app.tenant', true), '1')::int; end $$;
            create function net(o orders) returns numeric language sql as 'select o.total * 0.8';
            create function gross(amount numeric, rate numeric default random()) returns numeric language plpgsql as $$
            declare result numeric; begin select amount * (1 + rate) into result; if result > 0 then return result; end if; return 0; end $$;
            create aggregate product(numeric) (sfunc = numeric_mul, stype = numeric, initcond = '1');
            create view mine as select * from orders where tenant = current_tenant();
            create view deeper as select name, sum(total) as total, max(gross(total)) from mine group by name;
            create table guarded (id int, tenant int);
            alter table guarded enable row level security;
            alter table guarded force row level security;
            create policy by_setting on guarded using (tenant = current_setting('app.tenant', true)::int);
            create policy by_function on guarded using (tenant = current_tenant());
            create function near(a orders, b orders) returns bool language sql immutable as 'select a.tenant = b.tenant';
            create type span as range (subtype = timestamptz);
            create type mood as enum ('fine', 'poor');
            create operator ~=~ (leftarg = orders, rightarg = orders, function = near);
            analyze;
            """;

        private const string Traps =
            """
            create extension dblink;
            create table canary (id int);
            create table stage (id int, kind text);
            insert into stage select i, 'k' from generate_series(1, 100) i;
            analyze stage;
            create sequence numbers;
            create view evil as select STRIKE;
            create view evil_below as select * from evil;
            create view "Evil View" as select STRIKE;
            create view kills as select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'victim';
            create view locks as select pg_try_advisory_lock(7);
            create function as_sql() returns text language sql stable as $$ select STRIKE $$;
            create function as_plpgsql() returns text language plpgsql stable as $$ begin return STRIKE; end $$;
            create function as_immutable(int) returns int language plpgsql immutable as $$ begin perform STRIKE; return 1; end $$;
            create function as_atomic() returns text language sql stable return STRIKE;
            create function as_volatile() returns text language sql as $$ select STRIKE $$;
            create function as_text() returns text language plpgsql stable as $$ declare r text; begin execute 'select dblink' || '_exec()' into r; return r; end $$;
            create function as_copy() returns int language plpgsql stable as $$ begin copy (select 1) to '/dev/null'; return 1; end $$;
            create function as_lock() returns int language sql as 'lock table canary; select 1';
            create function as_internal(int) returns bool language internal stable as 'pg_terminate_backend';
            create function as_default(a text default STRIKE) returns text language sql as 'select a';
            create function struck(s stage) returns text language sql as $$ select STRIKE $$;
            create function strikes(int, int) returns bool language plpgsql as $$ begin perform STRIKE; return true; end $$;
            create operator #### (leftarg = int, rightarg = int, function = strikes, restrict = eqsel);
            create function folds(int, int) returns int language plpgsql as $$ begin perform STRIKE; return 1; end $$;
            create aggregate summed(int) (sfunc = folds, stype = int, initcond = '0');
            create function checks(text) returns bool language plpgsql as $$ begin perform STRIKE; return true; end $$;
            create domain tripwire as text check (checks(value));
            create type wired as (a tripwire);
            create table holder (w wired);
            create table rows_guarded (id int);
            insert into rows_guarded values (1);
            alter table rows_guarded enable row level security;
            alter table rows_guarded force row level security;
            create policy snare on rows_guarded using (checks(id::text));
            grant select on rows_guarded to public;
            create table folded (id int);
            insert into folded values (1);
            create function as_later(int) returns int language plpgsql immutable as $$ begin return 1; end $$;
            create index on folded ((id + as_later(1)));
            create or replace function as_later(int) returns int language plpgsql immutable as $$ begin perform STRIKE; return 1; end $$;
            create server files foreign data wrapper postgres_fdw;
            create foreign table far (id int) server files;
            create table parts (id int) partition by list (id);
            create table part_1 partition of parts for values in (1);
            alter table parts attach partition far for values in (2);
            """;
    }

    public static TheoryData<string> Escapes { get; } =
    [
        "select \"dblink_exec\"('')",
        "select U&\"\\0064blink_exec\"('')",
        "select public . dblink_exec /* ( */ ('')",
        "select * from evil",
        "select * from evil_below",
        "select * from \"Evil View\"",
        "table evil",
        "select (select 1 from evil limit 1)",
        "with e as (select * from evil) select * from e",
        "select x from stage s, lateral (select * from evil) x",
        "select as_sql()",
        "select as_plpgsql()",
        "select as_immutable(1)",
        "select 1 where as_immutable(1) = 1",
        "select * from stage where id = as_immutable(2)",
        "select as_atomic()",
        "select as_volatile()",
        "select as_text()",
        "select as_copy()",
        "select as_lock()",
        "select as_internal(1)",
        "select as_default()",
        "select s.struck from stage s",
        "select stage.struck from stage",
        "select 1 where 1 #### 2",
        "select * from stage where id #### 2",
        "select 1 where 1 operator(public.####) 2",
        "select summed(id) from stage",
        "select summed(id) over () from stage",
        "select 'x'::tripwire",
        "select cast(kind as tripwire) from stage",
        "select tripwire 'x'",
        "select '(x)'::wired",
        "select (jsonb_populate_record(null::wired, '{\"a\": \"x\"}')).a",
        "select jsonb_populate_record(w, '{\"a\": {\"a\": \"x\"}}') from holder",
        "select * from json_to_recordset('[{\"a\": \"x\"}]') as r(a tripwire)",
        "select array['x']::tripwire[]",
        "select pg_input_is_valid('x', 'trip' || 'wire')",
        "select * from rows_guarded",
        "select * from folded",
        "select * from far",
        "select * from parts",
        "select * from kills",
        "select * from locks",
        "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'victim'",
        "select pg_notify('a', 'b')",
        "select pg_advisory_lock(1)",
        "select nextval('numbers')",
        "select table_to_xml('evil', true, true, '')",
        "select 1 from stage where kind = table_to_xml('evil', true, true, '')::text",
        "select query_to_xml('select * from evil', true, true, '')",
        "select * from ts_stat('select * from evil')",
        "select * from crosstab('select 1, 2, 3 from evil') as t(a int, b int)",
        "select lo_create(0)",
        "select lo_from_bytea(0, '')",
        "select E'\\'' || as_sql() || E'\\''",
        "select 'a\\' || as_sql() || ''",
        "select E'a'\n'\\'' || as_sql() || '--'",
        "select $a$ $a$ || as_sql() || $a$ $a$",
        "select 'a' -- '\n|| as_sql() -- '",
    ];

    [Theory]
    [MemberData(nameof(Escapes))]
    public async Task No_text_reaches_beyond_its_transaction(string sql)
    {
        foreach (var analyze in (bool[])[false, true])
        {
            var refusal = await Record.ExceptionAsync(() => target.ExplainJsonAsync(sql, analyze));
            Assert.True(refusal is null ? !analyze : refusal is TargetRefusedException, $"analyze {analyze}: {refusal?.Message ?? "admitted"}");
            await trapped.AssertUnharmedAsync();
        }

        await target.InTransactionAsync(async open =>
        {
            if ((await PlanningGate.RefusalsAsync(open, ["select 1", sql])) is [null, null])
            {
                await using var plan = new NpgsqlCommand("explain " + sql, open);
                await plan.ExecuteNonQueryAsync();
            }

            return 0;
        });
        await trapped.AssertUnharmedAsync();
    }

    [Theory]
    [InlineData("select * from evil_below", "the view public.evil_below uses the view public.evil, which calls dblink_exec(), which could act")]
    [InlineData("select * from rows_guarded", "the policy snare of public.rows_guarded calls checks(), which calls dblink_exec()")]
    [InlineData("select 1 where 1 #### 2", "the operator #### calls strikes(), which calls dblink_exec()")]
    [InlineData("select as_text()", "as_text() runs text that is not known before (EXECUTE)")]
    [InlineData("select as_copy()", "as_copy() runs COPY")]
    [InlineData("select as_internal(1)", "as_internal() is written in internal")]
    [InlineData("select 'x'::tripwire", "the domain public.tripwire calls checks()")]
    [InlineData("select summed(id) from stage", "summed() calls folds(), which calls dblink_exec()")]
    [InlineData("select * from parts", "the foreign table public.far is read through another server")]
    public async Task The_refusal_names_the_way_and_what_to_do(string sql, string way)
    {
        var e = await Assert.ThrowsAsync<TargetRefusedException>(() => target.ExplainJsonAsync(sql, analyze: true));
        Assert.Contains(way, e.Message, StringComparison.Ordinal);
        Assert.Contains("without ANALYZE", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("select * from evil")]
    [InlineData("select * from kills")]
    [InlineData("select as_volatile() from stage")]
    [InlineData("select pg_terminate_backend(pid) from pg_stat_activity")]
    [InlineData("select * from far")]
    [InlineData("select summed(id) from stage")]
    public async Task What_only_execution_would_run_can_be_planned(string sql) =>
        Assert.Contains("Plan", await target.ExplainJsonAsync(sql, analyze: false), StringComparison.Ordinal);

    [Theory]
    [InlineData("select as_immutable(1)")]
    [InlineData("select * from stage where kind = as_sql()")]
    [InlineData("select * from stage where id #### 2")]
    [InlineData("select * from folded")]
    public async Task What_the_planner_itself_would_run_is_not_even_planned(string sql)
    {
        var e = await Assert.ThrowsAsync<TargetRefusedException>(() => target.ExplainJsonAsync(sql, analyze: false));
        Assert.Contains("while it plans", e.Message, StringComparison.Ordinal);
        Assert.Contains("dblink_exec()", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("select * from mine where id between 1 and 10 and name like 'n%'")]
    [InlineData("select * from deeper order by total desc limit 3")]
    [InlineData("select o.net, gross(o.total), gross(o.total, 2) from orders o where o.load in (1, 2)")]
    [InlineData("select product(total) from orders where id < 5")]
    [InlineData("select contact::email from orders")]
    [InlineData("select * from guarded")]
    [InlineData("select digest(name, 'sha256'), gen_random_uuid(), random(), uuid_generate_v4(), crypt(name, gen_salt('md5')) from orders limit 1")]
    [InlineData("select similarity(name, 'n1') from orders where name % 'n1' order by name <-> 'n1'")]
    [InlineData("select id from orders order by place <-> '[1,1,1]' limit 5")]
    [InlineData("select name::citext = 'N1', earth_distance(ll_to_earth(1, 1), ll_to_earth(2, 2)) from orders limit 1")]
    [InlineData("select table_name, column_name from information_schema.columns where table_schema = 'public'")]
    [InlineData("select * from pg_stat_activity, pg_locks")]
    [InlineData("select * from pg_stat_user_tables join pg_stat_user_indexes using (relid)")]
    [InlineData("select relname, pg_size_pretty(pg_total_relation_size(oid)) from pg_class")]
    [InlineData("select now() - interval '1 day', extract(epoch from clock_timestamp()), current_date, 'dblink_exec' as dblink, 'evil'")]
    [InlineData("with recursive n(i) as (select 1 union all select i + 1 from n where i < 5) select i, row_number() over (order by i) from n")]
    [InlineData("select span(now(), null) @> now(), span_multirange(span(now(), null)), 'fine'::mood, count(*) filter (where id > 1) from orders")]
    [InlineData("select count(*) from orders a join orders b on a ~=~ b where a.id < 3")]
    [InlineData("select jsonb_agg(o) from orders o tablesample system (50)")]
    public async Task An_honest_read_is_executed(string sql)
    {
        Assert.Contains("Actual Rows", await target.ExplainJsonAsync(sql, analyze: true), StringComparison.Ordinal);
        Assert.Contains("Plan", await target.ExplainJsonAsync(sql, analyze: false), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_session_gets_its_search_path_back()
    {
        var path = await target.InTransactionAsync(async open =>
        {
            await using var set = new NpgsqlCommand("set local search_path = here, \"There\"", open);
            await set.ExecuteNonQueryAsync();
            await PlanningGate.RefusalsAsync(open, ["select 1"]);
            await using var show = new NpgsqlCommand("show search_path", open);
            return await show.ExecuteScalarAsync();
        });
        Assert.Equal("here, \"There\"", path);
    }

    [Theory]
    [InlineData("create type pair as (a int, b int); create function f(pair) returns text language sql volatile as 'select pg_notify(''a'', ''b'')::text'; create cast (pair as text) with function f(pair) as implicit", "the cast from public.pair to text calls f(), which calls pg_notify()")]
    [InlineData("create function f(int, int) returns bool language sql volatile as 'select pg_notify(''a'', ''b'') is null'; create operator public.= (leftarg = int, rightarg = int, function = f)", "the operator = calls f(), which calls pg_notify()")]
    [InlineData("create function f(float8, float8) returns float8 language sql immutable as 'select pg_sleep(10); select 1::float8'; create type spans as range (subtype = float8, subtype_diff = f)", "the range public.spans calls f(), which calls pg_sleep()")]
    public async Task Code_that_no_text_names_counts_for_every_statement(string setup, string way)
    {
        var server = await PrivateServer.ConnectAsync();
        await using var scratch = await server.CreateScratchAsync();
        await using (var admin = new NpgsqlConnection(scratch.SuperuserConnectionString))
        {
            await admin.OpenAsync();
            await using var command = new NpgsqlCommand(setup, admin);
            await command.ExecuteNonQueryAsync();
        }

        await using var own = await ReadOnlyTarget.ConnectAsync("app", scratch.ConnectionString);
        var e = await Assert.ThrowsAsync<TargetRefusedException>(() => own.ExplainJsonAsync("select 1", analyze: true));
        Assert.Contains(way, e.Message, StringComparison.Ordinal);
    }
}
