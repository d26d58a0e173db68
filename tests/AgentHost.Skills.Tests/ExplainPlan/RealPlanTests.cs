using AgentHost.Postgres;
using AgentHost.Skills.ExplainPlan;

namespace AgentHost.Skills.Tests.ExplainPlan;

public class RealPlanTests(PlanLaboratory laboratory) : IClassFixture<PlanLaboratory>
{
    private const string SmallMemory = "SET LOCAL work_mem = '256kB'; SET LOCAL hash_mem_multiplier = 1;";
    private const string NoHash = "SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off;";

    [Theory]
    [InlineData("seq-scan-selective-filter", "SELECT * FROM orders WHERE reference = 'R7919'", "")]
    [InlineData("seq-scan-selective-filter", "SELECT * FROM orders WHERE total >= 999 AND status = 'done'", "")]
    [InlineData("seq-scan-selective-filter", "SELECT * FROM orders WHERE archived_at IS NULL", "")]
    [InlineData("seq-scan-selective-filter", "SELECT * FROM orders WHERE reference LIKE 'R7919%'", "")]
    [InlineData("seq-scan-selective-filter", "SELECT * FROM orders WHERE reference = 'R7919'", "SET LOCAL max_parallel_workers_per_gather = 2; SET LOCAL parallel_setup_cost = 0; SET LOCAL min_parallel_table_scan_size = 0;")]
    [InlineData("seq-scan-selective-filter", "SELECT * FROM orders WHERE total = (SELECT max(total) FROM orders)", "")]
    [InlineData("seq-scan-expression-filter", "SELECT * FROM orders WHERE lower(reference) = 'r7919'", "")]
    [InlineData("seq-scan-expression-filter", "SELECT * FROM orders WHERE date_trunc('day', created_at) = '2024-02-02'", "")]
    [InlineData("seq-scan-leading-wildcard", "SELECT * FROM orders WHERE reference LIKE '%7919%'", "")]
    [InlineData("seq-scan-leading-wildcard", "SELECT * FROM customers WHERE name ILIKE 'customer 777%'", "")]
    [InlineData("seq-scan-implicit-cast", "SELECT * FROM orders WHERE id = 77.0", "")]
    [InlineData("index-filter-discard", "SELECT * FROM orders WHERE customer_id = 17 AND id > 0 OR customer_id = 1 AND status = 'failed'", "SET LOCAL enable_seqscan = off;")]
    [InlineData("index-filter-discard", "SELECT * FROM orders WHERE created_at >= '2024-01-05' AND created_at < '2024-02-20' AND status = 'failed'", "")]
    [InlineData("order-by-limit-wrong-index", "SELECT * FROM orders WHERE status = 'refunded' ORDER BY created_at DESC LIMIT 5", "SET LOCAL enable_sort = off;")]
    [InlineData("sort-spill", "SELECT id, reference FROM orders ORDER BY reference", "SET LOCAL work_mem = '1MB';")]
    [InlineData("hash-batches-spill", "SELECT count(*), max(c.note || o.reference) FROM orders o JOIN customers c ON c.id = o.customer_id", SmallMemory + "SET LOCAL enable_mergejoin = off;")]
    [InlineData("hashagg-spill", "SELECT reference, count(*) FROM orders GROUP BY reference", SmallMemory + "SET LOCAL enable_sort = off;")]
    [InlineData("inner-scan-repeated", "SELECT c.id, v.at FROM customers c CROSS JOIN LATERAL (SELECT at FROM visits WHERE visits.customer_id = c.id ORDER BY at DESC LIMIT 1) v WHERE c.id <= 500", "")]
    [InlineData("inner-scan-repeated", "SELECT count(*) FROM customers c JOIN visits v ON v.customer_id = c.region WHERE c.id <= 500", NoHash + "SET LOCAL enable_material = off; SET LOCAL join_collapse_limit = 1; SET LOCAL enable_memoize = off;")]
    [InlineData("join-filter-discard", "SELECT count(*) FROM visits v JOIN offers f ON v.at >= f.begins AND v.at < f.ends", "")]
    [InlineData("index-only-heap-fetches", "SELECT count(id) FROM counters WHERE id BETWEEN 1 AND 60000", "")]
    [InlineData("correlated-subplan", "SELECT c.id, (SELECT max(o.total) FROM orders o WHERE o.customer_id = c.id) FROM customers c WHERE c.id > 1 AND c.id <= 20000", "")]
    [InlineData("correlated-subplan", "SELECT c.id, (SELECT count(*) FROM visits v WHERE v.customer_id = c.id) FROM customers c WHERE c.id <= 1500", "")]
    [InlineData("inner-scan-repeated", "SELECT c.id, (SELECT count(*) FROM visits v WHERE v.customer_id = c.id) FROM customers c WHERE c.id <= 400", "")]
    [InlineData("inner-scan-repeated", "SELECT c.id, (SELECT max(total) FROM orders o WHERE o.total <> c.region) FROM customers c WHERE c.id <= 3", "")]
    [InlineData("inner-scan-repeated", "WITH RECURSIVE walk AS (SELECT 1 AS id UNION SELECT v.customer_id + 1 FROM walk w JOIN visits v ON v.customer_id = w.id WHERE w.id < 300) SELECT count(*) FROM walk", "")]
    [InlineData("seq-scan-selective-filter", "SELECT c.id, (SELECT count(*) FROM orders o WHERE o.reference = c.note) FROM customers c WHERE c.id <= 5", "")]
    [InlineData("seq-scan-selective-filter", "SELECT v.* FROM customers c CROSS JOIN LATERAL (SELECT * FROM orders o WHERE c.name = o.reference LIMIT 1) v WHERE c.id <= 20", "")]
    [InlineData("seq-scan-implicit-cast", "SELECT * FROM orders WHERE id::text = '55'", "")]
    [InlineData("seq-scan-implicit-cast", "SELECT * FROM orders WHERE id::text IN ('55', '56', '57')", "")]
    [InlineData("seq-scan-implicit-cast", "SELECT * FROM orders WHERE id::text = '55'", "SET LOCAL max_parallel_workers_per_gather = 2; SET LOCAL parallel_setup_cost = 0; SET LOCAL min_parallel_table_scan_size = 0;")]
    [InlineData("seq-scan-selective-filter", "SELECT * FROM legacy WHERE code = 'C77'", "")]
    [InlineData("missing-gin-gist", "SELECT * FROM legacy WHERE payload @> '{\"n\": 77}'", "")]
    [InlineData("missing-gin-gist", "SELECT * FROM legacy WHERE tags && ARRAY['t77']", "")]
    [InlineData("missing-gin-gist", "SELECT * FROM legacy WHERE 't77' = ANY (tags)", "")]
    [InlineData("not-in-subplan", "SELECT count(*) FROM customers c WHERE id <= 300 AND region NOT IN (SELECT customer_id FROM orders WHERE customer_id > 100)", "SET LOCAL work_mem = '64kB';")]
    [InlineData("cartesian-product", "SELECT count(*) FROM visits v, offers f", "")]
    [InlineData("join-filter-discard", "SELECT count(*) FROM customers c JOIN orders o ON lower(o.reference) = lower(c.name) WHERE c.id <= 200 AND o.id <= 5000", NoHash)]
    [InlineData("large-offset", "SELECT * FROM orders ORDER BY id OFFSET 150000 LIMIT 20", "")]
    [InlineData("large-offset", "SELECT id, reference FROM orders ORDER BY reference, id OFFSET 150000 LIMIT 20", "SET LOCAL work_mem = '1MB';")]
    [InlineData("correlated-columns-underestimate", "SELECT o.id, p.state FROM orders o JOIN parcels p ON p.order_id = o.id WHERE o.country = 'land 7' AND o.city = 'city 7' AND o.zip = 'zip 7'", "SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off;")]
    [InlineData("row-overestimate", "SELECT o.reference FROM picked_orders() p JOIN orders o ON o.id = p", "")]
    public async Task A_query_with_a_problem_gets_exactly_that_problem(string expected, string sql, string settings)
    {
        var result = await laboratory.ExplainAsync(sql, settings);
        Assert.True(result.Problems.Length == 1 && result.Problems[0].Id == expected, ExplainText.Render(result));
        Assert.Equal(PlanVerdict.Problems, result.Summary.Verdict);
        var problem = result.Problems[0];
        Assert.NotEmpty(problem.Evidence);
        Assert.Contains(problem.Node, result.Plan.Nodes.Select(n => n.Label));
        Assert.Equal(expected, problem.Citation.Document);
    }

    [Theory]
    [InlineData("SELECT * FROM orders WHERE id = 77", "")]
    [InlineData("SELECT * FROM orders WHERE customer_id = 1", "")]
    [InlineData("SELECT status, count(*) FROM orders GROUP BY status", "")]
    [InlineData("SELECT count(*) FROM orders WHERE status = 'done'", "")]
    [InlineData("SELECT * FROM visits WHERE customer_id = 5", "")]
    [InlineData("SELECT c.region, sum(o.total) FROM orders o JOIN customers c ON c.id = o.customer_id GROUP BY c.region", "")]
    [InlineData("SELECT o.* FROM orders o JOIN customers c ON c.id = o.customer_id WHERE c.id = 77", "")]
    [InlineData("SELECT * FROM orders ORDER BY created_at DESC LIMIT 20", "")]
    [InlineData("SELECT * FROM orders WHERE id > 150000 ORDER BY id LIMIT 20", "")]
    [InlineData("SELECT c.id, (SELECT max(total) FROM orders o WHERE o.customer_id = c.id) FROM customers c WHERE c.id BETWEEN 2 AND 300", "")]
    [InlineData("SELECT count(*) FROM orders o CROSS JOIN (VALUES (1), (2)) v", "")]
    [InlineData("SELECT (SELECT count(*) FROM orders), (SELECT max(total) FROM orders)", "")]
    [InlineData("SELECT r.id FROM generate_series(1, 5) g JOIN (SELECT DISTINCT region AS id FROM customers) r ON r.id = g", "")]
    [InlineData("SELECT id, name FROM customers c WHERE EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id)", "")]
    [InlineData("SELECT c.name FROM customers c WHERE c.id NOT IN (SELECT customer_id FROM visits)", "")]
    [InlineData("WITH recent AS MATERIALIZED (SELECT * FROM orders WHERE created_at > '2024-07-25') SELECT a.customer_id, count(*) FROM recent a JOIN recent b USING (customer_id) WHERE a.customer_id > 1 GROUP BY 1", "")]
    [InlineData("SELECT c.id, s.top FROM customers c LEFT JOIN (SELECT customer_id, max(total) AS top FROM orders GROUP BY customer_id) s ON s.customer_id = c.id", "")]
    [InlineData("SELECT o.id, p.state FROM orders o JOIN parcels p ON p.order_id = o.id WHERE o.created_at BETWEEN '2024-02-01' AND '2024-02-02'", "")]
    [InlineData("SELECT count(id) FROM customers WHERE id BETWEEN 1 AND 30000", "")]
    [InlineData("SELECT count(*) FROM orders o JOIN customers c ON c.id = o.customer_id", "SET LOCAL max_parallel_workers_per_gather = 2; SET LOCAL parallel_setup_cost = 0; SET LOCAL min_parallel_table_scan_size = 0;")]
    public async Task A_healthy_query_gets_no_advice(string sql, string settings)
    {
        var result = await laboratory.ExplainAsync(sql, settings);
        Assert.True(result.Problems.IsEmpty, ExplainText.Render(result));
        Assert.Equal(PlanVerdict.Healthy, result.Summary.Verdict);
        Assert.StartsWith("Healthy", ExplainText.Render(result), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SELECT c.region, sum(o.total) FROM orders o JOIN customers c ON c.id = o.customer_id GROUP BY c.region", "")]
    [InlineData("SELECT count(*) FROM orders WHERE total = (SELECT max(total) FROM orders)", "")]
    [InlineData("WITH r AS MATERIALIZED (SELECT * FROM orders WHERE total > 500) SELECT (SELECT count(*) FROM r), (SELECT max(id) FROM r), count(*) FROM r a JOIN customers c ON c.id = a.customer_id", "")]
    [InlineData("SELECT count(*) FROM orders o JOIN customers c ON c.id = o.customer_id", "SET LOCAL max_parallel_workers_per_gather = 2; SET LOCAL parallel_setup_cost = 0; SET LOCAL min_parallel_table_scan_size = 0;")]
    public async Task The_time_of_all_nodes_is_the_time_of_the_root(string sql, string settings)
    {
        var plan = (await laboratory.ExplainAsync(sql, settings)).Plan;
        var whole = plan.Times.Total(plan.Root);
        Assert.InRange(plan.Nodes.Sum(plan.Times.Self), 0.9 * whole, 1.1 * whole);
    }

    [Theory]
    [InlineData(true, PlanVerdict.Problems)]
    [InlineData(false, PlanVerdict.EstimatesOnly)]
    public async Task A_query_is_planned_on_a_target(bool analyze, PlanVerdict verdict)
    {
        await using var target = await ReadOnlyTarget.ConnectAsync("shop", laboratory.ConnectionString);
        var result = await ExplainPlanEngine.RunAsync(new ExplainRequest { Query = "SELECT * FROM public.orders WHERE reference = 'R7919'", Target = target, Analyze = analyze });
        Assert.Equal(verdict, result.Summary.Verdict);
        Assert.Contains("orders", result.Plan.Nodes[^1].Label, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_query_that_writes_is_refused()
    {
        await using var target = await ReadOnlyTarget.ConnectAsync("shop", laboratory.ConnectionString);
        await Assert.ThrowsAsync<TargetRefusedException>(() =>
            ExplainPlanEngine.RunAsync(new ExplainRequest { Query = "DELETE FROM orders", Target = target, Analyze = true }));
    }

    [Fact]
    public async Task A_query_without_a_target_and_an_empty_request_are_refused()
    {
        Assert.Contains("name a target", (await Assert.ThrowsAsync<SkillInputException>(() => ExplainPlanEngine.RunAsync(new ExplainRequest { Query = "SELECT 1" }))).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<SkillInputException>(() => ExplainPlanEngine.RunAsync(new ExplainRequest()));
        await Assert.ThrowsAsync<SkillInputException>(() => ExplainPlanEngine.RunAsync(new ExplainRequest { PlanText = "{}", Query = "SELECT 1" }));
    }

    [Fact]
    public async Task A_plan_that_was_not_run_says_so_and_accuses_nobody()
    {
        var result = await laboratory.ExplainAsync("SELECT * FROM orders WHERE reference = 'R7919'", options: "SETTINGS");
        Assert.Equal(PlanVerdict.EstimatesOnly, result.Summary.Verdict);
        Assert.Empty(result.Problems);
        Assert.Contains("ANALYZE", Assert.Single(result.Summary.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plan_run_without_timing_is_judged_by_its_rows()
    {
        var result = await laboratory.ExplainAsync("SELECT * FROM orders WHERE reference = 'R7919'", options: "ANALYZE, TIMING OFF");
        var problem = Assert.Single(result.Problems);
        Assert.Equal("seq-scan-selective-filter", problem.Id);
        Assert.Contains(problem.Evidence, e => e is Estimated);
        Assert.Null(result.Summary.HotNodes[0].SelfMs);
    }

    [Fact]
    public async Task A_text_that_may_be_a_cast_is_told_from_a_varchar_by_the_estimate()
    {
        var cast = Assert.Single((await laboratory.ExplainAsync("SELECT * FROM orders WHERE id::text = '55'")).Problems);
        Assert.DoesNotContain("CREATE INDEX", cast.Advice, StringComparison.Ordinal);
        Assert.Contains("without ::text", cast.Advice, StringComparison.Ordinal);
        var varchar = Assert.Single((await laboratory.ExplainAsync("SELECT * FROM legacy WHERE code = 'C77'")).Problems);
        Assert.StartsWith("CREATE INDEX CONCURRENTLY ON legacy (code)", varchar.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_that_forbid_the_better_join_are_named_before_an_index()
    {
        var result = await laboratory.ExplainAsync("SELECT count(*) FROM customers c JOIN orders o ON lower(o.reference) = lower(c.name) WHERE c.id <= 200 AND o.id <= 5000", NoHash);
        var problem = Assert.Single(result.Problems);
        Assert.StartsWith("enable_hashjoin and enable_mergejoin are off for this plan", problem.Advice, StringComparison.Ordinal);
        Assert.DoesNotContain("Join on an equality", problem.Advice, StringComparison.Ordinal);
        Assert.Matches(@"ON (customers \(\(lower\(name\)\)\)|orders \(\(lower\(reference\)\)\))", problem.Advice);
        Assert.Contains("enable_hashjoin = off", ExplainText.Render(result), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Batches_that_grew_with_the_rows_as_estimated_are_no_fault_of_the_estimate()
    {
        var result = await laboratory.ExplainAsync("SELECT count(*), max(c.note || o.reference) FROM orders o JOIN customers c ON c.id = o.customer_id", "SET LOCAL work_mem = '64kB'; SET LOCAL hash_mem_multiplier = 1; SET LOCAL enable_mergejoin = off;");
        var problem = Assert.Single(result.Problems);
        Assert.Equal("hash-batches-spill", problem.Id);
        Assert.DoesNotContain("more rows", problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("ANALYZE", problem.Advice, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ANALYZE, COSTS OFF")]
    [InlineData("ANALYZE, COSTS OFF, TIMING OFF")]
    public async Task A_plan_without_costs_is_judged_by_its_rows_and_claims_no_estimates(string options)
    {
        var result = await laboratory.ExplainAsync("SELECT * FROM orders WHERE reference = 'R7919'", options: options);
        Assert.Equal("seq-scan-selective-filter", Assert.Single(result.Problems).Id);
        Assert.Null(result.Summary.Cost);
        var text = ExplainText.Render(result);
        Assert.DoesNotContain("estimate ", text, StringComparison.Ordinal);
        Assert.DoesNotContain('↑', text);
        Assert.Contains("COSTS OFF", text, StringComparison.Ordinal);
        var loop = await laboratory.ExplainAsync("SELECT o.id, p.state FROM orders o JOIN parcels p ON p.order_id = o.id WHERE o.country = 'land 7' AND o.city = 'city 7' AND o.zip = 'zip 7'", NoHash, options);
        Assert.DoesNotContain(loop.Problems, p => p.Id is "correlated-columns-underestimate" or "row-underestimate" or "row-overestimate");
    }

    [Theory]
    [InlineData("SELECT * FROM public.orders WHERE id::text = '55' AND total > 0", "", "seq-scan-implicit-cast", "the index orders_pkey can be used")]
    [InlineData("SELECT * FROM public.orders WHERE city = 'city 7' AND zip = 'zip 9'", "SET LOCAL enable_bitmapscan = off; SET LOCAL enable_indexscan = off;", "seq-scan-selective-filter", "(city, zip)")]
    [InlineData("SELECT * FROM public.orders WHERE id = 77", "SET LOCAL enable_bitmapscan = off; SET LOCAL enable_indexscan = off;", "seq-scan-selective-filter", "The index orders_pkey on (id) is there")]
    [InlineData("SELECT c.id, (SELECT count(*) FROM public.parcels p WHERE p.order_id = c.id) FROM public.customers c WHERE c.id <= 150", "SET LOCAL enable_bitmapscan = off; SET LOCAL enable_indexscan = off; SET LOCAL enable_indexonlyscan = off;", "inner-scan-repeated", "The index parcels_order is there")]
    public async Task An_index_that_the_plans_database_has_is_not_advised(string sql, string settings, string id, string advice)
    {
        var plan = await laboratory.CaptureAsync(sql, settings);
        await using var target = await ReadOnlyTarget.ConnectAsync("shop", laboratory.ConnectionString);
        var result = await ExplainPlanEngine.RunAsync(new ExplainRequest { PlanText = plan, Target = target });
        var problem = result.Problems[0];
        Assert.Equal(id, problem.Id);
        Assert.Contains(advice, problem.Advice, StringComparison.Ordinal);
        Assert.Equal(advice == "(city, zip)", problem.Advice.Contains("CREATE INDEX", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_plan_of_thirty_nodes_with_two_problems_is_told_in_700_tokens()
    {
        const int CharactersPerToken = 4;
        var result = await laboratory.ExplainAsync("""
            WITH found AS (
              SELECT o.customer_id, count(*) AS orders FROM orders o JOIN customers c ON c.id = o.customer_id JOIN parcels p ON p.order_id = o.id LEFT JOIN counters k ON k.id = c.id
              WHERE lower(o.reference) = 'r7919' GROUP BY o.customer_id),
            regions AS (SELECT region, count(*) AS people FROM customers GROUP BY region)
            SELECT f.orders, r.people, v.at, l.code FROM found f JOIN customers c ON c.id = f.customer_id JOIN regions r ON r.region = c.region
              LEFT JOIN LATERAL (SELECT at FROM visits WHERE visits.customer_id = c.id ORDER BY at DESC LIMIT 1) v ON true
              LEFT JOIN legacy l ON l.id = c.id
            UNION ALL
            SELECT o.id, c.region, o.created_at, f.ends::text FROM orders o JOIN customers c ON c.id = o.customer_id JOIN counters k ON k.id = c.id LEFT JOIN offers f ON f.id = k.kind
              WHERE o.reference LIKE '%7919%' ORDER BY 1 DESC LIMIT 50
            """);
        Assert.InRange(result.Plan.Nodes.Length, 27, 40);
        Assert.Equal(2, result.Problems.Length);
        var text = ExplainText.Render(result);
        Assert.True(text.Length <= 700 * CharactersPerToken, text);
    }
}
