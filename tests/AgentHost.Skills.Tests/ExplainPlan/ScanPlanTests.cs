using AgentHost.Skills.ExplainPlan;

namespace AgentHost.Skills.Tests.ExplainPlan;

public class ScanPlanTests(ScanLaboratory laboratory) : IClassFixture<ScanLaboratory>
{
    private const string Bitmap = "SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off;";
    private const string Loops = "SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off; SET LOCAL enable_memoize = off;";
    private const string Workers = "SET LOCAL max_parallel_workers_per_gather = 2; SET LOCAL parallel_setup_cost = 0; SET LOCAL parallel_tuple_cost = 0; SET LOCAL min_parallel_table_scan_size = 0;";

    [Theory]
    [InlineData("sort-avoidable-limit", "SELECT * FROM events ORDER BY score DESC LIMIT 10", "")]
    [InlineData("sort-avoidable-limit", "SELECT id, body FROM events e WHERE grade > 1 ORDER BY e.score, e.id LIMIT 10", "")]
    [InlineData("sort-avoidable-limit", "SELECT * FROM events WHERE tenant = 7 ORDER BY score DESC LIMIT 10", Bitmap)]
    [InlineData("sort-avoidable-limit", "SELECT * FROM events ORDER BY lower(body) LIMIT 10", "")]
    [InlineData("sort-avoidable-limit", "SELECT * FROM events ORDER BY score DESC LIMIT 10", Workers)]
    [InlineData("sort-avoidable-limit", "SELECT * FROM events ORDER BY score LIMIT 14000", "SET LOCAL work_mem = '64kB';")]
    [InlineData("sort-avoidable-limit", "SELECT * FROM logs ORDER BY at DESC LIMIT 10", "")]
    [InlineData("bitmap-lossy", "SELECT count(body) FROM events WHERE tenant BETWEEN 1 AND 9", Bitmap + "SET LOCAL work_mem = '64kB';")]
    [InlineData("bitmap-recheck-waste", "SELECT count(*) FROM events WHERE doc @> '{\"a\": 1, \"b\": 0}'", Bitmap)]
    [InlineData("bitmapand-composite", "SELECT * FROM events WHERE tenant = 7 AND kind = 21", Bitmap)]
    [InlineData("bitmapor-union", "SELECT * FROM events WHERE tenant = 7 OR kind = 21 OR at < '2024-01-01 04:00+00'", Bitmap)]
    [InlineData("cte-materialized-filter", "WITH priced AS MATERIALIZED (SELECT *, score * 2 AS price FROM events) SELECT * FROM priced WHERE tenant = 7", "")]
    [InlineData("disabled-node", "SELECT sum(score) FROM events", "SET LOCAL enable_seqscan = off;")]
    [InlineData("seq-scan-selective-filter", "SELECT * FROM pairs WHERE c = 5 OR c = 77 AND a > 3 OR b = 9", "")]
    [InlineData("seq-scan-selective-filter", "SELECT * FROM pairs WHERE (c, b) < (900, 5)", "")]
    [InlineData("seq-scan-expression-filter", "SELECT * FROM pairs WHERE lower(pad) LIKE 'abc%'", "")]
    [InlineData("seq-scan-selective-filter", "SELECT * FROM pairs WHERE c = 5", Workers)]
    [InlineData("order-by-limit-wrong-index", "SELECT e.* FROM events e JOIN items i ON i.order_id = e.kind + 20000 ORDER BY e.at LIMIT 5", Loops)]
    [InlineData("order-by-limit-wrong-index", "SELECT * FROM events WHERE body < '0003' ORDER BY at, id LIMIT 5", "SET LOCAL enable_sort = off; SET LOCAL enable_seqscan = off;")]
    [InlineData("index-leading-col-missing", "SELECT * FROM pairs WHERE b = 77", "SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off;")]
    [InlineData("index-leading-col-missing", "SELECT * FROM pairs WHERE b = 77", Bitmap)]
    [InlineData("index-leading-col-missing", "SELECT a, b FROM pairs WHERE b < 9", "SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off;")]
    [InlineData("index-lookups-many", "SELECT sum(e.score) FROM pairs p JOIN events e ON e.id = p.c", Loops)]
    [InlineData("index-lookups-many", "SELECT sum(e.score) FROM pairs p JOIN events e ON e.id = p.c", Loops + Workers)]
    [InlineData("index-lookups-many", "SELECT p.a, e.score FROM pairs p CROSS JOIN LATERAL (SELECT score FROM events WHERE events.id = p.c ORDER BY score DESC LIMIT 1) e", Loops)]
    [InlineData("partition-pruning-missing", "SELECT * FROM logs WHERE date_trunc('day', at) = '2024-03-03'", "")]
    [InlineData("partition-pruning-missing", "SELECT count(*) FROM logs l WHERE l.at::date = '2024-03-03'", "")]
    [InlineData("partition-pruning-missing", "SELECT count(*) FROM logs WHERE extract(month FROM at) = 3", "")]
    [InlineData("partition-pruning-missing", "SELECT count(*) FROM logs WHERE to_char(at, 'YYYY-MM-DD') = '2024-03-03' AND code > 5", Workers)]
    [InlineData("seq-scan-selective-filter", "SELECT * FROM logs WHERE code = 5", "")]
    [InlineData("seq-scan-expression-filter", "SELECT * FROM logs WHERE upper(note) = 'NONE'", "")]
    [InlineData("read-amplification", "SELECT max(body) FROM events WHERE tenant BETWEEN 1 AND 4", "SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off;")]
    [InlineData("table-bloat", "SELECT max(pad) FROM thin", "")]
    [InlineData("table-bloat", "SELECT count(*) FROM thin", "SET LOCAL max_parallel_workers_per_gather = 1; SET LOCAL parallel_setup_cost = 0; SET LOCAL parallel_tuple_cost = 0; SET LOCAL min_parallel_table_scan_size = 0;")]
    [InlineData("index-bloat", "SELECT count(*) FROM sparse WHERE id BETWEEN 1 AND 440000", "SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off;")]
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
    [InlineData("WITH all_of AS MATERIALIZED (SELECT * FROM events) SELECT (SELECT count(*) FROM all_of WHERE tenant = 7), (SELECT count(*) FROM all_of)", "SET LOCAL work_mem = '64MB';")]
    [InlineData("SELECT * FROM pairs WHERE a = 77 AND b > 5", "SET LOCAL enable_seqscan = off;")]
    [InlineData("SELECT count(*) FROM pairs WHERE a BETWEEN 100 AND 9000", "SET LOCAL enable_seqscan = off;")]
    [InlineData("SELECT sum(e.score) FROM pairs p JOIN events e ON e.id = p.c WHERE p.c < 30000", Loops)]
    [InlineData("SELECT sum(e.score) FROM pairs p JOIN events e ON e.id = p.c", "")]
    [InlineData("SELECT count(*) FROM logs WHERE at >= '2024-03-01' AND at < '2024-04-01'", "")]
    [InlineData("SELECT count(*) FROM logs WHERE extract(day FROM at) BETWEEN 3 AND 20", "")]
    [InlineData("SELECT max(body) FROM events WHERE at BETWEEN '2024-01-05' AND '2024-02-01'", "SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off;")]
    [InlineData("SELECT max(body) FROM events WHERE tenant = 7", Bitmap)]
    [InlineData("SELECT max(length(body)) FROM wide", "")]
    [InlineData("SELECT count(*) FROM wide", "")]
    [InlineData("SELECT max(pad) FROM items", "")]
    [InlineData("SELECT count(*) FROM dense WHERE id BETWEEN 1 AND 440000", "SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off;")]
    [InlineData("SELECT count(*) FROM pairs p JOIN dense d ON d.id = p.c WHERE p.c < 20000", Loops)]
    [InlineData("SELECT count(*) FROM dense WHERE id = ANY (ARRAY(SELECT c * 2 FROM generate_series(1, 3000) c))", "SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off;")]
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

    [Theory]
    [InlineData("ANALYZE, BUFFERS, VERBOSE", "SELECT p, sum(i.qty) FROM generate_series(1, 4000) p JOIN items i ON i.order_id = p GROUP BY p", true)]
    [InlineData("ANALYZE, VERBOSE", "SELECT i.qty, i.product FROM generate_series(1, 4000) p JOIN items i ON i.order_id = p", true)]
    [InlineData("ANALYZE, VERBOSE", "SELECT i.* FROM generate_series(1, 4000) p JOIN items i ON i.order_id = p", false)]
    [InlineData("ANALYZE, BUFFERS", "SELECT p, sum(i.qty) FROM generate_series(1, 4000) p JOIN items i ON i.order_id = p GROUP BY p", false)]
    [InlineData("ANALYZE, VERBOSE", "SELECT p.a, p.pad, i.qty FROM pairs p LEFT JOIN items i ON i.order_id = p.c + 70000 WHERE p.c <= 20000", false)]
    public async Task An_index_that_could_carry_what_a_hot_loop_fetches_is_named(string options, string sql, bool named)
    {
        var result = await laboratory.ExplainAsync(sql, Loops + "SET LOCAL enable_bitmapscan = off;", options);
        Assert.True(named == (result.Problems.Length == 1 && result.Problems[0].Id == "index-only-possible") && (named || result.Problems.IsEmpty), ExplainText.Render(result));
        if (named)
            Assert.Contains("ON items (order_id) INCLUDE (", result.Problems[0].Advice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_the_catalog_is_at_hand_it_tells_the_first_column_and_the_width_of_a_row()
    {
        await using var target = await AgentHost.Postgres.ReadOnlyTarget.ConnectAsync("scans", laboratory.ConnectionString);
        var plan = await laboratory.CaptureAsync("SELECT * FROM public.pairs WHERE b = 77", Bitmap);
        var problem = Assert.Single((await ExplainPlanEngine.RunAsync(new ExplainRequest { PlanText = plan, Target = target })).Problems);
        Assert.Equal("index-leading-col-missing", problem.Id);
        Assert.Contains("leaves its first column out", problem.Message, StringComparison.Ordinal);
        var bloat = await laboratory.CaptureAsync("SELECT max(pad) FROM thin");
        Assert.Equal("table-bloat", Assert.Single((await ExplainPlanEngine.RunAsync(new ExplainRequest { PlanText = bloat, Target = target })).Problems).Id);
    }

    [Theory]
    [InlineData("table-bloat", "SELECT max(pad) FROM thin", "ANALYZE")]
    [InlineData("sort-avoidable-limit", "SELECT * FROM events ORDER BY score DESC LIMIT 10", "ANALYZE, TIMING OFF")]
    [InlineData("sort-avoidable-limit", "SELECT * FROM events ORDER BY score DESC LIMIT 10", "ANALYZE, COSTS OFF")]
    [InlineData("bitmap-recheck-waste", "SELECT count(*) FROM events WHERE doc @> '{\"a\": 1, \"b\": 0}'", "ANALYZE, VERBOSE")]
    [InlineData("partition-pruning-missing", "SELECT * FROM logs WHERE date_trunc('day', at) = '2024-03-03'", "ANALYZE, VERBOSE, COSTS OFF")]
    public async Task What_a_plan_without_buffers_shows_is_found_too(string expected, string sql, string options)
    {
        var result = await laboratory.ExplainAsync(sql, expected == "bitmap-recheck-waste" ? Bitmap : "", options);
        Assert.True(result.Problems.Length == 1 && result.Problems[0].Id == expected, ExplainText.Render(result));
    }

    [Theory]
    [InlineData("sort-avoidable-limit", "SELECT * FROM events ORDER BY score DESC LIMIT 10", Workers)]
    [InlineData("bitmap-lossy", "SELECT count(body) FROM events WHERE tenant BETWEEN 1 AND 9", Bitmap + "SET LOCAL work_mem = '64kB';")]
    [InlineData("bitmap-recheck-waste", "SELECT count(*) FROM events WHERE doc @> '{\"a\": 1, \"b\": 0}'", Bitmap)]
    [InlineData("bitmapand-composite", "SELECT * FROM events WHERE tenant = 7 AND kind = 21", Bitmap)]
    [InlineData("bitmapor-union", "SELECT * FROM events WHERE tenant = 7 OR kind = 21 OR at < '2024-01-01 04:00+00'", Bitmap)]
    [InlineData("cte-materialized-filter", "WITH priced AS MATERIALIZED (SELECT *, score * 2 AS price FROM events) SELECT * FROM priced WHERE tenant = 7", "")]
    [InlineData("disabled-node", "SELECT sum(score) FROM events", "SET LOCAL enable_seqscan = off;")]
    [InlineData("index-leading-col-missing", "SELECT * FROM pairs WHERE b = 77", Bitmap)]
    [InlineData("index-lookups-many", "SELECT sum(e.score) FROM pairs p JOIN events e ON e.id = p.c", Loops)]
    [InlineData("partition-pruning-missing", "SELECT count(*) FROM logs l WHERE l.at::date = '2024-03-03'", "")]
    [InlineData("read-amplification", "SELECT max(body) FROM events WHERE tenant BETWEEN 1 AND 4", "SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off;")]
    [InlineData("table-bloat", "SELECT max(pad) FROM thin", "")]
    [InlineData("index-bloat", "SELECT count(*) FROM sparse WHERE id BETWEEN 1 AND 440000", "SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off;")]
    [InlineData("seq-scan-selective-filter", "SELECT * FROM pairs WHERE c = 5", Workers)]
    public async Task The_text_form_of_a_plan_tells_as_much(string expected, string sql, string settings)
    {
        var result = await ExplainPlanEngine.RunAsync(new ExplainRequest { PlanText = await laboratory.CaptureTextAsync(sql, settings) });
        Assert.True(result.Problems.Length == 1 && result.Problems[0].Id == expected, ExplainText.Render(result));
    }

    [Theory]
    [InlineData("cold-index-scan", "cold-cache")]
    [InlineData("cold-seq-scan", "cold-cache")]
    [InlineData("cold-untimed", "cold-cache")]
    [InlineData("warm-index-scan", null)]
    [InlineData("seq-scan-kernel-cache", null)]
    [InlineData("first-read-after-load", "dirtied-by-select")]
    [InlineData("second-read-after-load", null)]
    [InlineData("skip-scan-many", "index-searches-high")]
    [InlineData("skip-scan-few", null)]
    [InlineData("list-of-searches", null)]
    [InlineData("disabled-seq-scan", "disabled-node")]
    public async Task What_other_servers_show_is_judged_alike(string file, string? expected)
    {
        var text = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "ExplainPlan", "plans", file + ".json"));
        var result = await ExplainPlanEngine.RunAsync(new ExplainRequest { PlanText = text });
        Assert.True(result.Problems.Select(p => p.Id).SequenceEqual(expected is null ? [] : [expected]), ExplainText.Render(result));
    }
}
