using System.Text.Json;
using AgentHost.Postgres;
using AgentHost.Skills.RecommendIndex;
using AgentHost.Skills.RecommendIndex.Rewrites;

namespace AgentHost.Skills.Tests.RecommendIndex.Rewrites;

/// <summary>Rewritten queries are priced again, with the index that they want.</summary>
public sealed class RewriteIndexesTests(TenantDatabase app) : IClassFixture<TenantDatabase>
{
    private async Task<IndexResult> AdviseAsync(string queries) => await RecommendIndexEngine.RunAsync(new IndexRequest { Target = app.Target, QueriesText = queries });

    [Fact]
    public async Task A_rewrite_says_which_index_it_wants_in_the_place_of_which_and_the_planner_agrees()
    {
        var result = await AdviseAsync("SELECT title FROM tasks WHERE project_id + 1 = 9");
        var rewrite = Assert.Single(result.Rewrites);
        Assert.Equal("CREATE INDEX CONCURRENTLY tasks_project_id_idx ON public.tasks USING btree (project_id);", rewrite.Index);
        Assert.True(rewrite.CostAfter < rewrite.CostBefore / 5, $"{rewrite.CostBefore} → {rewrite.CostAfter}");
        // The index on the expression that the query as it is wants.
        Assert.Equal<string>([Assert.Single(result.Recommendations).Sql], rewrite.InsteadOf);
        Assert.Contains("is not needed.", string.Join(' ', IndexText.Render(result, 4000).Split('\n')), StringComparison.Ordinal);

        await using var database = await TenantDatabase.CreateAsync();
        await database.ExecuteAsync(rewrite.Index!.Replace("CONCURRENTLY ", "", StringComparison.Ordinal));
        await using var target = await ReadOnlyTarget.ConnectAsync("app", database.ConnectionString);
        using var plan = JsonDocument.Parse(await target.ExplainJsonAsync(rewrite.Sql!, analyze: false));
        Assert.InRange(plan.RootElement[0].GetProperty("Plan").GetProperty("Total Cost").GetDouble() / rewrite.CostAfter!.Value, 0.7, 1.4);
    }

    [Fact]
    public async Task A_rewrite_that_an_existing_or_recommended_index_serves_wants_none()
    {
        var result = await AdviseAsync("SELECT id, title FROM tasks WHERE id::text = '4711'; SELECT title FROM tasks WHERE project_id = 7; SELECT title FROM tasks WHERE project_id + 1 = 9; "
            + "SELECT id, title FROM tasks ORDER BY created_at, id OFFSET 100000 LIMIT 20");
        var byKey = Assert.Single(result.Rewrites, r => r.Query == "query 1");
        Assert.Null(byKey.Index);
        Assert.True(byKey.CostAfter < 10 && byKey.CostBefore > 1000, $"{byKey.CostBefore} → {byKey.CostAfter}");
        var recommended = Assert.Single(result.Rewrites, r => r.Query == "query 3");
        Assert.Null(recommended.Index);
        Assert.True(recommended.CostAfter < recommended.CostBefore / 5);
        var paged = Assert.Single(result.Rewrites, r => r.Kind == RewriteKind.LargeOffset);
        Assert.True(paged.CostAfter < paged.CostBefore / 100, $"{paged.CostBefore} → {paged.CostAfter}");
    }

    [Fact]
    public async Task What_costs_the_workload_decides_whether_a_rewrite_is_worth_a_word_however_small_the_table()
    {
        const string small = "SELECT id FROM projects WHERE name || '' = 'x' AND id::text = '5'";
        Assert.DoesNotContain((await AdviseAsync($"-- weight: 100\nSELECT count(*) FROM comments;\n{small}")).Rewrites, r => r.Query == "query 2");
        await using var database = await (await PrivateServer.ConnectAsync()).CreateScratchAsync();
        await database.ExecuteAsync("create table small (id int primary key, name text); insert into small select i, repeat('x', 100) from generate_series(1, 4000) i; analyze small");
        await using var target = await ReadOnlyTarget.ConnectAsync("app", database.ConnectionString);
        var result = await RecommendIndexEngine.RunAsync(new IndexRequest { Target = target, QueriesText = "-- weight: 5000\nSELECT name FROM small WHERE id::text = '77'" });
        Assert.Equal(RewriteKind.CastColumn, Assert.Single(result.Rewrites).Kind);
    }

    [Fact]
    public async Task A_query_whose_values_make_it_dear_is_named()
    {
        await using var database = await (await PrivateServer.ConnectAsync()).CreateScratchAsync();
        await database.ExecuteAsync("""
            create table skewed (id int primary key, tenant int not null, body text not null);
            insert into skewed select i, case when i % 2 = 0 then 1 else 2 + hashint4(i) & 16383 end, repeat('x', 100) from generate_series(1, 100000) i;
            create index on skewed (tenant);
            analyze skewed
            """);
        await using var target = await ReadOnlyTarget.ConnectAsync("app", database.ConnectionString);
        var result = await RecommendIndexEngine.RunAsync(new IndexRequest { Target = target, QueriesText = "SELECT body FROM skewed WHERE tenant = $1; SELECT body FROM skewed WHERE id = $1" });
        var skewed = Assert.Single(result.Skewed);
        Assert.Equal("query 1", skewed.Query);
        Assert.True(skewed.WorstCost > 10 * skewed.Cost);
        Assert.Contains("Dear with some values:", IndexText.Render(result), StringComparison.Ordinal);
    }
}
