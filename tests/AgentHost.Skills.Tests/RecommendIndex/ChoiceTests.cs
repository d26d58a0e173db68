using AgentHost.Postgres;
using AgentHost.Skills.RecommendIndex;

namespace AgentHost.Skills.Tests.RecommendIndex;

/// <summary>A shop with real rows: a few rare statuses, flags for bad rows, ranges beside keys, documents.</summary>
public sealed class ShopDatabase : IAsyncLifetime
{
    private const string Schema = """
        create extension btree_gist;
        create table orders (id bigint primary key, customer_id int not null, status text not null, quality int not null, shipping jsonb not null, placed_at timestamptz not null, stock int not null, note text not null)
          with (autovacuum_enabled = off);
        create table trips (id bigint primary key, device_id int not null, during tstzrange not null) with (autovacuum_enabled = off);
        create table members (id bigint primary key, branch_id int not null, is_blocked boolean not null, name text not null) with (autovacuum_enabled = off);
        insert into orders select i, hashint4(i) & 8191, case i % 100 when 1 then 'paid' when 2 then 'packed' when 3 then 'pending' else 'delivered' end,
            case when i % 250 = 0 then 1 else 0 end, jsonb_build_object('zip', (hashint4(i + 9) & 4095)::text), timestamptz '2025-01-01 00:00Z' + i * interval '5 minutes', hashint4(i + 4) & 255, repeat('note ', 12)
          from generate_series(1, 120000) i;
        insert into trips select i, i % 2000, tstzrange(timestamptz '2025-01-01 00:00Z' + (i / 2000) * interval '8 hours' + (i % 2000) * interval '13 seconds',
            timestamptz '2025-01-01 00:00Z' + (i / 2000) * interval '8 hours' + (i % 2000) * interval '13 seconds' + interval '1 hour') from generate_series(1, 60000) i;
        insert into members select i, i % 40, i % 50 = 0, 'Member ' || i from generate_series(1, 30000) i;
        analyze;
        """;

    private ScratchDatabase database = null!;

    internal ReadOnlyTarget Target { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        database = await (await PrivateServer.ConnectAsync()).CreateScratchAsync();
        await database.ExecuteAsync(Schema);
        Target = await ReadOnlyTarget.ConnectAsync("shop", database.ConnectionString);
    }

    public async Task DisposeAsync()
    {
        await Target.DisposeAsync();
        await database.DisposeAsync();
    }
}

/// <summary>What is chosen where the cheapest plan of the one text given is not what serves the workload best.</summary>
public sealed class ChoiceTests(ShopDatabase shop) : IClassFixture<ShopDatabase>
{
    private async Task<List<string>> ChosenAsync(string queries)
    {
        var result = await RecommendIndexEngine.RunAsync(new IndexRequest { Target = shop.Target, QueriesText = queries });
        Assert.Empty(result.Skipped);
        return [.. result.Recommendations.Select(r => r.Sql[(r.Sql.IndexOf(" ON public.", StringComparison.Ordinal) + 11)..].TrimEnd(';')).Order(StringComparer.Ordinal)];
    }

    [Fact]
    public async Task An_index_serves_the_other_values_that_are_as_rare_as_the_one_given() =>
        Assert.Equal(["orders USING btree (status, placed_at)"], await ChosenAsync("SELECT id, customer_id, placed_at FROM orders WHERE status = 'paid' ORDER BY placed_at LIMIT 50"));

    [Fact]
    public async Task Values_that_are_left_out_make_a_partial_index() =>
        Assert.Equal(["orders USING btree (placed_at) WHERE status <> 'delivered'"], await ChosenAsync("SELECT id, note FROM orders WHERE status <> 'delivered' AND placed_at < '2025-06-01' ORDER BY placed_at LIMIT 200"));

    [Fact]
    public async Task The_few_rows_beyond_a_bound_make_a_partial_index() =>
        Assert.Equal(["orders USING btree (placed_at) WHERE quality > 0"], await ChosenAsync("SELECT id, note FROM orders WHERE quality > 0 ORDER BY placed_at DESC LIMIT 100"));

    [Fact]
    public async Task A_range_that_is_sought_alone_is_no_second_key()
    {
        var chosen = await ChosenAsync("""
            -- weight: 20
            SELECT id, device_id FROM trips WHERE during @> timestamptz '2025-01-03 12:00Z';
            -- weight: 20
            SELECT id, during FROM trips WHERE device_id = 815 AND during && tstzrange('2025-01-02', '2025-01-05');
            """);
        Assert.Contains(chosen, index => index.StartsWith("trips USING gist (during", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_walk_in_order_that_hopes_to_meet_its_rows_does_not_take_the_place_of_their_index()
    {
        var chosen = await ChosenAsync("""
            -- weight: 6
            SELECT id FROM orders WHERE shipping ->> 'zip' = '1515' ORDER BY placed_at DESC LIMIT 20;
            -- weight: 1
            SELECT sum(stock) FROM orders WHERE placed_at >= '2025-06-01' AND placed_at < '2025-06-08';
            """);
        Assert.Contains(chosen, index => index.Contains("((shipping ->> 'zip'))", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_query_that_is_rare_and_fast_is_left_alone()
    {
        const string Blocked = "SELECT branch_id, count(*) FROM members WHERE is_blocked GROUP BY branch_id";
        Assert.Single(await ChosenAsync(Blocked));
        Assert.Empty(await ChosenAsync($"-- weight: 500\nSELECT name FROM members WHERE id = 7;\n-- weight: 1\n{Blocked}"));
    }

    [Fact]
    public async Task A_small_gain_is_found_beside_a_large_one()
    {
        var chosen = await ChosenAsync("""
            -- weight: 5000
            SELECT id, note FROM orders WHERE customer_id = 4711;
            -- weight: 10
            SELECT sum(stock) FROM orders WHERE placed_at >= '2025-06-01' AND placed_at < '2025-06-02';
            """);
        Assert.Contains(chosen, index => index.Contains("(customer_id", StringComparison.Ordinal));
        Assert.Contains(chosen, index => index.Contains("(placed_at", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_key_that_ends_hot_updates_must_pay_for_all_indexes_of_its_table()
    {
        const string Reads = """
            -- weight: 20
            SELECT id FROM orders WHERE customer_id = 4711 AND stock > 250;
            -- weight: 20
            SELECT id FROM orders WHERE shipping ->> 'zip' = '1515';

            """;
        Assert.Contains("orders USING btree (customer_id, stock)", await ChosenAsync(Reads));
        Assert.Contains("orders USING btree (customer_id)", await ChosenAsync(Reads + "-- weight: 200\nUPDATE orders SET stock = stock - 1 WHERE id = 99"));
    }

    [Fact]
    public async Task A_list_in_a_predicate_is_not_counted_twice()
    {
        await using var database = await (await PrivateServer.ConnectAsync()).CreateScratchAsync();
        await database.ExecuteAsync("""
            create table entries (id int primary key, company_id int not null, state text not null, memo text not null, created_at timestamptz not null) with (autovacuum_enabled = off);
            insert into entries select i, hashint4(i) & 63, case when hashint4(i + 1) % 200 = 0 then 'draft' when hashint4(i + 1) % 400 = 1 then 'error' else 'posted' end, repeat('memo ', 10), timestamptz '2025-01-01' + i * interval '1 minute'
              from generate_series(1, 100000) i;
            create index entries_open_idx on entries (company_id, created_at) where state in ('draft', 'error');
            create index entries_state_idx on entries (state);
            analyze;
            """);
        await using var target = await ReadOnlyTarget.ConnectAsync("ledger", database.ConnectionString);
        const string Query = "SELECT id, memo FROM entries WHERE company_id = 2 AND state IN ('draft', 'error') ORDER BY created_at LIMIT 30";
        Assert.Empty((await RecommendIndexEngine.RunAsync(new IndexRequest { Target = target, QueriesText = Query })).Recommendations);
    }
}
