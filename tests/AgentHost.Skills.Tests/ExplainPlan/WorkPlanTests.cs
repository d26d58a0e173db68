using AgentHost.Skills.ExplainPlan;

namespace AgentHost.Skills.Tests.ExplainPlan;

public class WorkPlanTests(WorkLaboratory laboratory) : IClassFixture<WorkLaboratory>
{
    private const string NoLoop = "SET LOCAL enable_nestloop = off;";
    private const string NoHash = "SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off;";
    private const string LittleMemory = "SET LOCAL work_mem = '64kB'; SET LOCAL hash_mem_multiplier = 1;";
    private const string Workers = "SET LOCAL max_parallel_workers_per_gather = 2; SET LOCAL parallel_setup_cost = 0; SET LOCAL parallel_tuple_cost = 0; SET LOCAL min_parallel_table_scan_size = 0;";

    [Theory]
    [InlineData("correlated-columns-underestimate", "addresses a", "SELECT p.name FROM addresses a JOIN people p ON p.id = a.person_id WHERE a.country = 'land 7' AND a.city = 'city 7' AND a.zip = 'zip 7'", "")]
    [InlineData("stats-stale", "events e", "SELECT p.name FROM events e JOIN people p ON p.id = e.person_id WHERE e.day = '2026-03-01'", "")]
    [InlineData("default-selectivity", "events e", "SELECT p.name FROM events e JOIN people p ON p.id = e.person_id WHERE lower(e.kind) = 'often'", "")]
    [InlineData("default-selectivity", "Function Scan on chosen c", "SELECT p.name FROM chosen(50000) c JOIN people p ON p.id = c", "")]
    [InlineData("default-selectivity", "HashAggregate", "SELECT count(p.note) FROM (SELECT a.person_id FROM addresses a GROUP BY a.person_id HAVING sum(a.id) > 139990) x JOIN people p ON p.id = x.person_id", "SET LOCAL work_mem = '64MB'; SET LOCAL random_page_cost = 8;")]
    [InlineData("stats-stale", "Seq Scan on events e", "SELECT count(*) FROM events e WHERE e.day >= '2025-01-01'", "DELETE FROM events WHERE id > 5; INSERT INTO events SELECT 200000 + i, '2020-01-01', 1, 'Often' FROM generate_series(1, 60000) i;")]
    [InlineData("nested-loop-misestimate", "Nested Loop", "SELECT p.name FROM tags t JOIN links l ON l.tag_id = t.id JOIN people p ON p.id = l.person_id WHERE t.name = 'tag 1'", "")]
    [InlineData("row-underestimate", "events e", "SELECT p.name FROM events e JOIN people p ON p.id = e.person_id WHERE e.day >= '2025-10-25'", "")]
    [InlineData("temp-spill", "CTE Scan on c", "WITH c AS MATERIALIZED (SELECT *, upper(note) AS loud FROM people) SELECT (SELECT count(*) FROM c), (SELECT max(note) FROM c)", "SET LOCAL work_mem = '1MB';")]
    [InlineData("hash-batches-grew", "Hash", "SELECT count(p.note), max(e.kind) FROM events e JOIN people p ON p.id = e.person_id WHERE e.day = '2026-03-01'", LittleMemory + NoLoop)]
    [InlineData("hash-build-side", "Hash Join", "SELECT count(*) FROM events e JOIN people p ON p.id = e.person_id WHERE e.day = '2026-03-01' AND p.id <= 3000", NoLoop)]
    [InlineData("sort-near-spill", "Sort", "SELECT id, name FROM people ORDER BY name", "SET LOCAL work_mem = '4700kB';")]
    [InlineData("merge-sort-join", "Merge Join", "SELECT count(*) FROM links l JOIN addresses a ON a.person_id = l.person_id", NoLoop + "SET LOCAL enable_hashjoin = off; SET LOCAL work_mem = '64MB';")]
    [InlineData("memoize-thrash", "Memoize", "SELECT count(p.note) FROM addresses a JOIN people p ON p.id = a.person_id", "ALTER TABLE addresses ALTER person_id SET (n_distinct = 100); ANALYZE addresses;" + NoHash + LittleMemory)]
    [InlineData("distinct-after-fanout", "HashAggregate", "SELECT DISTINCT t.id, t.name FROM tags t JOIN links l ON l.tag_id = t.id", "")]
    [InlineData("distinct-after-fanout", "Unique", "SELECT DISTINCT t.id, t.name FROM tags t JOIN links l ON l.tag_id = t.id", "SET LOCAL enable_hashagg = off;")]
    [InlineData("window-top1", "WindowAgg", "SELECT * FROM (SELECT l.*, row_number() OVER (PARTITION BY tag_id ORDER BY person_id DESC) AS rn FROM links l) x WHERE rn = 1", "SET LOCAL work_mem = '64MB';")]
    [InlineData("window-top1", "WindowAgg", "SELECT * FROM (SELECT l.*, rank() OVER (PARTITION BY tag_id ORDER BY person_id DESC) AS r FROM links l) x WHERE r <= 2", "SET LOCAL work_mem = '1MB';")]
    [InlineData("trigger-fk-unindexed", "Delete on owners", "DELETE FROM owners WHERE id <= 40", "")]
    [InlineData("workers-not-launched", "Gather", "SELECT sum(length(note)) FROM people", Workers + "SET LOCAL max_parallel_workers = 0;")]
    public async Task A_query_with_a_problem_gets_exactly_that_problem_at_its_node(string expected, string node, string sql, string before)
    {
        var result = await laboratory.ExplainAsync(sql, before);
        Assert.True(result.Problems.Length == 1 && result.Problems[0].Id == expected, ExplainText.Render(result));
        Assert.Contains(node, result.Problems[0].Node, StringComparison.Ordinal);
        Assert.NotEmpty(result.Problems[0].Evidence);
    }

    [Theory]
    [InlineData("SELECT p.name FROM addresses a JOIN people p ON p.id = a.person_id WHERE a.city = 'city 7' AND a.floor >= 7", "")]
    [InlineData("SELECT count(p.note) FROM (SELECT a.person_id FROM addresses a GROUP BY a.person_id HAVING sum(a.id) > 900000) x JOIN people p ON p.id = x.person_id", "SET LOCAL work_mem = '64MB'; SET LOCAL random_page_cost = 8;")]
    [InlineData("SELECT count(*) FROM addresses a WHERE a.country = 'land 7' AND a.city = 'city 7' AND a.zip = 'zip 7'", "")]
    [InlineData("SELECT count(*) FROM events e WHERE e.day = '2026-03-01'", "")]
    [InlineData("SELECT p.name FROM events e JOIN people p ON p.id = e.person_id WHERE e.day = '2025-03-01'", "")]
    [InlineData("SELECT count(*) FROM events e WHERE lower(e.kind) = 'often'", "")]
    [InlineData("SELECT p.name FROM chosen(900) c JOIN people p ON p.id = c", "")]
    [InlineData("SELECT p.name FROM tags t JOIN links l ON l.tag_id = t.id JOIN people p ON p.id = l.person_id WHERE t.name = 'tag 77'", "")]
    [InlineData("WITH c AS MATERIALIZED (SELECT *, upper(note) AS loud FROM people) SELECT (SELECT count(*) FROM c), (SELECT max(note) FROM c)", "SET LOCAL work_mem = '64MB';")]
    [InlineData("SELECT count(*) FROM people p JOIN chosen(900) c ON p.id = c WHERE p.id <= 5000", NoLoop)]
    [InlineData("SELECT id, name FROM people ORDER BY name", "SET LOCAL work_mem = '64MB';")]
    [InlineData("SELECT count(*) FROM links l JOIN addresses a ON a.person_id = l.person_id", "SET LOCAL work_mem = '64MB';")]
    [InlineData("SELECT count(p.note) FROM addresses a JOIN people p ON p.id = a.floor", NoHash)]
    [InlineData("SELECT t.id, t.name, count(*) FROM tags t JOIN links l ON l.tag_id = t.id GROUP BY t.id", "SET LOCAL work_mem = '64MB';")]
    [InlineData("SELECT t.id, max(l.person_id) FROM tags t JOIN links l ON l.tag_id = t.id GROUP BY t.id", "SET LOCAL work_mem = '64MB';")]
    [InlineData("SELECT t.id, t.name FROM tags t WHERE EXISTS (SELECT FROM links l WHERE l.tag_id = t.id)", "")]
    [InlineData("SELECT * FROM (SELECT p.*, row_number() OVER (PARTITION BY name ORDER BY region) AS rn FROM people p) x WHERE rn = 1", "SET LOCAL work_mem = '64MB';")]
    [InlineData("SELECT * FROM people WHERE id = 77", "")]
    [InlineData("DELETE FROM owners WHERE id <= 40", "CREATE INDEX ON pets (owner_id);")]
    [InlineData("SELECT sum(length(note)) FROM people", Workers)]
    [InlineData("INSERT INTO pets SELECT 100000 + i, 1000 + i % 1000, 'new' FROM generate_series(1, 5000) i", "")]
    public async Task A_healthy_neighbour_gets_nothing(string sql, string before)
    {
        var result = await laboratory.ExplainAsync(sql, before);
        Assert.True(result.Problems.IsEmpty, ExplainText.Render(result));
    }

    [Theory]
    [InlineData("serialization-cost", "SELECT r.at, r.value FROM readings r", "", "ANALYZE, SERIALIZE TEXT")]
    [InlineData("parallel-skew", "SELECT sum(sqrt(value)) FROM readings", Workers + "SET LOCAL parallel_leader_participation = off;", "ANALYZE, VERBOSE")]
    public async Task A_problem_that_an_option_shows_is_found(string expected, string sql, string before, string options)
    {
        var result = await laboratory.ExplainAsync(sql, before, options);
        Assert.True(result.Problems.Length == 1 && result.Problems[0].Id == expected, ExplainText.Render(result));
    }

    [Theory]
    [InlineData("SELECT count(*) FROM readings r", "", "ANALYZE, SERIALIZE TEXT")]
    [InlineData("SELECT sum(length(note)) FROM people", Workers, "ANALYZE, VERBOSE")]
    [InlineData("SELECT id, name FROM people ORDER BY name", "SET LOCAL work_mem = '4700kB';", "ANALYZE, BUFFERS")]
    public async Task An_option_shows_nothing_where_nothing_is(string sql, string before, string options)
    {
        var result = await laboratory.ExplainAsync(sql, before, options);
        Assert.True(result.Problems.IsEmpty, ExplainText.Render(result));
    }

    [Theory]
    [InlineData("jit-overhead", "jit-17.json", true)]
    [InlineData("jit-overhead", "jit-parallel-17.json", true)]
    [InlineData("jit-overhead", "jit-small-part-17.json", false)]
    [InlineData("planning-dominates", "planning-partitions-17.json", true)]
    [InlineData("planning-dominates", "planning-first-statement-17.json", false)]
    public async Task What_surrounds_a_plan_is_a_problem_where_it_is_much_of_the_time(string id, string file, bool expected)
    {
        var plan = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "ExplainPlan", "plans", file));
        var result = await ExplainPlanEngine.RunAsync(new ExplainRequest { PlanText = plan });
        Assert.True(expected == result.Problems.Any(p => p.Id == id), ExplainText.Render(result));
    }

    [Fact]
    public async Task The_statistics_that_are_advised_for_dependent_columns_mend_the_plan()
    {
        const string Query = "SELECT p.name FROM addresses a JOIN people p ON p.id = a.person_id WHERE a.country = 'land 7' AND a.city = 'city 7' AND a.zip = 'zip 7'";
        var advice = Assert.Single((await laboratory.ExplainAsync(Query)).Problems).Advice;
        Assert.StartsWith("CREATE STATISTICS addresses_city_country_zip (dependencies, mcv) ON city, country, zip FROM addresses; ANALYZE addresses;", advice, StringComparison.Ordinal);
        Assert.DoesNotContain((await laboratory.ExplainAsync(Query, advice)).Problems, p => p.Id == "correlated-columns-underestimate");
    }

    [Fact]
    public async Task The_index_of_a_foreign_key_is_told_by_the_constraints_name()
    {
        var problem = Assert.Single((await laboratory.ExplainAsync("DELETE FROM owners WHERE id <= 40")).Problems);
        Assert.StartsWith("CREATE INDEX CONCURRENTLY ON pets (owner_id);", problem.Advice, StringComparison.Ordinal);
    }
}
