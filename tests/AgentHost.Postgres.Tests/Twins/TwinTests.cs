using AgentHost.Postgres.Catalog;
using AgentHost.Postgres.Twins;
using Npgsql;

namespace AgentHost.Postgres.Tests.Twins;

/// <summary>A database of many kinds of columns and indexes, 120,000 orders, and its twin.</summary>
public sealed class TwinDatabases : IAsyncLifetime
{
    internal ScratchDatabase Original { get; private set; } = null!;

    internal CatalogSnapshot Snapshot { get; private set; } = null!;

    internal Twin Twin { get; private set; } = null!;

    internal const string Schema = """
        create extension hypopg;
        create schema shop;
        create type shop.status as enum ('new', 'paid', 'shipped', 'lost');
        create domain shop.amount as numeric(12, 2) check (value >= 0);
        create table shop.customers (id bigint primary key, email text not null, tags text[] not null, attrs jsonb not null, body tsvector, seen tstzrange) with (autovacuum_enabled = off);
        create table shop.orders (gone int, id bigint generated always as identity primary key, customer_id bigint not null references shop.customers, status shop.status not null, total shop.amount not null,
          city text, country text, placed_at timestamptz not null, deleted_at timestamptz, doubled numeric generated always as (total * 2) stored) with (autovacuum_enabled = off);
        alter table shop.orders drop column gone;
        create table shop.events (id bigint, at timestamptz not null, kind int not null) partition by range (at);
        create table shop.events_1 partition of shop.events for values from ('2024-01-01') to ('2024-07-01');
        create table shop.events_2 partition of shop.events for values from ('2024-07-01') to ('2025-01-01');
        create table shop.nothing (id int primary key, note text);
        insert into shop.customers select i, 'User' || i || '@example.org', array['t' || i % 7, 't' || i % 31, 'rare' || i % 997], jsonb_build_object('k', i % 50, 'n', i),
          to_tsvector('english', 'word' || i % 100 || ' and term' || i % 13), tstzrange(timestamptz '2024-01-01' + i * interval '1 minute', timestamptz '2024-01-01' + i * interval '1 minute' + (i % 90) * interval '1 hour')
          from generate_series(1, 20000) i;
        insert into shop.orders (customer_id, status, total, city, country, placed_at, deleted_at)
          select 1 + (hashint4(i) & 16383), case when i % 100 = 0 then 'lost' when i % 20 = 0 then 'new' when i % 3 = 0 then 'paid' else 'shipped' end::shop.status, (hashint4(i + 1) & 65535) / 100.0,
            'city' || (hashint4(i) & 127), 'country' || (hashint4(i) & 127) / 8, timestamptz '2024-01-01' + i * interval '3 minutes', case when i % 30 = 0 then timestamptz '2025-01-01' end
          from generate_series(1, 120000) i;
        insert into shop.events select i, timestamptz '2024-01-01' + i * interval '4 minutes', i % 200 from generate_series(1, 120000) i;
        create index orders_customer on shop.orders (customer_id);
        create index orders_placed on shop.orders using brin (placed_at);
        create index orders_live on shop.orders (placed_at) where deleted_at is null and status = 'new';
        create index customers_lower on shop.customers (lower(email));
        create index customers_tags on shop.customers using gin (tags);
        create index customers_attrs on shop.customers using gin (attrs jsonb_path_ops);
        create index customers_seen on shop.customers using gist (seen);
        create index events_kind on shop.events (kind);
        create statistics shop.places (ndistinct, dependencies, mcv) on city, country from shop.orders;
        create statistics shop.months on date_trunc('month', placed_at at time zone 'utc'), status from shop.orders;
        create materialized view shop.totals as select customer_id, sum(total) as total from shop.orders group by 1;
        create index totals_total on shop.totals (total);
        """;

    public async Task InitializeAsync()
    {
        var server = await PrivateServer.ConnectAsync();
        Original = await server.CreateScratchAsync();
        await Original.ExecuteAsync(Schema);
        await using (var open = await Original.OpenAsync())
        await using (var vacuum = new NpgsqlCommand("vacuum analyze", open))
            await vacuum.ExecuteNonQueryAsync();
        await using var target = await ReadOnlyTarget.ConnectAsync("shop", Original.ConnectionString);
        Snapshot = await CatalogReader.ReadAsync(target, statistics: true);
        Twin = await Twin.LoadAsync(server, Snapshot);
    }

    public async Task DisposeAsync()
    {
        await Twin.DisposeAsync();
        await Original.DisposeAsync();
    }
}

public sealed class TwinTests(TwinDatabases databases) : IClassFixture<TwinDatabases>
{
    public static TheoryData<string> Queries =>
    [
        "select * from shop.orders where id = 4711",
        "select * from shop.orders where customer_id = 17",
        "select * from shop.orders where customer_id in (17, 18, 4000) and total > 600",
        "select * from shop.orders where status = 'lost'",
        "select * from shop.orders where placed_at between '2024-03-01' and '2024-03-08'",
        "select * from shop.orders where deleted_at is null and status = 'new' order by placed_at desc limit 20",
        "select count(*) from shop.orders where city = 'city3' and country = 'country0'",
        "select count(*) from shop.orders where city = 'city3' and country = 'country9'",
        "select city, country, count(*) from shop.orders group by 1, 2",
        "select date_trunc('month', placed_at at time zone 'utc'), status, count(*) from shop.orders group by 1, 2",
        "select * from shop.customers where lower(email) = 'user77@example.org'",
        "select * from shop.customers where email like 'User77%'",
        "select * from shop.customers where tags @> '{rare5}'",
        "select * from shop.customers where attrs @> '{\"k\": 7}'",
        "select * from shop.customers where body @@ to_tsquery('english', 'word5')",
        "select * from shop.customers where seen && tstzrange('2024-01-05', '2024-01-06')",
        "select c.email, o.total from shop.customers c join shop.orders o on o.customer_id = c.id where c.id between 10 and 30",
        "select c.email, sum(o.total) from shop.customers c join shop.orders o on o.customer_id = c.id where o.placed_at >= '2024-06-01' group by 1 order by 2 desc limit 5",
        "select * from shop.events where at >= '2024-08-01' and at < '2024-08-02' and kind = 5",
        "select kind, count(*) from shop.events group by 1",
        "select * from shop.totals order by total desc limit 10",
        "select max(total) from shop.orders",
        "select * from shop.nothing where id = 1",
        "select * from shop.orders o where not exists (select from shop.customers c where c.id = o.customer_id and c.id < 1000)",
        "select id from shop.orders where id between 100 and 5000",
    ];

    [Theory]
    [MemberData(nameof(Queries))]
    public async Task A_query_is_planned_as_on_the_original_and_costs_the_same(string sql)
    {
        await using var original = await databases.Original.OpenAsync();
        await using var twin = await databases.Twin.OpenAsync();
        await AssertSameAsync(original, twin, sql);
    }

    [Fact]
    public async Task What_is_known_of_the_expression_of_a_gin_index_is_of_the_expressions_type()
    {
        var server = await PrivateServer.ConnectAsync();
        await using var database = await server.CreateScratchAsync();
        await database.ExecuteAsync("""
            create table people (id int primary key, email text not null) with (autovacuum_enabled = off);
            insert into people select i, 'User' || i % 500 || '@example.org' from generate_series(1, 20000) i;
            create index people_lexemes on people using gin (to_tsvector('english', replace(email, '@', ' ')));
            create index people_parts on people using gin (string_to_array(email, '@'));
            analyze;
            """);
        await using var target = await ReadOnlyTarget.ConnectAsync("people", database.ConnectionString);
        await using var twin = await Twin.LoadAsync(server, await CatalogReader.ReadAsync(target, statistics: true));
        Assert.Empty(twin.Notes);
        await using var original = await database.OpenAsync();
        await using var open = await twin.OpenAsync();
        foreach (var condition in (string[])["to_tsvector('english', replace(email, '@', ' ')) @@ to_tsquery('english', 'user77')", "string_to_array(email, '@') @> '{User77}'", "string_to_array(email, '@') = '{User5,example.org}'"])
            Assert.Equal(await RowsAsync(original, condition), await RowsAsync(open, condition));

        static async Task<double> RowsAsync(NpgsqlConnection connection, string condition)
        {
            await using var explain = new NpgsqlCommand($"explain (format json) select * from people where {condition}", connection);
            using var plan = System.Text.Json.JsonDocument.Parse((string)(await explain.ExecuteScalarAsync())!);
            return plan.RootElement[0].GetProperty("Plan").GetProperty("Plan Rows").GetDouble();
        }
    }

    [Fact]
    public async Task Hypothetical_indexes_are_priced_as_on_the_original()
    {
        await using var original = await databases.Original.OpenAsync();
        await using var twin = await databases.Twin.OpenAsync();
        foreach (var index in (string[])["create index on shop.orders (customer_id, placed_at)", "create index on shop.orders (status, total)", "create index on shop.orders (city)", "create index on shop.events_2 (at)"])
        {
            foreach (var connection in (NpgsqlConnection[])[original, twin])
                await PlanComparison.ScalarAsync<string>(connection, $"select indexname from hypopg_create_index('{index}')");
        }

        foreach (var sql in Queries)
            await AssertSameAsync(original, twin, (string)sql);
        var (_, shape) = await PlanComparison.ExplainAsync(twin, "select * from shop.orders where customer_id = 17 order by placed_at desc limit 1");
        Assert.Contains("<>btree_shop_orders_customer_id_placed", shape, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_twin_has_no_rows_and_its_files_take_no_room()
    {
        Assert.Empty(databases.Twin.Notes);
        await using var twin = await databases.Twin.OpenAsync();
        Assert.Equal(databases.Snapshot.Relations.Single(r => r.Name == "orders").CurrentPages * 8192, await PlanComparison.ScalarAsync<long>(twin, "select pg_relation_size('shop.orders')"));
        Assert.Equal("t", await PlanComparison.ScalarAsync<string>(twin, "select (pg_total_relation_size('shop.orders') > 10000000)::text::char"));
    }

    [Fact]
    public async Task The_trees_that_were_written_are_valid()
    {
        await databases.Twin.Database.ExecuteAsync("select 1");
        await using var superuser = await databases.Twin.Database.OpenSuperuserAsync(default);
        await PlanComparison.ScalarAsync<int>(superuser, "create extension if not exists amcheck schema pg_catalog; create extension if not exists pageinspect; select 1");
        foreach (var index in (string[])["shop.orders_pkey", "shop.orders_customer", "shop.customers_lower", "shop.customers_pkey"])
        {
            await PlanComparison.ScalarAsync<string>(superuser, $"select bt_index_check('{index}')::text");
            await using var original = await databases.Original.OpenSuperuserAsync(default);
            await PlanComparison.ScalarAsync<int>(original, "create extension if not exists pageinspect; select 1");
            var height = $"select fastlevel from bt_metap('{index}')";
            Assert.Equal(await PlanComparison.ScalarAsync<int>(original, height), await PlanComparison.ScalarAsync<int>(superuser, height));
        }
    }

    [Fact]
    public async Task An_index_that_HypoPG_refuses_is_staged_and_can_be_hidden()
    {
        await using var twin = await databases.Twin.OpenAsync();
        const string sql = "select * from shop.customers where body @@ to_tsquery('english', 'word5')";
        var (before, _) = await PlanComparison.ExplainAsync(twin, sql);
        var staged = await databases.Twin.StageIndexAsync("create index staged_body on shop.customers using gin (body)", 40, 60000);
        var (after, shape) = await PlanComparison.ExplainAsync(twin, sql);
        Assert.Contains("staged_body", shape, StringComparison.Ordinal);
        Assert.True(after < before, $"{before} before, {after} after");
        await PlanComparison.ScalarAsync<bool>(twin, $"select hypopg_hide_index({staged.Oid}::oid)");
        Assert.Equal(before, (await PlanComparison.ExplainAsync(twin, sql)).Cost);
        await databases.Twin.Database.ExecuteAsync("drop index shop.staged_body");
    }

    private static async Task AssertSameAsync(NpgsqlConnection original, NpgsqlConnection twin, string sql)
    {
        var (expected, shape) = await PlanComparison.ExplainAsync(original, sql);
        var (cost, twinShape) = await PlanComparison.ExplainAsync(twin, sql);
        Assert.Equal(shape, twinShape);
        Assert.True(PlanComparison.Difference(expected, cost) <= 0.01, $"{expected} on the original, {cost} on the twin: {sql}\n{shape}");
    }
}
