using AgentHost.Skills.ExplainPlan;

namespace AgentHost.Skills.Tests.ExplainPlan;

/// <summary>Two plans of one query, captured from a real server: what changed is named where it changed.</summary>
public class ComparisonTests(PlanLaboratory laboratory) : IClassFixture<PlanLaboratory>
{
    private const string Reference = "SELECT * FROM orders WHERE reference = 'R7919'";
    private const string Joined = "SELECT count(*), max(c.note) FROM orders o JOIN customers c ON c.id = o.customer_id";

    [Fact]
    public async Task An_index_in_place_of_a_scan_is_the_change_and_its_problem_is_gone()
    {
        var comparison = await CompareAsync(Reference, "", Reference, "CREATE INDEX ON orders (reference);");
        Assert.Equal(PlanTrend.Faster, comparison.Verdict);
        Assert.False(comparison.IsSameShape);
        var change = comparison.Changes[0];
        Assert.StartsWith("Seq Scan on orders became Index Scan using orders_reference_idx on orders", change.What, StringComparison.Ordinal);
        Assert.True(change.Milliseconds < 0);
        Assert.Contains("seq-scan-selective-filter at", Assert.Single(comparison.Gone), StringComparison.Ordinal);
        Assert.Empty(comparison.Appeared);
    }

    [Fact]
    public async Task The_way_back_is_slower_and_the_problem_new()
    {
        var result = await ResultAsync(Reference, "CREATE INDEX ON orders (reference);", Reference, "");
        var comparison = result.Comparison!;
        Assert.Equal(PlanTrend.Slower, comparison.Verdict);
        Assert.Equal("seq-scan-selective-filter", Assert.Single(comparison.Appeared).Split(' ')[0]);
        Assert.Contains("The whole table is read where an index led to the rows", ExplainText.Render(result).ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_join_method_and_the_setting_behind_it_are_told()
    {
        var comparison = await CompareAsync(Joined, "SET LOCAL enable_nestloop = off; SET LOCAL enable_mergejoin = off;", Joined, "SET LOCAL enable_nestloop = off; SET LOCAL enable_hashjoin = off;");
        Assert.Contains(comparison.Changes, c => c.What.StartsWith("enable_hashjoin was its default and is off", StringComparison.Ordinal));
        Assert.Contains(comparison.Changes, c => c.What.StartsWith("Hash Join became Merge Join", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_join_in_temporary_files_is_told()
    {
        const string Off = "SET LOCAL enable_mergejoin = off; SET LOCAL enable_nestloop = off;";
        var comparison = await CompareAsync(Joined, Off + "SET LOCAL work_mem = '64MB';", Joined, Off + "SET LOCAL work_mem = '256kB'; SET LOCAL hash_mem_multiplier = 1;");
        Assert.Contains(comparison.Changes, c => c.What.Contains("now writes temporary files", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Other_constants_of_another_selectivity_are_told_by_their_rows()
    {
        var comparison = await CompareAsync("SELECT * FROM orders WHERE customer_id = 17", "", "SELECT * FROM orders WHERE customer_id = 1", "");
        Assert.Contains(comparison.Changes, c => c.What.Contains("gave", StringComparison.Ordinal) && c.What.Contains("more", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_plan_compared_with_itself_has_no_changes()
    {
        var plan = await laboratory.CaptureAsync(Joined);
        var comparison = (await ExplainPlanEngine.RunAsync(new ExplainRequest { PlanText = plan, Before = plan })).Comparison!;
        Assert.Equal(PlanTrend.Same, comparison.Verdict);
        Assert.True(comparison.IsSameShape);
        Assert.Empty(comparison.Changes);
    }

    [Fact]
    public async Task Of_two_plans_the_broken_one_is_named()
    {
        var refused = await Assert.ThrowsAsync<SkillInputException>(async () => await ExplainPlanEngine.RunAsync(new ExplainRequest { PlanText = await laboratory.CaptureAsync(Reference), Before = "no plan" }));
        Assert.StartsWith("The earlier plan: ", refused.Message, StringComparison.Ordinal);
    }

    private async Task<PlanComparison> CompareAsync(string first, string before, string second, string after) =>
        (await ResultAsync(first, before, second, after)).Comparison!;

    private async Task<ExplainResult> ResultAsync(string first, string before, string second, string after) =>
        await ExplainPlanEngine.RunAsync(new ExplainRequest { PlanText = await laboratory.CaptureAsync(second, after), Before = await laboratory.CaptureAsync(first, before) });
}
