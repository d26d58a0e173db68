using System.Text.Json;
using AgentHost.Postgres;
using AgentHost.Skills.RecommendIndex;

namespace AgentHost.Skills.Tests.RecommendIndex;

public sealed class RecommendIndexTests(TenantDatabase app) : IClassFixture<TenantDatabase>
{
    private const string Workload = """
        -- name: recent tasks of a tenant
        -- weight: 200
        SELECT id, title FROM tasks WHERE tenant_id = $1 ORDER BY created_at DESC LIMIT 20;
        -- name: comments of a task
        -- weight: 100
        SELECT body FROM comments c WHERE c.task_id = 4711 ORDER BY created_at;
        -- name: pending queue
        -- weight: 50
        SELECT id FROM tasks WHERE status = 'pending' ORDER BY created_at LIMIT 10;
        -- name: my tasks
        -- weight: 80
        SELECT id, title FROM tasks WHERE tenant_id = 7 AND assignee_id = 33 AND due_on < date '2025-03-01';
        -- name: by key
        -- weight: 500
        SELECT * FROM tasks WHERE id = 99;
        """;

    private Task<IndexResult> AdviseAsync(string queries, double? budgetMb = null, int? max = null) =>
        RecommendIndexEngine.RunAsync(new IndexRequest { Target = app.Target, QueriesText = queries, BudgetMb = budgetMb, MaxIndexes = max });

    private static string Keys(IndexRecommendation index) => index.Sql[(index.Sql.IndexOf("USING btree ", StringComparison.Ordinal) + 12)..].TrimEnd(';');

    [Fact]
    public async Task Equality_comes_before_the_sort()
    {
        var index = Assert.Single((await AdviseAsync("SELECT id, title FROM tasks WHERE tenant_id = 3 ORDER BY created_at DESC LIMIT 20")).Recommendations);
        Assert.Equal("(tenant_id, created_at)", Keys(index));
        Assert.StartsWith("CREATE INDEX CONCURRENTLY tasks_tenant_id_created_at_idx ON public.tasks USING btree", index.Sql, StringComparison.Ordinal);
        Assert.Equal("query 1", Assert.Single(index.Queries));
        Assert.True(index.CostAfter < index.CostBefore / 20);
    }

    [Fact]
    public async Task Equality_comes_before_the_range_however_the_query_writes_them()
    {
        var index = Assert.Single((await AdviseAsync("SELECT title FROM tasks WHERE due_on < date '2025-02-01' AND 33 = assignee_id AND tenant_id = $1")).Recommendations);
        Assert.EndsWith("due_on)", Keys(index), StringComparison.Ordinal);
        Assert.Contains("assignee_id", Keys(index), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rare_constant_of_the_template_makes_the_index_partial()
    {
        var index = Assert.Single((await AdviseAsync("SELECT id FROM tasks WHERE status = 'pending' ORDER BY created_at LIMIT 10")).Recommendations);
        Assert.Equal("(created_at) WHERE status = 'pending'", Keys(index));
        Assert.Equal("partial-indexes", index.Citation?.Document);
    }

    [Fact]
    public async Task A_predicate_that_most_rows_meet_makes_no_partial_index()
    {
        var index = Assert.Single((await AdviseAsync("SELECT id FROM tasks WHERE tenant_id = 3 AND deleted_at IS NULL ORDER BY created_at DESC LIMIT 20")).Recommendations);
        Assert.Equal("(tenant_id, created_at)", Keys(index));
    }

    [Fact]
    public async Task A_foreign_key_that_is_joined_gets_its_index()
    {
        var result = await AdviseAsync("SELECT t.title, c.body FROM tasks t JOIN comments c ON c.task_id = t.id WHERE t.id = 17");
        Assert.Equal("(task_id)", Keys(Assert.Single(result.Recommendations)));
    }

    [Fact]
    public async Task A_correlated_subquery_and_a_function_alias_are_understood()
    {
        var result = await AdviseAsync("""
            SELECT p.id, (SELECT count(*) FROM comments c WHERE c.task_id = p.id) FROM generate_series(1, 5) g JOIN projects p ON p.id = g;
            SELECT t.id, l.body FROM tasks t CROSS JOIN LATERAL (SELECT body FROM comments WHERE task_id = t.id ORDER BY created_at DESC LIMIT 1) l WHERE t.id < 10
            """);
        Assert.Empty(result.Skipped);
        Assert.All(result.Recommendations, r => Assert.StartsWith("(task_id", Keys(r), StringComparison.Ordinal));
        Assert.Single(result.Recommendations);
    }

    [Fact]
    public async Task One_index_serves_queries_that_share_their_leading_columns()
    {
        var result = await AdviseAsync("""
            SELECT title FROM tasks WHERE project_id = 5;
            SELECT title FROM tasks WHERE project_id = 5 AND assignee_id = 9;
            """);
        var index = Assert.Single(result.Recommendations);
        Assert.StartsWith("(project_id", Keys(index), StringComparison.Ordinal);
        Assert.Equal<string>(["query 1", "query 2"], index.Queries);
    }

    [Fact]
    public async Task The_real_planner_uses_what_was_recommended_and_asks_for_no_more()
    {
        await using var database = await TenantDatabase.CreateAsync();
        await using var target = await ReadOnlyTarget.ConnectAsync("app", database.ConnectionString);
        var request = new IndexRequest { Target = target, QueriesText = Workload };
        var advice = await RecommendIndexEngine.RunAsync(request);
        Assert.Equal(4, advice.Recommendations.Length);
        var before = await CostsAsync(target);
        foreach (var index in advice.Recommendations)
            await database.ExecuteAsync(index.Sql);
        await database.ExecuteAsync("vacuum analyze");
        var after = await CostsAsync(target);
        Assert.All(Enumerable.Range(0, 4), i => Assert.True(after[i] < before[i] * 0.7, $"query {i}: {before[i]} → {after[i]}"));

        var second = await RecommendIndexEngine.RunAsync(request);
        Assert.Empty(second.Recommendations);
        Assert.DoesNotContain(second.Drops, d => !d.IsQuestion);
        await using var open = await database.OpenAsync();
        foreach (var index in advice.Recommendations)
        {
            var name = index.Sql.Split(' ')[3];
            await using var size = new Npgsql.NpgsqlCommand($"select pg_relation_size('{name}')", open);
            Assert.InRange((double)index.SizeBytes / (long)(await size.ExecuteScalarAsync())!, 0.5, 2);
        }
    }

    private static async Task<double[]> CostsAsync(ReadOnlyTarget target)
    {
        var costs = new List<double>();
        foreach (var query in AgentHost.Sql.Queries.QueryScript.Parse(Workload))
        {
            using var plan = JsonDocument.Parse(await target.ExplainJsonAsync(query.Sql, analyze: false));
            costs.Add(plan.RootElement[0].GetProperty("Plan").GetProperty("Total Cost").GetDouble());
        }
        return [.. costs];
    }

    [Fact]
    public async Task The_answer_is_the_same_ten_times()
    {
        var first = JsonSerializer.Serialize(await AdviseAsync(Workload));
        for (var i = 1; i < 10; i++)
            Assert.Equal(first, JsonSerializer.Serialize(await AdviseAsync(Workload)));
    }

    [Fact]
    public async Task A_bad_query_is_named_and_the_others_are_judged()
    {
        var result = await AdviseAsync("""
            -- name: typo
            SELEC 1;
            -- name: no such table
            SELECT * FROM nowhere WHERE id = 1;
            -- name: write
            UPDATE tasks SET priority = 1 WHERE id = 3;
            -- name: locking
            SELECT 1 FROM tasks WHERE id = 5 FOR UPDATE;
            -- name: good
            SELECT body FROM comments WHERE task_id = $1;
            """);
        Assert.Equal("(task_id)", Keys(Assert.Single(result.Recommendations)));
        Assert.Equal(["no such table", "typo"], result.Skipped.Select(s => s.Query).Order(StringComparer.Ordinal));
        Assert.Contains("nowhere", result.Skipped.Single(s => s.Query == "no such table").Reason, StringComparison.Ordinal);
        Assert.Equal(3, result.Workload.Queries);
    }

    [Fact]
    public async Task What_an_update_looks_up_is_priced_like_a_read()
    {
        var index = Assert.Single((await AdviseAsync("UPDATE comments SET body = 'x' WHERE task_id = $1; DELETE FROM comments WHERE task_id = 7")).Recommendations);
        Assert.Equal("(task_id)", Keys(index));
    }

    [Fact]
    public async Task A_query_whose_planning_would_act_acts_on_nothing_of_the_target()
    {
        await app.Database.ExecuteAsync("create or replace function false_constant() returns bigint language sql immutable as 'select pg_notify(''a'', ''b''); select 1::bigint'");
        var result = await AdviseAsync("SELECT body FROM comments WHERE task_id = $1; SELECT 1 FROM comments WHERE task_id = false_constant()");
        Assert.Empty(result.Skipped);
        Assert.Equal(2, result.Workload.Queries);
    }

    [Fact]
    public async Task A_view_is_priced_without_harm()
    {
        var result = await AdviseAsync("SELECT id FROM live_tasks WHERE status = 'pending'; SELECT id FROM tasks WHERE status = 'pending' ORDER BY created_at LIMIT 5");
        Assert.Empty(result.Skipped);
        Assert.Equal(2, result.Workload.Queries);
    }

    [Fact]
    public async Task The_budget_and_the_number_are_kept()
    {
        Assert.Single((await AdviseAsync(Workload, max: 1)).Recommendations);
        var small = await AdviseAsync(Workload, budgetMb: 5);
        Assert.True(small.Recommendations.Sum(r => r.SizeBytes) <= 5 * 1024 * 1024);
        Assert.NotEmpty(small.Recommendations);
    }

    [Fact]
    public async Task Small_tables_get_no_index() =>
        Assert.Empty((await AdviseAsync("SELECT * FROM projects WHERE name = 'project 7'")).Recommendations);

    [Fact]
    public async Task Frequent_updates_of_a_column_speak_against_its_index()
    {
        const string read = "-- weight: 1\nSELECT id FROM tasks WHERE priority = 2 AND due_on = date '2025-05-05';";
        Assert.NotEmpty((await AdviseAsync(read)).Recommendations);
        var written = await AdviseAsync(read + "-- weight: 100000\nUPDATE tasks SET due_on = now(), priority = 3 WHERE id = 1");
        Assert.Empty(written.Recommendations);
    }

    [Fact]
    public async Task Nothing_stays_behind_in_the_target()
    {
        await AdviseAsync(Workload);
        var rows = await app.Target.QueryAsync("select (select count(*) from hypopg()) as hypothetical, (select count(*) from pg_index where indrelid = 'tasks'::regclass) as real", null);
        Assert.Equal(0L, rows[0]["hypothetical"]);
        Assert.Equal(1L, rows[0]["real"]);
    }

    [Fact]
    public async Task A_database_without_any_extension_is_priced_as_well()
    {
        var server = await PrivateServer.ConnectAsync();
        await using var database = await server.CreateScratchAsync();
        await database.ExecuteAsync("create table t (a int, b int, c int); create index t_a on t (a); create index t_a_b on t (a, b); insert into t select i % 500, i, i from generate_series(1, 50000) i; analyze t");
        await using var target = await ReadOnlyTarget.ConnectAsync("plain", database.ConnectionString);
        var result = await RecommendIndexEngine.RunAsync(new IndexRequest { Target = target, QueriesText = "SELECT * FROM t WHERE c = 1" });
        Assert.Equal("(c)", Keys(Assert.Single(result.Recommendations)));
        Assert.Equal("public.t_a", Assert.Single(result.Drops, d => !d.IsQuestion).Index);
    }

    [Fact]
    public async Task Missing_statement_statistics_are_told()
    {
        var error = await Assert.ThrowsAsync<SkillInputException>(() => RecommendIndexEngine.RunAsync(new IndexRequest { Target = app.Target, Workload = true }));
        Assert.Contains("pg_stat_statements", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", null, null)]
    [InlineData("-- nothing", null, null)]
    [InlineData("SELECT 1", 0.0, null)]
    [InlineData("SELECT 1", null, 0)]
    public async Task Unusable_input_is_refused(string queries, double? budget, int? max) =>
        await Assert.ThrowsAsync<SkillInputException>(() => AdviseAsync(queries, budget, max));

    [Fact]
    public async Task The_text_leads_with_the_verdict_and_stays_short()
    {
        var result = await AdviseAsync(Workload);
        var text = IndexText.Render(result);
        Assert.StartsWith("4 indexes recommended: planner cost of 5 queries falls from", text, StringComparison.Ordinal);
        Assert.True(text.Length < 3600);
    }
}
