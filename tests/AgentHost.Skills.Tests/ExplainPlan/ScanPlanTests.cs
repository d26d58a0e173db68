using AgentHost.Skills.ExplainPlan;

namespace AgentHost.Skills.Tests.ExplainPlan;

public class ScanPlanTests(ScanLaboratory laboratory) : IClassFixture<ScanLaboratory>
{
    private const string Bitmap = "SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off;";
    private const string Workers = "SET LOCAL max_parallel_workers_per_gather = 2; SET LOCAL parallel_setup_cost = 0; SET LOCAL parallel_tuple_cost = 0; SET LOCAL min_parallel_table_scan_size = 0;";

    [Theory]
    [InlineData("sort-avoidable-limit", "SELECT * FROM events ORDER BY score DESC LIMIT 10", "")]
    [InlineData("sort-avoidable-limit", "SELECT id, body FROM events e WHERE grade > 1 ORDER BY e.score, e.id LIMIT 10", "")]
    [InlineData("sort-avoidable-limit", "SELECT * FROM events WHERE tenant = 7 ORDER BY score DESC LIMIT 10", Bitmap)]
    [InlineData("sort-avoidable-limit", "SELECT * FROM events ORDER BY lower(body) LIMIT 10", "")]
    [InlineData("sort-avoidable-limit", "SELECT * FROM events ORDER BY score DESC LIMIT 10", Workers)]
    [InlineData("sort-avoidable-limit", "SELECT * FROM events ORDER BY score LIMIT 14000", "SET LOCAL work_mem = '64kB';")]
    [InlineData("bitmap-lossy", "SELECT count(body) FROM events WHERE tenant BETWEEN 1 AND 9", Bitmap + "SET LOCAL work_mem = '64kB';")]
    [InlineData("bitmap-recheck-waste", "SELECT count(*) FROM events WHERE doc @> '{\"a\": 1, \"b\": 0}'", Bitmap)]
    [InlineData("bitmapand-composite", "SELECT * FROM events WHERE tenant = 7 AND kind = 21", Bitmap)]
    [InlineData("bitmapor-union", "SELECT * FROM events WHERE tenant = 7 OR kind = 21 OR at < '2024-01-01 04:00+00'", Bitmap)]
    [InlineData("cte-materialized-filter", "WITH priced AS MATERIALIZED (SELECT *, score * 2 AS price FROM events) SELECT * FROM priced WHERE tenant = 7", "")]
    [InlineData("disabled-node", "SELECT sum(score) FROM events", "SET LOCAL enable_seqscan = off;")]
    public async Task A_scan_with_a_problem_gets_exactly_that_problem(string expected, string sql, string settings)
    {
        var result = await laboratory.ExplainAsync(sql, settings);
        Assert.True(result.Problems.Length == 1 && result.Problems[0].Id == expected, ExplainText.Render(result));
        Assert.NotEmpty(result.Problems[0].Evidence);
    }

    [Theory]
    [InlineData("SELECT * FROM events ORDER BY id DESC LIMIT 10", "")]
    [InlineData("SELECT id FROM events ORDER BY score LIMIT 20000", "")]
    [InlineData("SELECT * FROM events WHERE at < '2024-01-01 12:00+00' ORDER BY score LIMIT 10", "")]
    [InlineData("SELECT * FROM events WHERE at < '2024-02-01' ORDER BY random() LIMIT 10", "")]
    [InlineData("SELECT tenant, count(*) FROM events GROUP BY tenant ORDER BY count(*) DESC LIMIT 5", "")]
    [InlineData("SELECT count(body) FROM events WHERE tenant BETWEEN 1 AND 9", Bitmap)]
    [InlineData("SELECT count(*) FROM events WHERE doc @> '{\"c\": 777}'", Bitmap)]
    [InlineData("SELECT count(body) FROM events WHERE tenant = 7 AND at < '2024-01-02'", Bitmap)]
    [InlineData("SELECT count(body) FROM events WHERE tenant = 7 OR kind = 21", Bitmap)]
    [InlineData("WITH one AS MATERIALIZED (SELECT * FROM events WHERE tenant = 7) SELECT * FROM one WHERE score > 10", "")]
    [InlineData("WITH priced AS (SELECT *, score * 2 AS price FROM events) SELECT count(*) FROM priced WHERE tenant = 7", "")]
    [InlineData("WITH all_of AS MATERIALIZED (SELECT * FROM events) SELECT (SELECT count(*) FROM all_of WHERE tenant = 7), (SELECT count(*) FROM all_of)", "")]
    public async Task A_healthy_scan_gets_no_advice(string sql, string settings)
    {
        var result = await laboratory.ExplainAsync(sql, settings);
        Assert.True(result.Problems.IsEmpty, ExplainText.Render(result));
    }

    [Fact]
    public async Task The_size_of_work_mem_for_a_lossy_bitmap_makes_it_exact()
    {
        const string Sql = "SELECT count(body) FROM events WHERE tenant BETWEEN 1 AND 9";
        var problem = Assert.Single((await laboratory.ExplainAsync(Sql, Bitmap + "SET LOCAL work_mem = '64kB';")).Problems);
        var size = problem.Advice.Split('\'')[1];
        Assert.Empty((await laboratory.ExplainAsync(Sql, $"{Bitmap}SET LOCAL work_mem = '{size}';")).Problems);
    }

    [Theory]
    [InlineData("SELECT * FROM events WHERE tenant = 7 ORDER BY score DESC, id DESC LIMIT 10", "ON events (tenant, score, id)")]
    [InlineData("SELECT * FROM events e WHERE e.tenant = 7 ORDER BY e.score DESC, e.id LIMIT 10", "ON events (tenant, score DESC, id)")]
    public async Task The_index_that_spares_a_sort_has_equal_columns_first_and_the_order_behind(string sql, string index)
    {
        var problem = Assert.Single((await laboratory.ExplainAsync(sql, Bitmap)).Problems);
        Assert.Contains("CREATE INDEX CONCURRENTLY " + index, problem.Advice, StringComparison.Ordinal);
    }
}
