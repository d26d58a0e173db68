using AgentHost.Postgres;
using AgentHost.Skills.ExplainPlan;
using Npgsql;

namespace AgentHost.Skills.Tests.ExplainPlan;

/// <summary>Tables on which every way of reading too much can be seen; plans are captured from a real server.</summary>
public sealed class ScanLaboratory : IAsyncLifetime
{
    private PrivateServer? server;
    private ScratchDatabase? database;

    public string ConnectionString => database!.ConnectionString;

    public async Task InitializeAsync()
    {
        server = await PrivateServer.ConnectAsync();
        database = await server.CreateScratchAsync();
        foreach (var statement in Tables)
            await database.ExecuteAsync(statement);
        await AllVisible.VacuumAsync(database, Vacuumed);
    }

    public async Task DisposeAsync()
    {
        if (database is not null) await database.DisposeAsync();
        if (server is not null) await server.DisposeAsync();
    }

    public async Task<ExplainResult> ExplainAsync(string sql, string settings = "", string options = "ANALYZE, BUFFERS, SETTINGS") =>
        await ExplainPlanEngine.RunAsync(new ExplainRequest { PlanText = await CaptureAsync(sql, settings, options) });

    /// <summary>Runs the query as EXPLAIN under the given settings and rolls back; without JIT, and without workers unless a case asks for them.</summary>
    public async Task<string> CaptureAsync(string sql, string settings = "", string options = "ANALYZE, BUFFERS, SETTINGS") =>
        Assert.Single(await LinesAsync($"EXPLAIN ({options}, FORMAT JSON) {sql}", settings));

    /// <summary>The same in PostgreSQL's text form.</summary>
    public async Task<string> CaptureTextAsync(string sql, string settings = "", string options = "ANALYZE, BUFFERS, SETTINGS") =>
        string.Join('\n', await LinesAsync($"EXPLAIN ({options}) {sql}", settings));

    private async Task<List<string>> LinesAsync(string statement, string settings)
    {
        await using var connection = await database!.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var set = new NpgsqlCommand("SET LOCAL jit = off; SET LOCAL max_parallel_workers_per_gather = 0; " + settings, connection))
            await set.ExecuteNonQueryAsync();
        await using var explain = new NpgsqlCommand(statement, connection);
        await using var reader = await explain.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await reader.ReadAsync())
            lines.Add(reader.GetString(0));
        return lines;
    }

    private static readonly string[] Tables =
    [
        """
        -- What a commit that was not flushed wrote gets no hint bits.
        SET synchronous_commit = on;
        -- Tenants, kinds and scores lie scattered over the table, grades and times do not.
        CREATE TABLE events (id bigint PRIMARY KEY, tenant int NOT NULL, kind int NOT NULL, grade int NOT NULL, score int NOT NULL, at timestamptz NOT NULL, doc jsonb NOT NULL, body text NOT NULL);
        INSERT INTO events SELECT i, (i::bigint * 7919) % 50, (i::bigint * 104729) % 47, i / 20000, (i::bigint * 15485863) % 1000003, timestamptz '2024-01-01 00:00+00' + i * interval '1 minute',
            jsonb_build_object('a', i % 2, 'b', (i / 2) % 2, 'c', i), md5(i::text) || md5((i + 1)::text) FROM generate_series(1, 150000) i;
        CREATE INDEX events_tenant ON events (tenant);
        CREATE INDEX events_kind ON events (kind);
        CREATE INDEX events_doc ON events USING gin (doc);
        CREATE INDEX events_at ON events (at);
        ALTER TABLE events SET (autovacuum_enabled = off);
        """,
        """
        SET synchronous_commit = on;
        CREATE TABLE pairs (a int NOT NULL, b int NOT NULL, c int NOT NULL, pad text NOT NULL) WITH (autovacuum_enabled = off);
        INSERT INTO pairs SELECT (i::bigint * 7919) % 20011, i % 5000, i, md5(i::text) FROM generate_series(1, 150000) i;
        CREATE INDEX pairs_a_b_idx ON pairs (a, b);

        CREATE TABLE items (order_id int NOT NULL, product int NOT NULL, qty int NOT NULL, pad text NOT NULL) WITH (autovacuum_enabled = off);
        INSERT INTO items SELECT 1 + (i::bigint * 7919) % 10000, i % 77, i % 9, md5(i::text) FROM generate_series(1, 60000) i;
        CREATE INDEX items_order ON items (order_id);

        CREATE TABLE logs (at timestamptz NOT NULL, code int NOT NULL, note text NOT NULL) PARTITION BY RANGE (at);
        -- Each month but the last is full.
        DO $$ BEGIN FOR m IN 1..6 LOOP
            EXECUTE format('CREATE TABLE logs_%s PARTITION OF logs FOR VALUES FROM (%L) TO (%L) WITH (autovacuum_enabled = off)', m, make_date(2024, m, 1), make_date(2024, m + 1, 1)); END LOOP; END $$;
        INSERT INTO logs SELECT timestamptz '2024-01-01' + i * interval '3 minutes', i % 100, md5(i::text) FROM generate_series(1, 85000) i;

        -- Of sixty rows one is left, in table and index alike.
        CREATE TABLE thin (id int NOT NULL, pad text NOT NULL) WITH (autovacuum_enabled = off);
        INSERT INTO thin SELECT i, repeat(md5(i::text), 3) FROM generate_series(1, 100000) i;
        DELETE FROM thin WHERE id % 60 <> 0;
        CREATE TABLE sparse (id int PRIMARY KEY, k int NOT NULL) WITH (autovacuum_enabled = off);
        INSERT INTO sparse SELECT i, i % 1000 FROM generate_series(1, 450000) i;
        CREATE TABLE dense (id int PRIMARY KEY, k int NOT NULL) WITH (autovacuum_enabled = off);
        INSERT INTO dense SELECT i, i % 1000 FROM generate_series(1, 450000) i;
        """,
        "SET synchronous_commit = on; DELETE FROM sparse WHERE id % 60 <> 0",
        // Rows of two kilobytes fill their pages by four and are no bloat.
        """
        SET synchronous_commit = on;
        CREATE TABLE wide (id int NOT NULL, body text NOT NULL) WITH (autovacuum_enabled = off);
        ALTER TABLE wide ALTER COLUMN body SET STORAGE PLAIN;
        INSERT INTO wide SELECT i, repeat('x', 1900) FROM generate_series(1, 6000) i;
        """,
    ];

    private static readonly string[] Vacuumed =
        ["events", "pairs", "items", "logs_1", "logs_2", "logs_3", "logs_4", "logs_5", "logs_6", "thin", "sparse", "dense", "wide"];
}
