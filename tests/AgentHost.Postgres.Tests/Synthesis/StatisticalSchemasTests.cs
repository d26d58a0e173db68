using AgentHost.Postgres.Synthesis;

namespace AgentHost.Postgres.Tests.Synthesis;

/// <summary>Schemas of every shape: what their constraints say holds for the rows, and nothing fails.</summary>
public class StatisticalSchemasTests
{
    [Theory]
    [InlineData("types", """
        create type mood as enum ('sad', 'ok', 'happy');
        create type pair as (a int, b text);
        create domain email as text check (value ~ '^[a-z0-9.]+@[a-z0-9.]+$');
        create table everything (id bigint generated always as identity primary key, small smallint, n numeric, n52 numeric(5,2), r real, d double precision, m money, v varchar(6), c char(2), q "char", b boolean,
          dt date, ts timestamp, tm time, iv interval, u uuid unique, by bytea, j json, jb jsonb, ip inet, net cidr, mac macaddr, bi bit(5), p point, bx box, tv tsvector, x xml, mo mood, pr pair, em email,
          ia int[], ea mood[], ir int4range, dr daterange, mr int4multirange, nested int[][], doubled int generated always as (small * 2) stored);
        insert into everything (small, n, n52, r, d, m, v, c, q, b, dt, ts, tm, iv, u, by, j, jb, ip, net, mac, bi, p, bx, tv, x, mo, pr, em, ia, ea, ir, dr, mr, nested)
        select i % 100, i / 7.0, i % 999 / 3.0, i, i * 1.5, i::money, left(md5(i::text), 6), chr(65 + i % 26) || 'x', 'a', i % 3 = 0, date '2020-01-01' + i, timestamp '2020-01-01' + i * interval '1 hour', time '00:00' + i * interval '1 second',
          i * interval '1 minute', gen_random_uuid(), decode(md5(i::text), 'hex'), json_build_object('a', i), jsonb_build_object('a', i, 'b', jsonb_build_array(i % 3)), inet '10.0.0.0' + i, host(inet '10.0.0.0' + i)::cidr,
          ('08002b' || lpad(to_hex(i), 6, '0'))::macaddr, (i % 32)::bit(5), point(i, i), box(point(i, i), point(i + 1, i + 1)), to_tsvector('simple', 'w' || i % 50 || ' v' || i % 7), ('<n>' || i || '</n>')::xml,
          (array['sad', 'ok', 'happy'])[1 + i % 3]::mood, row(i, 'x')::pair, 'a' || i || '@b.c', array[i % 5, i % 7], array['ok']::mood[], int4range(i, i + 5), daterange(date '2020-01-01' + i, date '2020-01-03' + i), int4multirange(int4range(i, i + 2)), array[[i, 2], [3, 4]]
        from generate_series(1, 3000) i;
        """)]
    [InlineData("checks over columns", """
        create table t (id int primary key, a timestamptz not null, b timestamptz not null, state text not null, done_at timestamptz, low int, high int, check (b > a), check ((state = 'done') = (done_at is not null)), check (low <= high));
        insert into t select i, now() - i * interval '1 day', now() - i * interval '1 day' + random() * interval '1 day', case when i % 3 = 0 then 'done' else 'open' end, case when i % 3 = 0 then now() end, i % 10, i % 10 + 5 from generate_series(1, 3000) i;
        """)]
    [InlineData("keys over columns", """
        create table people (id uuid primary key default gen_random_uuid(), email text not null unique, tenant_id int not null, unique (tenant_id, id));
        create table roles (code text primary key);
        create table grants (person uuid not null references people, role text not null references roles, primary key (person, role));
        create table orders (id bigint primary key, person uuid not null references people, tenant_id int not null, foreign key (tenant_id, person) references people (tenant_id, id));
        create table lines (order_id bigint references orders, line_no int, sku text not null, primary key (order_id, line_no));
        create table tree (id int primary key, parent int references tree, path text not null unique);
        create table a (id int primary key, b_id int not null); create table b (id int primary key, a_id int not null references a); alter table a add foreign key (b_id) references b deferrable initially deferred;
        insert into people (email, tenant_id) select 'user' || i || '@example.com', i % 20 from generate_series(1, 2000) i;
        insert into roles select 'role' || i from generate_series(1, 12) i;
        insert into grants select id, code from people, roles where hashtext(id::text || code) % 4 = 0;
        insert into orders select row_number() over (), id, tenant_id from people, generate_series(1, 3);
        insert into lines select id, n, 'sku' || (id * n) % 500 from orders, generate_series(1, 4) n where n <= 1 + id % 4;
        insert into tree select i, nullif(i / 3, 0), 'p' || i from generate_series(1, 2000) i;
        begin; insert into a select i, i from generate_series(1, 500) i; insert into b select i, 501 - i from generate_series(1, 500) i; commit;
        """)]
    [InlineData("partitions", """
        create table events (id bigint not null, at timestamptz not null, kind text, primary key (id, at)) partition by range (at);
        create table events_1 partition of events for values from ('2024-01-01') to ('2024-02-01');
        create table events_2 partition of events for values from ('2024-02-01') to ('2024-03-01');
        create table events_rest partition of events default;
        create index on events (kind);
        insert into events select i, timestamptz '2024-01-01' + i * interval '20 minutes', 'k' || i % 7 from generate_series(1, 6000) i;
        create table hashed (k int not null, v text) partition by hash (k);
        create table hashed_0 partition of hashed for values with (modulus 3, remainder 0); create table hashed_1 partition of hashed for values with (modulus 3, remainder 1); create table hashed_2 partition of hashed for values with (modulus 3, remainder 2);
        insert into hashed select i % 1000, 'v' || i from generate_series(1, 6000) i;
        create table letters (c text) partition by list (c); create table letters_a partition of letters for values in ('a', 'b'); create table letters_z partition of letters default;
        insert into letters select chr(97 + i % 5) from generate_series(1, 1000) i;
        """)]
    [InlineData("hostile code", """
        create function never(a int) returns boolean language plpgsql as $$ begin return a > 0; end $$;
        create table guarded (id int primary key, a int check (never(a)), "Odd ""n"" x" text, "select" int default 1, constraint "x y" check (length("Odd ""n"" x") < 20));
        create table empty_one (id int primary key); create table none ();
        insert into guarded select i, i, 'x''y' || i from generate_series(1, 500) i;
        create view seen as select * from guarded; create materialized view kept as select count(*) from guarded;
        create function no() returns trigger language plpgsql as $$ begin raise 'no'; end $$; create trigger no before insert on guarded for each row execute function no();
        """)]
    public async Task Constraints_hold_and_nothing_fails(string name, string schema)
    {
        await using var original = await Originals.MakeAsync(schema);
        var snapshot = await Originals.SnapshotAsync(original);
        await using var copy = await (await PrivateServer.ConnectAsync()).CreateScratchAsync();
        var filled = await StatisticalRows.FillAsync(copy, snapshot, new FillOptions());

        var told = $"{name}: {string.Join('\n', filled.Relations)}\n{string.Join('\n', filled.Notes)}";
        Assert.All(filled.Relations, relation => Assert.True(relation.Rows >= 0.95 * relation.OriginalRows && relation.Rows <= 1.01 * relation.OriginalRows + 1, told));
        await copy.ExecuteAsync(Originals.CheckReferences);
    }

    [Fact]
    public async Task The_same_snapshot_gives_the_same_rows()
    {
        await using var original = await Originals.MakeAsync("""
            create table t (id int primary key, a text, b numeric(8,2), c timestamptz, d jsonb, e text[], u uuid);
            insert into t select i, 'text ' || i % 500, random() * 1000, now() - random() * interval '1 year', jsonb_build_object('n', i, 'k', i % 5), array['a' || i % 50, 'b'], gen_random_uuid() from generate_series(1, 30000) i
            """);
        var snapshot = await Originals.SnapshotAsync(original);
        var sums = new List<object?>();
        for (var i = 0; i < 2; i++)
        {
            await using var copy = await (await PrivateServer.ConnectAsync()).CreateScratchAsync();
            await StatisticalRows.FillAsync(copy, snapshot, new FillOptions());
            sums.Add(await Originals.ScalarAsync(copy, "select md5(string_agg(t::text, '' order by ctid)) from t"));
        }

        Assert.Equal(sums[0], sums[1]);
    }

    [Fact]
    public async Task A_smaller_database_keeps_how_many_children_a_parent_has()
    {
        await using var original = await Originals.MakeAsync("""
            create table tenants (id int primary key); create table orders (id int primary key, tenant_id int not null references tenants, day date not null);
            create table lines (id int primary key, order_id int not null references orders, tenant_id int not null);
            insert into tenants select i from generate_series(1, 40) i; insert into orders select i, 1 + i % 40, date '2024-01-01' + i / 100 from generate_series(1, 20000) i;
            insert into lines select i, 1 + i / 5 % 20000, 1 + (1 + i / 5 % 20000) % 40 from generate_series(1, 100000) i;
            """);
        await using var copy = await (await PrivateServer.ConnectAsync()).CreateScratchAsync();
        var filled = await StatisticalRows.FillAsync(copy, await Originals.SnapshotAsync(original), new FillOptions { MaxRows = 20_000 });
        Assert.InRange(filled.Scale, 0.19, 0.21);
        Assert.Equal(40L, await Originals.ScalarAsync(copy, "select count(*) from tenants"));
        Assert.InRange((double)(long)(await Originals.ScalarAsync(copy, "select count(*) from lines"))! / (long)(await Originals.ScalarAsync(copy, "select count(distinct order_id) from lines"))!, 4.5, 6);
        Assert.Equal(0L, await Originals.ScalarAsync(copy, "select count(*) from lines l join orders o on o.id = l.order_id where o.tenant_id <> l.tenant_id"));
        Assert.Contains(filled.Notes, note => note.Contains("fewer rows", StringComparison.Ordinal));
    }
}
