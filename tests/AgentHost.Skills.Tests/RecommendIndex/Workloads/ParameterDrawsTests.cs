using AgentHost.Postgres;
using AgentHost.Postgres.Catalog;
using AgentHost.Skills.RecommendIndex.Workloads;
using AgentHost.Sql.Queries;
using Npgsql;

namespace AgentHost.Skills.Tests.RecommendIndex.Workloads;

public sealed class ParameterDrawsTests(ParameterDrawsTests.SkewedDatabase app) : IClassFixture<ParameterDrawsTests.SkewedDatabase>
{
    public sealed class SkewedDatabase : IAsyncLifetime
    {
        internal ScratchDatabase Database { get; private set; } = null!;

        internal CatalogSnapshot Snapshot { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Database = await (await PrivateServer.ConnectAsync()).CreateScratchAsync();
            await Database.ExecuteAsync("""
                create table events (
                    id bigint primary key, tenant_id int not null, kind text not null, city text not null, country text not null, tags text[] not null, payload jsonb not null,
                    words tsvector not null, price numeric(8, 2) not null, made_at timestamptz not null, note text);
                insert into events select i, case when i % 2 = 0 then 1 when i % 10 = 1 then 2 else i % 500 end, case when i % 100 = 0 then 'rare''s' else 'usual' end,
                    'city ' || i % 20, 'country ' || (i % 20) / 5, array['t' || i % 7, 't' || i % 3], jsonb_build_object('k', i % 5), to_tsvector('simple', 'word' || i % 9), (i % 300) / 4.0,
                    timestamptz '2025-01-01 00:00Z' + i * interval '1 minute', 'note ' || i % 1000
                  from generate_series(1, 20000) i;
                create statistics places (mcv) on city, country from events;
                analyze events;
                """);
            await using var target = await ReadOnlyTarget.ConnectAsync("app", Database.ConnectionString);
            Snapshot = await CatalogReader.ReadAsync(target, statistics: true);
        }

        public async Task DisposeAsync() => await Database.DisposeAsync();
    }

    private List<string> Of(string sql, params string[] samples) =>
        [.. ParameterDraws.Of(new WeightedQuery("q", sql) { Samples = [.. samples] }, app.Snapshot).Select(b => b.Sql)];

    private async Task<long> CountAsync(string sql)
    {
        await using var connection = await app.Database.OpenAsync();
        await using var command = new NpgsqlCommand($"select count(*) from ({sql}) t", connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    [Fact]
    public async Task A_common_a_middling_and_a_rare_value_are_drawn()
    {
        var bound = Of("SELECT id FROM events WHERE tenant_id = $1 /* whose */");
        Assert.Equal("SELECT id FROM events WHERE tenant_id = '1'::integer /* whose */", bound[0]);
        var counts = await Task.WhenAll(bound.Select(CountAsync));
        Assert.Equal(3, counts.Length);
        Assert.Equal(10_000, counts[0]);
        Assert.True(counts[2] < 200, $"{counts[2]}");
        Assert.Equal(bound, Of("SELECT id FROM events WHERE tenant_id = $1 /* whose */"));
    }

    [Theory]
    [InlineData("SELECT id FROM events e WHERE e.made_at >= $1 AND e.made_at < $2 ORDER BY id LIMIT $3 OFFSET $4")]
    [InlineData("SELECT id FROM events WHERE made_at BETWEEN $1 AND $2 AND kind IN ($3, $4)")]
    [InlineData("SELECT id FROM events WHERE tenant_id = ANY ($1) AND price > $2::numeric")]
    [InlineData("SELECT id FROM events WHERE note LIKE $1 OR upper(kind) = $2")]
    [InlineData("SELECT id FROM events WHERE $1 = ANY (tags) AND tags && $2")]
    [InlineData("SELECT id FROM events WHERE payload @> $1 AND tags @> $2::text[]")]
    [InlineData("SELECT id FROM events WHERE words @@ plainto_tsquery('simple', $1)")]
    [InlineData("SELECT id FROM events WHERE (made_at, id) > ($1, $2) AND $3 <= price")]
    [InlineData("SELECT id FROM events WHERE date(made_at) = $1")]
    [InlineData("SELECT id FROM (SELECT * FROM events WHERE kind = $1) x WHERE EXISTS (SELECT 1 FROM events o WHERE o.id = x.id AND o.tenant_id = $2)")]
    public async Task What_is_drawn_runs(string sql)
    {
        var bound = Of(sql);
        Assert.NotEmpty(bound);
        foreach (var text in bound)
        {
            Assert.DoesNotContain('$', text);
            Assert.True(await CountAsync(text) >= 0);
        }
    }

    [Fact]
    public async Task A_range_of_two_bounds_is_a_window_that_holds_rows()
    {
        var counts = await Task.WhenAll(Of("SELECT id FROM events WHERE made_at >= $1 AND made_at < $2").Select(CountAsync));
        Assert.Equal(3, counts.Length);
        Assert.InRange(counts[0], 50, 500);
        Assert.InRange(counts[2], 4_000, 9_000);
    }

    [Fact]
    public async Task Values_that_belong_together_are_drawn_together()
    {
        foreach (var text in Of("SELECT id FROM events WHERE city = $1 AND country = $2"))
            Assert.True(await CountAsync(text) > 0, text);
    }

    [Fact]
    public void Runs_that_were_seen_come_before_what_the_statistics_know() =>
        Assert.Equal(["SELECT id FROM events WHERE tenant_id = '7'"], Of("SELECT id FROM events WHERE tenant_id = $1", "SELECT id FROM events WHERE tenant_id = '7'"));

    [Theory]
    [InlineData("SELECT id FROM events WHERE tenant_id = 5")] // nothing to draw
    [InlineData("SELECT id FROM events WHERE tenant_id = 5 AND $1 > now()")] // no column says which
    [InlineData("SELECT id FROM nowhere WHERE x = $1")]
    [InlineData("not sql $1")]
    public void Without_a_column_to_draw_from_there_is_none(string sql) => Assert.Empty(Of(sql));

    [Fact]
    public void Hidden_statistics_draw_nothing() =>
        Assert.Empty(ParameterDraws.Of(new WeightedQuery("q", "SELECT id FROM events WHERE tenant_id = $1"), app.Snapshot with { Relations = [.. app.Snapshot.Relations.Select(r => r with { Statistics = [] })] }));
}
