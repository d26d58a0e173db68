using AgentHost.Postgres;
using AgentHost.Skills.RecommendIndex;

namespace AgentHost.Skills.Tests.RecommendIndex;

public sealed class NoticeTests
{
    private const string Table = """
        create extension hypopg;
        create table t (id int primary key, a int not null, b text) with (autovacuum_enabled = off);
        insert into t select i, i % 1000, repeat('x', 50) from generate_series(1, 20000) i;
        """;

    [Fact]
    public async Task A_table_that_was_never_analyzed_is_named()
    {
        var notice = (await AdviseAsync(Table)).Notice;
        Assert.Contains("run ANALYZE", notice, StringComparison.Ordinal);
        Assert.Contains("public.t", notice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Statistics_of_a_table_that_changed_since_are_called_too_old()
    {
        Assert.DoesNotContain("too old", (await AdviseAsync(Table + "analyze t;")).Notice ?? "", StringComparison.Ordinal);
        var notice = (await AdviseAsync(Table + "analyze t; commit; begin; update t set a = a + 1; commit; select pg_stat_force_next_flush();")).Notice;
        Assert.True(notice?.Contains("too old to say (run ANALYZE and ask again): public.t (40,000 of ", StringComparison.Ordinal), notice);
    }

    [Fact]
    public async Task Statistics_that_row_level_security_hides_are_not_called_missing()
    {
        var result = await AdviseAsync(Table + """
            analyze t;
            alter table t enable row level security;
            alter table t force row level security;
            create policy everyone on t using (true);
            """);
        Assert.Contains("row-level security", result.Notice, StringComparison.Ordinal);
        Assert.DoesNotContain("ANALYZE", result.Notice, StringComparison.Ordinal);
        Assert.Contains("(a)", result.Recommendations.Single().Sql, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("alter table t enable row level security; alter table t force row level security; create policy half on t using (id % 2 = 0);")]
    [InlineData("alter table t enable row level security; alter table t force row level security; create policy unset on t using (b = current_setting('nobody.sets'));")]
    public async Task The_size_is_near_the_truth_where_statistics_are_hidden(string security)
    {
        await using var database = await (await PrivateServer.ConnectAsync()).CreateScratchAsync();
        await database.ExecuteAsync(Table + "analyze t; create index b_a on t (a); " + security);
        await using var connection = await database.OpenAsync();
        await using var size = new Npgsql.NpgsqlCommand("select pg_relation_size('b_a')", connection);
        var built = (long)(await size.ExecuteScalarAsync())!;
        await using var target = await ReadOnlyTarget.ConnectAsync("app", database.ConnectionString);
        var facts = await target.InTransactionAsync(async open => (await CatalogReader.ReadAsync(open, [new(null, "t")], default)).Values.Single(), default);
        var told = IndexSize.Estimate(new IndexCandidate(facts, [new CandidateKey(facts.Columns["a"], KeyRole.Equality, false, false)], null));
        // Without the planner's figures no entry is taken to be shared: an upper bound.
        Assert.InRange(told, 0.7 * built, (security.Contains("unset", StringComparison.Ordinal) ? 4 : 1.4) * built);
        Assert.InRange(facts.Columns["b"].Width, 40, 60);
    }

    [Theory]
    [InlineData(1000, 20000, 20000, 1000)]
    [InlineData(95, 100, 20000, 1000)]
    [InlineData(100, 100, 20000, 20000)]
    [InlineData(1, 100, 20000, 1)]
    [InlineData(20, 5000, 20000, 20)]
    public void The_number_of_values_is_read_back_from_an_estimate(double groups, double rows, double all, double expected) =>
        Assert.InRange(HiddenStatistics.Distinct(groups, rows, all), 0.9 * expected, 1.1 * expected);

    [Fact]
    public async Task Nothing_is_noted_where_the_statistics_are_seen() => Assert.Null((await AdviseAsync(Table + "analyze t;")).Notice);

    [Fact]
    public async Task A_snapshot_is_advised_like_the_database_it_was_read_from()
    {
        await using var database = await (await PrivateServer.ConnectAsync()).CreateScratchAsync();
        await database.ExecuteAsync(Table + "analyze t;");
        await using var target = await ReadOnlyTarget.ConnectAsync("app", database.ConnectionString);
        var snapshot = await AgentHost.Postgres.Catalog.CatalogReader.ReadAsync(target, statistics: true);
        const string query = "SELECT id FROM t WHERE a = 5;";
        var (live, kept) = (await RecommendIndexEngine.RunAsync(new IndexRequest { Target = target, QueriesText = query }), await RecommendIndexEngine.RunAsync(new IndexRequest { Snapshot = snapshot, QueriesText = query }));
        Assert.Equal(live.Recommendations.Single().Sql, kept.Recommendations.Single().Sql);
        Assert.Equal(live.Workload, kept.Workload);
        await Assert.ThrowsAsync<SkillInputException>(() => RecommendIndexEngine.RunAsync(new IndexRequest { Snapshot = snapshot with { Statements = [] }, Workload = true }));
    }

    private static async Task<IndexResult> AdviseAsync(string setup)
    {
        await using var database = await (await PrivateServer.ConnectAsync()).CreateScratchAsync();
        await database.ExecuteAsync(setup);
        await using var target = await ReadOnlyTarget.ConnectAsync("app", database.ConnectionString);
        return await RecommendIndexEngine.RunAsync(new IndexRequest { Target = target, QueriesText = "SELECT id FROM t WHERE a = 5;" });
    }
}
