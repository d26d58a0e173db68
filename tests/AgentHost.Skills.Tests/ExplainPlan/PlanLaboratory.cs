using AgentHost.Postgres;
using AgentHost.Skills.ExplainPlan;
using Npgsql;

namespace AgentHost.Skills.Tests.ExplainPlan;

/// <summary>A shop with skewed data in a scratch database; plans are captured from it by a real server.</summary>
public sealed class PlanLaboratory : IAsyncLifetime
{
    private PrivateServer? server;
    private ScratchDatabase? database;

    public async Task InitializeAsync()
    {
        server = await PrivateServer.ConnectAsync();
        database = await server.CreateScratchAsync();
        // Statistics and visibility are as the script leaves them: autovacuum must not come between.
        foreach (var statement in Shop)
            await database.ExecuteAsync(statement);
        await AllVisible.VacuumAsync(database, "customers", "counters", "orders", "parcels");
        // After the vacuum: half of the pages are no longer all-visible, and the catalog does not know.
        await database.ExecuteAsync("UPDATE counters SET hits = hits + 1 WHERE id % 2 = 0");
    }

    public async Task DisposeAsync()
    {
        if (database is not null) await database.DisposeAsync();
        if (server is not null) await server.DisposeAsync();
    }

    /// <summary>Runs the query as EXPLAIN (ANALYZE) under the given settings, rolls back, and explains what came.</summary>
    public async Task<ExplainResult> ExplainAsync(string sql, string settings = "", string options = "ANALYZE, BUFFERS, SETTINGS") =>
        await ExplainPlanEngine.RunAsync(new ExplainRequest { PlanText = await CaptureAsync(sql, settings, options) });

    public string ConnectionString => database!.ConnectionString;

    public async Task<string> CaptureAsync(string sql, string settings = "", string options = "ANALYZE, BUFFERS, SETTINGS")
    {
        await using var connection = await database!.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        // Plans must not depend on the machine: no JIT, no workers unless a case asks for them.
        await using (var set = new NpgsqlCommand("SET LOCAL jit = off; SET LOCAL max_parallel_workers_per_gather = 0; " + settings, connection))
            await set.ExecuteNonQueryAsync();
        await using var explain = new NpgsqlCommand($"EXPLAIN ({options}, FORMAT JSON) {sql}", connection);
        return (string)(await explain.ExecuteScalarAsync())!;
    }

    private static readonly string[] Shop =
    [
        """
        CREATE TABLE customers (id int PRIMARY KEY, name text NOT NULL, region int NOT NULL, note text NOT NULL);
        INSERT INTO customers SELECT i, 'customer ' || i, i % 40, repeat(md5(i::text), 3) FROM generate_series(1, 40000) i;

        CREATE TABLE orders (id bigint PRIMARY KEY, customer_id int NOT NULL, status text NOT NULL, created_at timestamptz NOT NULL, total numeric(12, 2) NOT NULL,
            reference text NOT NULL, country text NOT NULL, city text NOT NULL, zip text NOT NULL, archived_at timestamptz);
        -- Customer 1 has a quarter of all orders; country, city and zip depend on each other; old orders alone were refunded.
        INSERT INTO orders SELECT i, CASE WHEN i % 4 = 0 THEN 1 ELSE 1 + i % 40000 END,
            CASE WHEN i <= 200 THEN 'refunded' WHEN i % 20000 = 0 THEN 'failed' ELSE 'done' END,
            timestamptz '2024-01-01 00:00+00' + i * interval '1 minute', (i::bigint * 7919 % 100000) / 100.0, 'R' || (i::bigint * 7919 % 300007),
            'land ' || i % 60, 'city ' || i % 60, 'zip ' || i % 60, CASE WHEN i % 50000 = 0 THEN NULL ELSE timestamptz '2025-01-01' END
            FROM generate_series(1, 300000) i;
        CREATE INDEX orders_customer ON orders (customer_id);
        CREATE INDEX orders_created ON orders (created_at);
        CREATE INDEX orders_city ON orders (city);

        CREATE TABLE visits (customer_id int NOT NULL, at timestamptz NOT NULL);
        INSERT INTO visits SELECT i % 2000, timestamptz '2024-01-01 00:00+00' + i * interval '1 minute' FROM generate_series(1, 5000) i;

        CREATE TABLE offers (id int PRIMARY KEY, begins timestamptz NOT NULL, ends timestamptz NOT NULL);
        INSERT INTO offers SELECT i, timestamptz '2024-01-01 00:00+00' + i * interval '100 minutes', timestamptz '2024-01-01 00:00+00' + i * interval '100 minutes' + interval '5 minutes' FROM generate_series(1, 300) i;

        CREATE TABLE parcels (id int PRIMARY KEY, order_id bigint NOT NULL, state text NOT NULL);
        INSERT INTO parcels SELECT i, i * 2, 's' || i % 2 FROM generate_series(1, 100000) i;
        CREATE INDEX parcels_order ON parcels (order_id);

        CREATE FUNCTION picked_orders() RETURNS SETOF bigint LANGUAGE plpgsql ROWS 50000 AS 'BEGIN RETURN QUERY VALUES (7::bigint), (77), (777); END';

        CREATE TABLE counters (id int PRIMARY KEY, kind int NOT NULL, hits int NOT NULL) WITH (fillfactor = 50);
        INSERT INTO counters SELECT i, i % 10, 0 FROM generate_series(1, 100000) i;

        CREATE TABLE legacy (id int PRIMARY KEY, code varchar(20) NOT NULL, payload jsonb NOT NULL, tags text[] NOT NULL);
        INSERT INTO legacy SELECT i, 'C' || i, jsonb_build_object('n', i), ARRAY['t' || i % 1000] FROM generate_series(1, 50000) i;
        """,
        // Statistics and visibility stay as the script leaves them: autovacuum must not come between.
        "DO $$ DECLARE r text; BEGIN FOR r IN SELECT oid::regclass FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace LOOP EXECUTE format('ALTER TABLE %s SET (autovacuum_enabled = off)', r); END LOOP; END $$",
        "ANALYZE visits", "ANALYZE legacy", "ANALYZE offers",
    ];
}
