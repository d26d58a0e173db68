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
    }

    public async Task DisposeAsync()
    {
        if (database is not null) await database.DisposeAsync();
        if (server is not null) await server.DisposeAsync();
    }

    public async Task<ExplainResult> ExplainAsync(string sql, string settings = "", string options = "ANALYZE, BUFFERS, SETTINGS") =>
        await ExplainPlanEngine.RunAsync(new ExplainRequest { PlanText = await CaptureAsync(sql, settings, options) });

    /// <summary>Runs the query as EXPLAIN under the given settings and rolls back; without JIT, and without workers unless a case asks for them.</summary>
    public async Task<string> CaptureAsync(string sql, string settings = "", string options = "ANALYZE, BUFFERS, SETTINGS")
    {
        await using var connection = await database!.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var set = new NpgsqlCommand("SET LOCAL jit = off; SET LOCAL max_parallel_workers_per_gather = 0; " + settings, connection))
            await set.ExecuteNonQueryAsync();
        await using var explain = new NpgsqlCommand($"EXPLAIN ({options}, FORMAT JSON) {sql}", connection);
        return (string)(await explain.ExecuteScalarAsync())!;
    }

    private static readonly string[] Tables =
    [
        """
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
        "VACUUM ANALYZE events",
    ];
}
