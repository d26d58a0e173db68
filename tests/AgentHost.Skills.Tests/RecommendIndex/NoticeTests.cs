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

    [Fact]
    public async Task Nothing_is_noted_where_the_statistics_are_seen() => Assert.Null((await AdviseAsync(Table + "analyze t;")).Notice);

    private static async Task<IndexResult> AdviseAsync(string setup)
    {
        await using var database = await (await PrivateServer.ConnectAsync()).CreateScratchAsync();
        await database.ExecuteAsync(setup);
        await using var target = await ReadOnlyTarget.ConnectAsync("app", database.ConnectionString);
        return await RecommendIndexEngine.RunAsync(new IndexRequest { Target = target, QueriesText = "SELECT id FROM t WHERE a = 5;" });
    }
}
