using AgentHost.Postgres;
using AgentHost.Skills.ExplainPlan;
using Npgsql;

namespace AgentHost.Skills.Tests.ExplainPlan;

/// <summary>People, their addresses and what they did, made so that estimates, sorts, hashes and groups go wrong; plans are captured by a real server.</summary>
public sealed class WorkLaboratory : IAsyncLifetime
{
    private PrivateServer? server;
    private ScratchDatabase? database;

    public async Task InitializeAsync()
    {
        server = await PrivateServer.ConnectAsync();
        database = await server.CreateScratchAsync();
        foreach (var statement in Town)
            await database.ExecuteAsync(statement);
        await AllVisible.VacuumAsync(database, "people", "addresses", "events", "tags", "links", "readings", "owners", "pets");
        // Behind the statistics' back.
        await database.ExecuteAsync("INSERT INTO events SELECT 100000 + i, date '2026-03-01', 1 + i % 60000, 'Often' FROM generate_series(1, 30000) i");
    }

    public async Task DisposeAsync()
    {
        if (database is not null) await database.DisposeAsync();
        if (server is not null) await server.DisposeAsync();
    }

    /// <summary>Runs the query as EXPLAIN (ANALYZE) after the given statements, rolls back, and explains what came.</summary>
    public async Task<ExplainResult> ExplainAsync(string sql, string before = "", string options = "ANALYZE, BUFFERS, SETTINGS") =>
        await ExplainPlanEngine.RunAsync(new ExplainRequest { PlanText = await CaptureAsync(sql, before, options) });

    public async Task<string> CaptureAsync(string sql, string before, string options)
    {
        await using var connection = await database!.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        // Plans must not depend on the machine: no JIT, no workers unless a case asks for them, and no visibility map, which other sessions may hold back.
        await using (var set = new NpgsqlCommand("SET LOCAL jit = off; SET LOCAL enable_indexonlyscan = off; SET LOCAL max_parallel_workers_per_gather = 0; SET LOCAL random_page_cost = 1.1; " + before, connection))
            await set.ExecuteNonQueryAsync();
        await using var explain = new NpgsqlCommand($"EXPLAIN ({options}, FORMAT JSON) {sql}", connection);
        return (string)(await explain.ExecuteScalarAsync())!;
    }

    private static readonly string[] Town =
    [
        """
        CREATE TABLE people (id int PRIMARY KEY, name text NOT NULL, region int NOT NULL, note text NOT NULL);
        INSERT INTO people SELECT i, 'person ' || i, i % 40, repeat(md5(i::text), 3) FROM generate_series(1, 60000) i;

        -- Country, city and zip say the same; floor is independent of them.
        CREATE TABLE addresses (id int PRIMARY KEY, person_id int NOT NULL, country text NOT NULL, city text NOT NULL, zip text NOT NULL, floor int NOT NULL);
        INSERT INTO addresses SELECT i, 1 + i % 60000, 'land ' || i % 40, 'city ' || i % 40, 'zip ' || i % 40, i / 40 % 20 FROM generate_series(1, 100000) i;
        CREATE INDEX addresses_city ON addresses (city);

        -- Analyzed before the last day came.
        CREATE TABLE events (id int PRIMARY KEY, day date NOT NULL, person_id int NOT NULL, kind text NOT NULL);
        INSERT INTO events SELECT i, date '2025-01-01' + i % 300, 1 + i % 60000, CASE WHEN i % 50 = 0 THEN 'Rare' ELSE 'Often' END FROM generate_series(1, 60000) i;
        CREATE INDEX events_day ON events (day);

        -- One tag has a third of all links.
        CREATE TABLE tags (id int PRIMARY KEY, name text NOT NULL UNIQUE);
        INSERT INTO tags SELECT i, 'tag ' || i FROM generate_series(1, 2000) i;
        CREATE TABLE links (tag_id int NOT NULL, person_id int NOT NULL);
        INSERT INTO links SELECT CASE WHEN i % 3 = 0 THEN 1 ELSE 2 + i % 1999 END, 1 + i % 60000 FROM generate_series(1, 90000) i;
        CREATE INDEX links_tag ON links (tag_id);

        CREATE TABLE owners (id int PRIMARY KEY, name text NOT NULL);
        INSERT INTO owners SELECT i, 'owner ' || i FROM generate_series(1, 2000) i;
        CREATE TABLE pets (id int PRIMARY KEY, owner_id int REFERENCES owners, name text NOT NULL);
        INSERT INTO pets SELECT i, 1000 + i % 1000, 'pet ' || i FROM generate_series(1, 40000) i;

        -- One partition has nearly all rows, and is not scanned in parallel.
        CREATE TABLE readings (sensor int NOT NULL, value float8 NOT NULL, at timestamptz NOT NULL) PARTITION BY LIST (sensor);
        CREATE TABLE readings_1 PARTITION OF readings FOR VALUES IN (1);
        CREATE TABLE readings_2 PARTITION OF readings FOR VALUES IN (2);
        CREATE TABLE readings_3 PARTITION OF readings FOR VALUES IN (3);
        INSERT INTO readings SELECT CASE WHEN i > 300 THEN 1 ELSE 2 + i % 2 END, i, timestamptz '2026-01-01' + i * interval '1 second' FROM generate_series(1, 200000) i;
        ALTER TABLE readings_1 SET (parallel_workers = 0);
        ALTER TABLE readings_2 SET (parallel_workers = 0);
        ALTER TABLE readings_3 SET (parallel_workers = 0);

        CREATE FUNCTION chosen(n int) RETURNS SETOF int LANGUAGE plpgsql AS 'BEGIN RETURN QUERY SELECT 1 + i % 60000 FROM generate_series(1, n) i; END';
        """,
        "DO $$ DECLARE r text; BEGIN FOR r IN SELECT oid::regclass FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace LOOP EXECUTE format('ALTER TABLE %s SET (autovacuum_enabled = off)', r); END LOOP; END $$",
    ];
}
