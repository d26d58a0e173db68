using AgentHost.Skills.ExplainPlan;

namespace AgentHost.Skills.Tests.ExplainPlan;

/// <summary>Shapes that the installed server does not print, or not without a large machine: other versions, workers, partitions.</summary>
public class PlanShapeTests
{
    private static async Task<ExplainResult> ExplainAsync(string plan, double ms) =>
        await ExplainPlanEngine.RunAsync(new ExplainRequest { PlanText = $"[{{\"Plan\": {plan}, \"Execution Time\": {ms}}}]" });

    [Fact]
    public async Task A_sort_that_spilled_in_the_workers_only_is_found()
    {
        var result = await ExplainAsync("""
            {"Node Type": "Gather Merge", "Workers Planned": 2, "Workers Launched": 2, "Actual Total Time": 900, "Actual Rows": 900000, "Actual Loops": 1, "Plan Rows": 900000, "Plans": [
              {"Node Type": "Sort", "Parent Relationship": "Outer", "Sort Key": ["t.a"], "Sort Method": "quicksort", "Sort Space Used": 25, "Sort Space Type": "Memory",
               "Actual Total Time": 800, "Actual Rows": 300000, "Actual Loops": 3, "Plan Rows": 300000,
               "Workers": [{"Worker Number": 0, "Sort Method": "external merge", "Sort Space Used": 9000, "Sort Space Type": "Disk"},
                           {"Worker Number": 1, "Sort Method": "external merge", "Sort Space Used": 9100, "Sort Space Type": "Disk"}],
               "Plans": [{"Node Type": "Seq Scan", "Parent Relationship": "Outer", "Parallel Aware": true, "Relation Name": "t", "Alias": "t",
                          "Actual Total Time": 100, "Actual Rows": 300000, "Actual Loops": 3, "Plan Rows": 300000}]}]}
            """, 900);
        var problem = Assert.Single(result.Problems);
        Assert.Equal("sort-spill", problem.Id);
        Assert.Contains(problem.Evidence, e => e is Measured { What: "written to temporary files", Value: 18100, Unit: "kB" });
    }

    [Fact]
    public async Task Partitions_with_the_same_problem_are_one_finding()
    {
        static string Partition(int i) => $$"""
            {"Node Type": "Seq Scan", "Parent Relationship": "Member", "Relation Name": "events_{{i}}", "Alias": "events_{{i}}", "Filter": "(code = 'x'::text)", "Rows Removed by Filter": 90000,
             "Actual Total Time": 30, "Actual Rows": 1, "Actual Loops": 1, "Plan Rows": 1}
            """;
        var result = await ExplainAsync($$"""
            {"Node Type": "Append", "Actual Total Time": 125, "Actual Rows": 4, "Actual Loops": 1, "Plan Rows": 4, "Plans": [{{string.Join(',', Enumerable.Range(1, 4).Select(Partition))}}]}
            """, 125);
        var problem = Assert.Single(result.Problems);
        Assert.Contains("3 other inputs of #1", problem.Message, StringComparison.Ordinal);
        Assert.Equal(0.96, problem.Share, 6);
    }

    [Fact]
    public async Task Fractional_rows_of_version_18_are_counted_over_all_loops()
    {
        var result = await ExplainAsync("""
            {"Node Type": "Nested Loop", "Actual Total Time": 500, "Actual Rows": 1250.00, "Actual Loops": 1, "Plan Rows": 1000, "Join Type": "Inner", "Plans": [
              {"Node Type": "Seq Scan", "Parent Relationship": "Outer", "Relation Name": "c", "Alias": "c", "Actual Total Time": 10, "Actual Rows": 5000.00, "Actual Loops": 1, "Plan Rows": 5000},
              {"Node Type": "Index Scan", "Parent Relationship": "Inner", "Relation Name": "o", "Alias": "o", "Index Name": "o_c", "Index Cond": "(c_id = c.id)", "Filter": "(state = 'late'::text)",
               "Rows Removed by Filter": 40, "Index Searches": 5000, "Actual Total Time": 0.09, "Actual Rows": 0.25, "Actual Loops": 5000, "Plan Rows": 1}]}
            """, 500);
        var problem = Assert.Single(result.Problems);
        Assert.Equal("index-filter-discard", problem.Id);
        Assert.Contains(problem.Evidence, e => e is Measured { What: "rows kept", Value: 1250 });
    }

    [Fact]
    public async Task An_underestimate_is_named_once_where_it_begins_and_the_loop_it_causes_is_not_named_again()
    {
        var result = await ExplainAsync("""
            {"Node Type": "Nested Loop", "Actual Total Time": 9000, "Actual Rows": 8000, "Actual Loops": 1, "Plan Rows": 1, "Join Filter": "(a.id = b.a_id)", "Rows Removed by Join Filter": 79992000, "Plans": [
              {"Node Type": "Nested Loop", "Parent Relationship": "Outer", "Actual Total Time": 50, "Actual Rows": 8000, "Actual Loops": 1, "Plan Rows": 2, "Plans": [
                {"Node Type": "Index Scan", "Parent Relationship": "Outer", "Relation Name": "a", "Alias": "a", "Index Name": "a_x", "Index Cond": "((x = 1) AND (y = 2))",
                 "Actual Total Time": 10, "Actual Rows": 8000, "Actual Loops": 1, "Plan Rows": 2},
                {"Node Type": "Index Scan", "Parent Relationship": "Inner", "Relation Name": "c", "Alias": "c", "Index Name": "c_pkey", "Index Cond": "(id = a.c_id)",
                 "Actual Total Time": 0.004, "Actual Rows": 1, "Actual Loops": 8000, "Plan Rows": 1}]},
              {"Node Type": "Seq Scan", "Parent Relationship": "Inner", "Relation Name": "b", "Alias": "b", "Actual Total Time": 1.0, "Actual Rows": 10000, "Actual Loops": 8000, "Plan Rows": 10000}]}
            """, 9000);
        var problem = Assert.Single(result.Problems);
        Assert.Equal(("correlated-columns-underestimate", "#3 Index Scan using a_x on a"), (problem.Id, problem.Node));
        Assert.Contains("CREATE STATISTICS a_x_y (dependencies, mcv) ON x, y FROM a; ANALYZE a;", problem.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_branch_that_never_ran_is_not_accused()
    {
        var result = await ExplainAsync("""
            {"Node Type": "Hash Join", "Actual Total Time": 20, "Actual Rows": 0, "Actual Loops": 1, "Plan Rows": 5000, "Hash Cond": "(a.id = b.id)", "Plans": [
              {"Node Type": "Seq Scan", "Parent Relationship": "Outer", "Relation Name": "a", "Alias": "a", "Actual Total Time": 19, "Actual Rows": 0, "Actual Loops": 1, "Plan Rows": 5000},
              {"Node Type": "Hash", "Parent Relationship": "Inner", "Actual Total Time": 0, "Actual Rows": 0, "Actual Loops": 0, "Plan Rows": 900000, "Plans": [
                {"Node Type": "Seq Scan", "Parent Relationship": "Outer", "Relation Name": "b", "Alias": "b", "Filter": "(k = 1)", "Rows Removed by Filter": 0,
                 "Actual Total Time": 0, "Actual Rows": 0, "Actual Loops": 0, "Plan Rows": 900000}]}]}
            """, 20);
        Assert.Empty(result.Problems);
    }
}
