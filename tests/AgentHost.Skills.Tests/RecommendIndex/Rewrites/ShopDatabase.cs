using AgentHost.Postgres;
using AgentHost.Postgres.Catalog;

namespace AgentHost.Skills.Tests.RecommendIndex.Rewrites;

/// <summary>Customers, orders and their lines, 20,000 to 60,000 rows each, with nulls where columns allow them.</summary>
public sealed class ShopDatabase : IAsyncLifetime
{
    internal ScratchDatabase Database { get; private set; } = null!;

    internal ReadOnlyTarget Target { get; private set; } = null!;

    internal CatalogSnapshot Snapshot { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Database = await (await PrivateServer.ConnectAsync()).CreateScratchAsync();
        await Database.ExecuteAsync("""
            create domain money_cents as bigint;
            create table customers (id int primary key, name text not null, email varchar(80), legacy_id varchar(20), region text, token uuid not null) with (autovacuum_enabled = off);
            create table orders (
                id bigint primary key, customer_id int not null references customers, referrer_id int references customers, status text, total money_cents not null, quantity int,
                created_at timestamptz not null, shipped_at timestamp, due_on date not null, note text) with (autovacuum_enabled = off);
            create table lines (id bigint primary key, order_id bigint not null references orders, product_id int not null, amount int not null, sku text) with (autovacuum_enabled = off);
            create table blocked (customer_id int) with (autovacuum_enabled = off);
            create table countries (code text primary key, name text not null);
            insert into customers select i, 'Customer ' || i, case when i % 5 > 0 then 'c' || i || '@x.y' end, case when i % 3 > 0 then i::text end, case i % 3 when 0 then 'EU' when 1 then 'US' end,
                md5(i::text)::uuid from generate_series(1, 20000) i;
            insert into orders select i, 1 + (i * 7919::bigint) % 10000, case when i % 4 = 0 then 1 + (i * 31) % 10000 end, case i % 10 when 0 then null when 1 then 'open' else 'done' end, i % 900, nullif(i % 50, 0),
                timestamptz '2024-01-01 00:00Z' + i * interval '23 minutes', case when i % 2 = 0 then timestamp '2024-01-02' + i * interval '23 minutes' end, date '2024-01-01' + i % 500, 'note_' || i % 100
              from generate_series(1, 30000) i;
            insert into lines select i, 1 + (i * 104729::bigint) % 25000, i % 300, i % 7, 'SKU' || i % 100 from generate_series(1, 60000) i;
            insert into blocked select i * 2 from generate_series(1, 20000) i;
            insert into countries values ('de', 'Germany'), ('fr', 'France');
            create index on orders (customer_id);
            analyze;
            """);
        Target = await ReadOnlyTarget.ConnectAsync("shop", Database.ConnectionString);
        Snapshot = await CatalogReader.ReadAsync(Target, statistics: true);
    }

    public async Task DisposeAsync()
    {
        await Target.DisposeAsync();
        await Database.DisposeAsync();
    }

    /// <summary>The rows of a query as text, sorted where the query does not say how.</summary>
    internal async Task<List<string>> RowsAsync(string sql, bool sorted = true)
    {
        await using var connection = await Database.OpenAsync();
        await using var command = new Npgsql.NpgsqlCommand($"select t::text from ({sql}) t", connection);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
            rows.Add(reader.GetString(0));
        if (sorted)
            rows.Sort(StringComparer.Ordinal);
        return rows;
    }
}
