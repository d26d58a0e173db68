using AgentHost.Postgres;
using AgentHost.Postgres.Twins;
using AgentHost.Skills.RecommendIndex;

namespace AgentHost.Skills.Tests.RecommendIndex;

public sealed class VerifiedAdviceTests(TenantDatabase app) : IClassFixture<TenantDatabase>
{
    [Fact]
    public async Task What_the_planner_chose_is_measured_on_rows_that_follow_the_statistics()
    {
        var result = await RecommendIndexEngine.RunAsync(new IndexRequest
        {
            Target = app.Target,
            VerifySeconds = 60,
            QueriesText = """
                -- name: recent tasks of a tenant
                -- weight: 200
                SELECT id, title FROM tasks WHERE tenant_id = $1 ORDER BY created_at DESC LIMIT 20;
                -- name: comments of a task
                -- weight: 100
                SELECT body FROM comments c WHERE c.task_id = 4711 ORDER BY created_at;
                -- name: add a comment
                -- weight: 10
                INSERT INTO comments (id, task_id, body, created_at) VALUES ($1, $2, $3, now());
                """,
        });
        Assert.Equal(2, result.Recommendations.Length);
        Assert.All(result.Recommendations, r => Assert.Equal("measured", r.Verification));
        Assert.All(result.Recommendations, r => Assert.True(r.Measured!.GainMilliseconds > 10, r.Sql));
        Assert.Contains(result.Recommendations, r => r.Table == "public.comments" && r.Measured!.WalRatio > 1);
        Assert.Contains("Each was measured on rows made after the statistics.", IndexText.Render(result, 400), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_nothing_was_measured_the_answer_says_so()
    {
        var result = await RecommendIndexEngine.RunAsync(new IndexRequest { Target = app.Target, QueriesText = "SELECT body FROM comments WHERE task_id = 7" });
        var index = Assert.Single(result.Recommendations);
        Assert.Equal(("unverified", null), (index.Verification, index.Measured));
        Assert.Contains("unverified", IndexText.Render(result), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Advice_on_a_schema_with_row_counts_says_that_its_statistics_were_derived()
    {
        var snapshot = await DerivedSnapshot.MakeAsync(await PrivateServer.ConnectAsync(), "create table orders (id bigint primary key, customer_id bigint not null, placed_at timestamptz not null); create index on orders (customer_id, id)", new Dictionary<string, double> { ["orders"] = 5e6 });
        var result = await RecommendIndexEngine.RunAsync(new IndexRequest { Snapshot = snapshot, QueriesText = "SELECT * FROM orders WHERE placed_at > $1" });
        Assert.Single(result.Recommendations);
        Assert.DoesNotContain("never read", result.Notice, StringComparison.Ordinal);
        Assert.Contains("Derived, not measured", result.Notice, StringComparison.Ordinal);
    }
}
