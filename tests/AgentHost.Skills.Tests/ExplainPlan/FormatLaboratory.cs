using AgentHost.Postgres;
using Npgsql;

namespace AgentHost.Skills.Tests.ExplainPlan;

/// <summary>A small database with something for every node that a plan can have; plans are captured from it in every format.</summary>
public sealed class FormatLaboratory : IAsyncLifetime
{
    private PrivateServer? server;
    private ScratchDatabase? database;

    public async Task InitializeAsync()
    {
        server = await PrivateServer.ConnectAsync();
        database = await server.CreateScratchAsync();
        await database.ExecuteAsync(Tables);
        foreach (var table in (string[])["customers", "orders", "events", "\"Odd \"\"Name\"\"\""])
            await database.ExecuteAsync($"VACUUM ANALYZE {table}");
    }

    public async Task DisposeAsync()
    {
        if (database is not null) await database.DisposeAsync();
        if (server is not null) await server.DisposeAsync();
    }

    /// <summary>Runs the query as EXPLAIN in a transaction that is rolled back, and gives what came as psql's unaligned output does.</summary>
    public async Task<string> CaptureAsync(string sql, string settings, string options, string format)
    {
        await using var connection = await database!.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var set = new NpgsqlCommand("SET LOCAL jit = off; SET LOCAL max_parallel_workers_per_gather = 0; " + settings, connection))
            await set.ExecuteNonQueryAsync();
        await using var explain = new NpgsqlCommand($"EXPLAIN ({options}{(options.Length == 0 ? "" : ", ")}FORMAT {format}) {sql}", connection);
        await using var rows = await explain.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await rows.ReadAsync())
            lines.Add(rows.GetString(0));
        return string.Join('\n', lines);
    }

    private const string Tables = """"
        CREATE TABLE customers (id int PRIMARY KEY, name text NOT NULL, region int NOT NULL) WITH (autovacuum_enabled = off);
        INSERT INTO customers SELECT i, 'customer ' || i, i % 10 FROM generate_series(1, 1000) i;
        CREATE TABLE orders (id int PRIMARY KEY, customer_id int NOT NULL CONSTRAINT orders_customer_fk REFERENCES customers, status text NOT NULL, total numeric NOT NULL, created date NOT NULL) WITH (autovacuum_enabled = off);
        INSERT INTO orders SELECT i, 1 + i % 1000, 's' || i % 7, i * 37 % 1000, date '2024-01-01' + i % 500 FROM generate_series(1, 10000) i;
        CREATE INDEX orders_customer ON orders (customer_id);
        CREATE INDEX orders_created ON orders (created);
        CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
        CREATE TRIGGER orders_touch BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION touch();
        CREATE TABLE events (id int NOT NULL, note text) PARTITION BY RANGE (id);
        CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM (0) TO (100);
        CREATE TABLE events_2 PARTITION OF events FOR VALUES FROM (100) TO (200);
        CREATE TABLE events_3 PARTITION OF events FOR VALUES FROM (200) TO (300);
        CREATE INDEX events_id ON events (id);
        INSERT INTO events SELECT i, 'n' || i FROM generate_series(0, 299) i;
        CREATE TABLE "Odd ""Name""" (id int, "Column, (x" text);
        INSERT INTO "Odd ""Name""" SELECT i, 'x' || i FROM generate_series(1, 100) i;
        CREATE FUNCTION some_rows(n int) RETURNS SETOF int LANGUAGE plpgsql AS 'BEGIN RETURN QUERY SELECT generate_series(1, n); END';
        """";
}
