using System.Collections.Immutable;
using System.Text.Json;
using AgentHost.Skills.ExplainPlan;

namespace AgentHost.Skills.Tests.ExplainPlan;

/// <summary>The same real plans in every format give the same nodes and figures.</summary>
public class RealFormatsTests(FormatLaboratory laboratory) : IClassFixture<FormatLaboratory>
{
    private const string Nested = "SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off;";
    private const string Merged = "SET LOCAL enable_hashjoin = off; SET LOCAL enable_nestloop = off;";
    private const string Bitmaps = "SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off; SET LOCAL enable_indexonlyscan = off;";
    private const string Workers = "SET LOCAL max_parallel_workers_per_gather = 2; SET LOCAL parallel_setup_cost = 0; SET LOCAL parallel_tuple_cost = 0; SET LOCAL min_parallel_table_scan_size = 0; SET LOCAL min_parallel_index_scan_size = 0;";

    public static TheoryData<string, string> Queries => new()
    {
        { "", "SELECT * FROM orders WHERE total > 500 AND status <> 's1'" },
        { "", "SELECT * FROM orders o WHERE id = 5" },
        { "", "SELECT id FROM orders ORDER BY id DESC LIMIT 5" },
        { Bitmaps, "SELECT * FROM orders WHERE customer_id IN (1, 2, 3) AND total > 3" },
        { Bitmaps, "SELECT * FROM orders WHERE customer_id = 1 OR created = '2024-02-02'" },
        { Bitmaps, "SELECT * FROM orders WHERE customer_id < 50 AND created < '2024-01-20'" },
        { Bitmaps + "SET LOCAL work_mem = '64kB';", "SELECT * FROM orders WHERE created < '2025-01-01'" },
        { "", "SELECT c.name, o.total FROM customers c LEFT JOIN orders o ON o.customer_id = c.id AND o.total > c.region WHERE c.region = 3" },
        { "", "SELECT * FROM customers c WHERE EXISTS (SELECT FROM orders o WHERE o.customer_id = c.id AND o.total > 990)" },
        { "", "SELECT * FROM customers c WHERE NOT EXISTS (SELECT FROM orders o WHERE o.customer_id = c.id AND o.total > 990)" },
        { "", "SELECT * FROM customers c FULL JOIN orders o ON o.id = c.id" },
        { "SET LOCAL work_mem = '64kB';", "SELECT * FROM customers c JOIN orders o ON o.customer_id = c.id" },
        { Merged, "SELECT * FROM customers c JOIN orders o ON o.customer_id = c.id WHERE c.region = 2" },
        { Nested + "SET LOCAL enable_material = off;", "SELECT count(*) FROM customers a JOIN customers b ON a.region > b.id AND a.id < 200" },
        { Nested, "SELECT * FROM (SELECT * FROM orders LIMIT 500) o JOIN customers c ON c.id = o.customer_id % 10" },
        { "SET LOCAL work_mem = '64kB';", "SELECT * FROM orders ORDER BY status, total DESC NULLS LAST, lower(status || ', ' || total)" },
        { "", "SELECT * FROM orders ORDER BY total LIMIT 10 OFFSET 20" },
        { "SET LOCAL enable_sort = off; SET LOCAL enable_seqscan = off;", "SELECT * FROM orders ORDER BY created, total LIMIT 700" },
        { "", "SELECT status, count(*), sum(total) FROM orders GROUP BY status HAVING count(*) > 5" },
        { "SET LOCAL enable_hashagg = off;", "SELECT status, customer_id, count(*) FROM orders GROUP BY status, customer_id" },
        { "SET LOCAL work_mem = '64kB';", "SELECT id, total, count(*) FROM orders GROUP BY id, total" },
        { "", "SELECT status, customer_id, count(*) FROM orders GROUP BY CUBE (status, customer_id)" },
        { "SET LOCAL enable_hashagg = off;", "SELECT status, created, count(*) FROM orders GROUP BY GROUPING SETS ((status, created), (created), ())" },
        { "", "SELECT * FROM (SELECT o.*, row_number() OVER (PARTITION BY customer_id ORDER BY total DESC) rn FROM orders o) x WHERE rn <= 2 AND total > 5" },
        { "", "SELECT DISTINCT ON (customer_id) customer_id, total FROM orders ORDER BY customer_id, total" },
        { "", "SELECT id FROM orders EXCEPT SELECT id FROM customers" },
        { "SET LOCAL enable_hashagg = off;", "SELECT region FROM customers INTERSECT ALL SELECT id FROM customers" },
        { "", "SELECT id FROM orders WHERE id < 50 UNION SELECT id FROM customers" },
        { "", "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 100) SELECT sum(n) FROM t" },
        { "", "WITH big AS MATERIALIZED (SELECT * FROM orders WHERE total > 900) SELECT count(*) FROM big a JOIN big b ON a.id = b.customer_id" },
        { "", "SELECT * FROM (VALUES (1, 'a'), (2, 'b, c')) v(x, y) WHERE x > 1" },
        { "", "SELECT * FROM generate_series(1, 100) g WHERE g % 2 = 0" },
        { "", "SELECT s FROM some_rows(20) s ORDER BY s DESC" },
        { "", "SELECT * FROM orders WHERE total > (SELECT avg(total) FROM orders) AND id < 100" },
        { "", "SELECT c.name, (SELECT max(o.total) FROM orders o WHERE o.customer_id = c.id) FROM customers c WHERE id < 20" },
        { "", "SELECT * FROM customers WHERE id NOT IN (SELECT customer_id FROM orders WHERE total > 5)" },
        { "", "SELECT * FROM events WHERE id > 150" },
        { "", "SELECT * FROM events WHERE id = (SELECT 250)" },
        { "SET LOCAL enable_sort = off; SET LOCAL enable_seqscan = off;", "SELECT * FROM events ORDER BY id LIMIT 7" },
        { Workers, "SELECT status, count(*) FROM orders WHERE total > 3 GROUP BY status" },
        { Workers, "SELECT count(*) FROM orders o JOIN customers c ON c.id = o.customer_id" },
        { Workers + "SET LOCAL work_mem = '64kB';", "SELECT * FROM orders ORDER BY total" },
        { "", "INSERT INTO orders SELECT i + 100000, 1 + i % 10, 'new', 1, '2024-01-01' FROM generate_series(1, 50) i" },
        { "SET LOCAL enable_bitmapscan = off;", "UPDATE orders SET total = total + 1 WHERE customer_id = 5" },
        { "", "DELETE FROM events WHERE id < 150" },
        { "", "INSERT INTO customers VALUES (1, 'x', 1), (100001, 'y', 1) ON CONFLICT (id) DO UPDATE SET name = excluded.name WHERE customers.region > 0" },
        { "", "MERGE INTO customers c USING (SELECT i FROM generate_series(990, 1010) i) s ON c.id = s.i WHEN MATCHED THEN UPDATE SET region = 0 WHEN NOT MATCHED THEN INSERT VALUES (s.i, 'z', 0)" },
        { "", "WITH gone AS (DELETE FROM events WHERE id = 7 RETURNING *) INSERT INTO events SELECT id + 100, note FROM gone" },
        { "", "SELECT * FROM customers WHERE current_user = 'nobody ''at'' all' AND id = 3" },
        { "", "SELECT 1 WHERE false" },
        { "", "SELECT * FROM orders TABLESAMPLE bernoulli (10) REPEATABLE (1)" },
        { "", "SELECT * FROM orders WHERE ctid = '(0,1)'" },
        { "", "SELECT * FROM orders WHERE ctid < '(1,0)'" },
        { "", "SELECT * FROM customers WHERE id < 5 FOR UPDATE" },
        { "", "SELECT generate_series(1, 3), id FROM customers WHERE id < 5" },
        { "", "SELECT * FROM json_table('[1,2]', '$[*]' COLUMNS (x int PATH '$')) j" },
        { "", "SELECT * FROM customers c CROSS JOIN LATERAL (SELECT * FROM orders o WHERE o.customer_id = c.id ORDER BY total DESC LIMIT 2) top WHERE c.id < 9" },
        { "", "SELECT * FROM \"Odd \"\"Name\"\"\" \"The Alias\" WHERE \"Column, (x\" <> E'it''s\nFilter: (a, \"b\"' ORDER BY \"Column, (x\", id" },
        { "SET LOCAL jit = on; SET LOCAL jit_above_cost = 0;", "SELECT sum(total + id) FROM orders" },
    };

    [Theory]
    [MemberData(nameof(Queries))]
    public async Task Every_format_gives_the_same_plan(string settings, string sql)
    {
        var parallel = settings.StartsWith(Workers, StringComparison.Ordinal);
        foreach (var options in (string[])["", "COSTS OFF", "VERBOSE, SETTINGS", "ANALYZE, TIMING OFF", "ANALYZE, BUFFERS, VERBOSE, SETTINGS, WAL", "ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF", "ANALYZE, BUFFERS, MEMORY, SERIALIZE"])
        {
            var json = PlanReader.Read(await laboratory.CaptureAsync(sql, settings, options, "JSON"));
            Assert.Empty(json.Notes);
            foreach (var format in (string[])["XML", "YAML", "TEXT"])
            {
                var text = await laboratory.CaptureAsync(sql, settings, options, format);
                var plan = PlanReader.Read(text);
                Assert.True(plan.Notes.IsEmpty, $"{options} {format}: {string.Join(' ', plan.Notes)}\n{text}");
                var expected = json.Nodes.Select(n => Told(n, format, parallel)).ToList();
                var told = plan.Nodes.Select(n => Told(n, format, parallel)).ToList();
                for (var i = 0; i < Math.Max(expected.Count, told.Count); i++)
                    Assert.True(expected.ElementAtOrDefault(i) == told.ElementAtOrDefault(i), $"{options} {format} differs at #{i + 1}:\n{expected.ElementAtOrDefault(i)}\n{told.ElementAtOrDefault(i)}\n{text}");
                Assert.Equal(Told(json, format), Told(plan, format));
            }
        }
    }

    /// <summary>All of a node but what differs from run to run: times, places of blocks, the share of each worker.</summary>
    internal static string Told(PlanNode node, string format, bool parallel)
    {
        var same = node with
        {
            Children = [],
            Buffers = node.Buffers is null ? null : new PlanBuffers(0, 0, 0, 0, 0, 0),
            StartupMs = node.StartupMs is null ? null : 0,
            ActualMs = node.ActualMs is null ? null : 0,
            // Text names neither strategy of what is no aggregate nor flags that are off; order is each format's own.
            Expressions = format == "TEXT" ? [] : [.. node.Expressions.Order(StringComparer.Ordinal)],
            HeapFetches = 0,
        };
        if (parallel)
        {
            same = same with
            {
                Expressions = [], Workers = [], SortMethod = null, SortMemoryKb = 0, SortDiskKb = 0, PeakMemoryKb = 0, ActualRows = node.ActualRows is null ? null : 0, Loops = node.Loops is null ? null : 0,
                RemovedByFilter = 0, WorkersLaunched = 0, AggregateBatches = 0, DiskUsageKb = 0,
            };
        }
        return JsonSerializer.Serialize(same);
    }

    private static string Told(QueryPlan plan, string format) => JsonSerializer.Serialize(new
    {
        plan.Settings,
        plan.QueryId,
        Planned = plan.PlanningMs is not null,
        Executed = plan.ExecutionMs is not null,
        Serialized = plan.SerializationMs is not null,
        plan.SerializationKb,
        Memory = plan.PlanningMemoryKb is not null,
        plan.JitFunctions,
        // Without VERBOSE text gives either the trigger's or the constraint's name.
        Triggers = plan.Triggers.Select(t => (t.Calls, Name: format == "TEXT" ? null : t.Name, t.Constraint)).Select(t => $"{t.Calls} {t.Name} {t.Constraint}").ToImmutableArray(),
    });
}
