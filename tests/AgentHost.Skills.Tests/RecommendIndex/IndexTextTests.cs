using System.Collections.Immutable;
using System.Text.Json;
using AgentHost.Skills.RecommendIndex;
using AgentHost.Skills.RecommendIndex.Drops;
using AgentHost.Skills.RecommendIndex.Rewrites;
using AgentHost.Skills.RecommendIndex.Statistics;

namespace AgentHost.Skills.Tests.RecommendIndex;

public sealed class IndexTextTests
{
    // As long as the answers to the benchmark's workloads are.
    private static IndexResult Busy { get; } = new(
        [.. Enumerable.Range(1, 18).Select(i => new IndexRecommendation(
            $"CREATE INDEX CONCURRENTLY tasks_tenant_id_created_at_{i}_idx ON public.tasks USING btree (tenant_id, created_at_{i}) WHERE deleted_at IS NULL;", "public.tasks", 9e6, 1e5, 9 << 20, ["newest tasks of a tenant"],
            "Seeks by tenant_id, then reads in the order of created_at without a sort. Planner cost of 'next page of tasks' falls from 13,841 to 203 (−99 %); 2 queries use it; keeping it costs the workload's writes about 250.")
        {
            Measured = new MeasuredIndex(3712.4, 12.1, 1.2),
            Citation = new Citation("btree-column-order"),
        })],
        [.. Enumerable.Range(1, 4).Select(i => new IndexDrop($"public.notifications_kind_{i}_idx", "public.notifications", DropCause.Unused,
            "0 scans in at most 18 hours of counters, and none of the workload's 30 statements would read it once the new indexes are built; dropping it frees 2 MB.", 2 << 20, $"DROP INDEX CONCURRENTLY public.notifications_kind_{i}_idx;")
        { Certainty = i > 2 ? DropCertainty.Verify : DropCertainty.Certain })],
        new WorkloadCost(9_044_897, 111_524, 25))
    {
        Rewrites = [.. Enumerable.Range(1, 2).Select(i => new QueryRewrite($"page {i}", RewriteKind.LargeOffset, "Page by the last row's keys (keyset) instead of OFFSET.",
            "OFFSET 10,000 reads and throws away 10,000 rows before each page. Bind $1 = created_at, $2 = id of the page before's last row; the first page has no such condition.")
        { Sql = "SELECT id, title FROM tasks WHERE tenant_id = 17 AND (created_at, id) < ($1, $2) ORDER BY created_at DESC, id DESC LIMIT 50", CostBefore = 13_841, CostAfter = 8.4 })],
        Statistics = [new StatisticsObject("CREATE STATISTICS public.places_city_country_stat (dependencies) ON city, country FROM public.places; ANALYZE public.places;", "public.places", ["city", "country"], "logged 3", 10, 200, "'logged 3' was planned for 10 rows, and 200 came (20 times as many); each column by itself is known right.")],
    };

    [Fact]
    public void A_busy_answer_to_a_workload_of_25_queries_stays_short()
    {
        var text = IndexText.Render(Busy);
        // Some 1,500 tokens: names, figures and signs of SQL take one for less than four characters.
        Assert.InRange(text.Length, 3000, 5600);
        Assert.Contains("… and 8 more recommendations (see JSON)", text, StringComparison.Ordinal);
        Assert.Contains("\n- CREATE STATISTICS public.places_city_country_stat (dependencies) ON city, country FROM public.places; ANALYZE public.places;\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_names_what_kind_of_word_each_is()
    {
        var json = JsonSerializer.Serialize(Busy, JsonSerializerOptions.Web);
        Assert.Contains("\"certainty\":\"verify\"", json, StringComparison.Ordinal);
        Assert.Contains("\"kind\":\"largeOffset\"", json, StringComparison.Ordinal);
        Assert.Contains("\"statistics\":[{\"sql\":\"CREATE STATISTICS", json, StringComparison.Ordinal);
    }
}
