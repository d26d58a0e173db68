using AgentHost.Postgres;
using AgentHost.Skills.RecommendIndex;

namespace AgentHost.Skills.Tests.RecommendIndex;

/// <summary>Rows for each method: readings in the order of their time, long tokens, addresses of networks, places, vectors.</summary>
public sealed class MethodDatabase : IAsyncLifetime
{
    private const string Schema = """
        create extension vector;
        create extension btree_gist;
        create table readings (id bigint primary key, device_id int not null, at timestamptz not null, value real not null, note text not null) with (autovacuum_enabled = off);
        create table sessions (id bigint primary key, token text not null, client inet not null, data text not null) with (autovacuum_enabled = off);
        create table places (id bigint primary key, kind int not null, spot point not null, name text not null) with (autovacuum_enabled = off);
        create table pieces (id bigint primary key, owner int not null, embedding vector(32) not null) with (autovacuum_enabled = off);
        insert into readings select i, hashint4(i) & 1023, timestamptz '2026-01-01 00:00Z' + i * interval '7 seconds', i % 97, repeat('n', 60) from generate_series(1, 300000) i;
        insert into sessions select i, repeat(md5(i::text), 3), inet '10.0.0.0' + (hashint4(i) & 16777215), repeat('d', 40) from generate_series(1, 60000) i;
        insert into places select i, i % 7, point((hashint4(i) & 65535) / 64.0, (hashint4(i + 1) & 65535) / 64.0), 'place ' || i from generate_series(1, 60000) i;
        insert into pieces select i, i % 50, (select array_agg(((hashint4(i * 64 + d) & 1023) / 1023.0)::real) from generate_series(1, 32) d)::vector from generate_series(1, 8000) i;
        analyze;
        """;

    internal ScratchDatabase Database { get; private set; } = null!;

    internal ReadOnlyTarget Target { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Database = await (await PrivateServer.ConnectAsync()).CreateScratchAsync();
        await Database.ExecuteAsync(Schema);
        await using var open = await Database.OpenAsync();
        await using var unseen = new Npgsql.NpgsqlCommand("select exists (select from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' and relallvisible < relpages)", open);
        // A snapshot that something else holds meanwhile keeps pages from being known as visible to all.
        for (var tries = 0; tries < 20 && (bool)(await unseen.ExecuteScalarAsync())!; tries++)
            await Database.ExecuteAsync("vacuum");
        Target = await ReadOnlyTarget.ConnectAsync("methods", Database.ConnectionString);
    }

    public async Task DisposeAsync()
    {
        await Target.DisposeAsync();
        await Database.DisposeAsync();
    }
}

/// <summary>Each method is recommended where it is the one that serves, and PostgreSQL uses it once it is built.</summary>
public sealed class MethodTests(MethodDatabase methods) : IClassFixture<MethodDatabase>
{
    [Theory]
    [InlineData("SELECT device_id, value FROM readings WHERE device_id = 77", "readings USING btree (device_id) INCLUDE (value)")]
    [InlineData("SELECT id, data FROM sessions WHERE client <<= inet '10.3.7.0/24'", "sessions USING spgist (client)")]
    [InlineData("SELECT id, name FROM places ORDER BY spot <-> point '(500,500)' LIMIT 10", "places USING gist (spot)")]
    [InlineData("SELECT id, name FROM places WHERE spot <@ box '((100,100),(120,120))'", "places USING gist (spot)")]
    public async Task It_is_recommended_and_then_used(string query, string definition) => await RecommendedAndUsedAsync(query, definition);

    [Fact]
    public async Task A_hash_index_takes_less_room_for_a_long_key_that_is_only_sought()
    {
        var index = await RecommendedAndUsedAsync($"SELECT id, data FROM sessions WHERE token = '{string.Concat(Enumerable.Repeat("cfcd208495d565ef66e7dff9f98764da", 3))}'", "sessions USING hash (token)");
        Assert.Equal("hash-indexes", index.Citation?.Document);
    }

    [Fact]
    public async Task Brin_serves_a_table_that_is_written_more_than_it_is_read()
    {
        const string Query = "SELECT sum(value) FROM readings WHERE at >= '2026-01-10' AND at < '2026-01-12'";
        await RecommendedAndUsedAsync($"-- weight: 5\n{Query};\n-- weight: 20000\nINSERT INTO readings VALUES (1, 2, now(), 3, 'x')", "readings USING brin (at) WITH (pages_per_range = 32)", Query);
    }

    [Theory]
    [InlineData("<->", "vector_l2_ops")]
    [InlineData("<=>", "vector_cosine_ops")]
    public async Task Vectors_in_the_order_of_their_distance_get_hnsw(string op, string operators)
    {
        var vector = "[" + string.Join(",", Enumerable.Range(0, 32).Select(d => d % 3 * 0.25)) + "]";
        await RecommendedAndUsedAsync($"SELECT id FROM pieces ORDER BY embedding {op} '{vector}' LIMIT 10", $"pieces USING hnsw (embedding {operators})");
    }

    private async Task<IndexRecommendation> RecommendedAndUsedAsync(string queries, string definition, string? query = null)
    {
        var result = await RecommendIndexEngine.RunAsync(new IndexRequest { Target = methods.Target, QueriesText = queries });
        Assert.Empty(result.Skipped);
        var index = Assert.Single(result.Recommendations);
        Assert.EndsWith($" ON public.{definition};", index.Sql, StringComparison.Ordinal);
        await ConditionTests.BuiltIsUsedAsync(methods.Database, index, query ?? queries);
        return index;
    }
}
