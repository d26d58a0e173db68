using AgentHost.Skills.ExplainPlan;

namespace AgentHost.Skills.Tests.ExplainPlan;

public class PlanTimesTests
{
    [Fact]
    public void The_time_of_parallel_nodes_is_divided_by_the_processes_that_took_part()
    {
        var plan = PlanReader.Read("""
            {"Plan": {"Node Type": "Gather", "Workers Planned": 4, "Workers Launched": 2, "Actual Total Time": 110, "Actual Rows": 300, "Actual Loops": 1, "Plans": [
              {"Node Type": "Nested Loop", "Parent Relationship": "Outer", "Actual Total Time": 100, "Actual Rows": 100, "Actual Loops": 3, "Plans": [
                {"Node Type": "Seq Scan", "Parent Relationship": "Outer", "Parallel Aware": true, "Actual Total Time": 40, "Actual Rows": 100, "Actual Loops": 3},
                {"Node Type": "Index Scan", "Parent Relationship": "Inner", "Actual Total Time": 0.5, "Actual Rows": 1, "Actual Loops": 300}]}]}}
            """);
        Assert.Equal([10, 10, 40, 50], plan.Nodes.Select(plan.Times.Self));
        Assert.Equal(3, plan.Times.Processes(plan[4]));
    }

    [Fact]
    public void A_leader_that_stays_out_is_not_counted()
    {
        var plan = PlanReader.Read("""
            {"Plan": {"Node Type": "Gather", "Workers Planned": 2, "Workers Launched": 2, "Actual Total Time": 60, "Actual Rows": 300, "Actual Loops": 1, "Plans": [
              {"Node Type": "Seq Scan", "Parent Relationship": "Outer", "Parallel Aware": true, "Actual Total Time": 50, "Actual Rows": 150, "Actual Loops": 2}]}}
            """);
        Assert.Equal([10, 50], plan.Nodes.Select(plan.Times.Self));
    }

    [Fact]
    public void A_cte_is_taken_off_the_scans_that_read_it_and_counted_once()
    {
        var plan = PlanReader.Read("""
            {"Plan": {"Node Type": "Hash Join", "Actual Total Time": 100, "Actual Rows": 1, "Actual Loops": 1, "Plans": [
              {"Node Type": "Seq Scan", "Parent Relationship": "InitPlan", "Subplan Name": "CTE recent", "Relation Name": "t", "Actual Total Time": 60, "Actual Rows": 10, "Actual Loops": 1},
              {"Node Type": "CTE Scan", "Parent Relationship": "Outer", "CTE Name": "recent", "Alias": "a", "Actual Total Time": 70, "Actual Rows": 10, "Actual Loops": 1},
              {"Node Type": "Hash", "Parent Relationship": "Inner", "Actual Total Time": 20, "Actual Rows": 10, "Actual Loops": 1, "Plans": [
                {"Node Type": "CTE Scan", "Parent Relationship": "Outer", "CTE Name": "recent", "Alias": "b", "Actual Total Time": 10, "Actual Rows": 10, "Actual Loops": 1}]}]}}
            """);
        Assert.Equal(10, plan.Times.Self(plan[1]), 6);
        Assert.Equal(60, plan.Times.Self(plan[2]), 6);
        Assert.Equal(100, plan.Nodes.Sum(plan.Times.Self), 6);
    }

    [Theory]
    [InlineData("InitPlan 1 (returns $0)", "(t.a = $0)")]
    [InlineData("InitPlan 1", "(t.a = (InitPlan 1).col1)")]
    public void An_init_plan_is_taken_off_the_node_whose_condition_reads_it(string name, string filter)
    {
        var plan = PlanReader.Read($$$"""
            {"Plan": {"Node Type": "Limit", "Actual Total Time": 100, "Actual Rows": 1, "Actual Loops": 1, "Plans": [
              {"Node Type": "Aggregate", "Parent Relationship": "InitPlan", "Subplan Name": "{{{name}}}", "Actual Total Time": 80, "Actual Rows": 1, "Actual Loops": 1},
              {"Node Type": "Seq Scan", "Parent Relationship": "Outer", "Relation Name": "t", "Filter": "{{{filter}}}", "Actual Total Time": 95, "Actual Rows": 1, "Actual Loops": 1}]}}
            """);
        Assert.Equal([5, 80, 15], plan.Nodes.Select(n => Math.Round(plan.Times.Self(n), 6)));
    }

    [Fact]
    public void A_node_that_never_ran_takes_nothing()
    {
        var plan = PlanReader.Read("""
            {"Plan": {"Node Type": "Append", "Actual Total Time": 10, "Actual Rows": 1, "Actual Loops": 1, "Plans": [
              {"Node Type": "Seq Scan", "Parent Relationship": "Member", "Actual Total Time": 0, "Actual Rows": 0, "Actual Loops": 0}]}}
            """);
        Assert.False(plan[2].Executed);
        Assert.Equal([10, 0], plan.Nodes.Select(plan.Times.Self));
    }

    [Fact]
    public void Fractional_rows_are_kept_and_multiplied_by_loops()
    {
        var plan = PlanReader.Read("""{"Plan": {"Node Type": "Index Scan", "Actual Total Time": 0.01, "Actual Rows": 0.25, "Actual Loops": 4000}}""");
        Assert.Equal(1000, plan.Root.TotalRows);
    }

    [Fact]
    public void Without_timing_shares_are_of_the_estimated_cost()
    {
        var plan = PlanReader.Read("""
            {"Plan": {"Node Type": "Limit", "Total Cost": 100, "Actual Rows": 1, "Actual Loops": 1, "Plans": [
              {"Node Type": "Seq Scan", "Parent Relationship": "Outer", "Total Cost": 90, "Actual Rows": 1, "Actual Loops": 1}]}}
            """);
        Assert.False(plan.Timed);
        Assert.Equal(0.9, plan.SelfShare(plan[2]), 6);
    }
}
