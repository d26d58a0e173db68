using AgentHost.Postgres;
using AgentHost.Postgres.Catalog;
using AgentHost.Skills.ExplainPlan;

namespace AgentHost.Skills.Tests.ExplainPlan;

/// <summary>Where the database is known, a remedy is priced on its twin before it is told.</summary>
public class RemedyTests(PlanLaboratory laboratory) : IClassFixture<PlanLaboratory>
{
    [Fact]
    public async Task An_index_that_helps_is_told_with_its_cost()
    {
        var problem = Assert.Single((await ExplainAsync("SELECT * FROM orders WHERE reference = 'R7919'")).Problems);
        Assert.True(problem.Remedy is { Helps: true }, problem.Remedy?.Message);
        Assert.Contains("ON public.orders USING btree (reference)", problem.Remedy!.Sql, StringComparison.Ordinal);
        Assert.True(problem.Remedy.CostAfter < problem.Remedy.CostBefore / 10);
    }

    [Fact]
    public async Task A_rewrite_that_helps_is_told_with_its_text()
    {
        var problem = Assert.Single((await ExplainAsync("SELECT * FROM orders WHERE id::text = '55'")).Problems);
        Assert.Equal("seq-scan-implicit-cast", problem.Id);
        Assert.True(problem.Remedy is { Helps: true }, problem.Remedy?.Message);
        Assert.Contains("id = 55", problem.Remedy!.Sql, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_query_the_answer_says_what_would_have_been_priced()
    {
        await using var target = await ReadOnlyTarget.ConnectAsync("lab", laboratory.ConnectionString);
        var result = await ExplainPlanEngine.RunAsync(new ExplainRequest { PlanText = await laboratory.CaptureAsync("SELECT * FROM orders WHERE reference = 'R7919'"), Target = target });
        Assert.Null(Assert.Single(result.Problems).Remedy);
        Assert.Contains(result.Summary.Notes, note => note.Contains("With the query's text", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_keeps_a_remedy_from_being_priced_is_said_and_the_plan_is_explained_all_the_same()
    {
        const string Sql = "SELECT * FROM orders WHERE reference = 'R7919'";
        await using var target = await ReadOnlyTarget.ConnectAsync("lab", laboratory.ConnectionString);
        var broken = await CatalogReader.ReadAsync(target, statistics: true) with { Ddl = "CREATE TABLE orders (" };
        var result = await ExplainPlanEngine.RunAsync(new ExplainRequest { PlanText = await laboratory.CaptureAsync(Sql), Query = Sql, Snapshot = broken });
        Assert.Null(Assert.Single(result.Problems).Remedy);
        Assert.Contains(result.Summary.Notes, note => note.StartsWith("No remedy was priced", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_query_is_planned_on_a_twin_and_cannot_be_measured_there()
    {
        await using var target = await ReadOnlyTarget.ConnectAsync("lab", laboratory.ConnectionString);
        var snapshot = await CatalogReader.ReadAsync(target, statistics: true);
        var result = await ExplainPlanEngine.RunAsync(new ExplainRequest { Query = "SELECT * FROM orders WHERE id = $1", Snapshot = snapshot });
        Assert.Equal(PlanVerdict.EstimatesOnly, result.Summary.Verdict);
        Assert.Equal("orders_pkey", result.Plan.Root.Index);
        await Assert.ThrowsAsync<SkillInputException>(() => ExplainPlanEngine.RunAsync(new ExplainRequest { Query = "SELECT 1", Snapshot = snapshot, Analyze = true }));
        await Assert.ThrowsAsync<SkillInputException>(() => ExplainPlanEngine.RunAsync(new ExplainRequest { Query = "SELECT 1; SELECT 2", Snapshot = snapshot }));
        await Assert.ThrowsAsync<SkillInputException>(() => ExplainPlanEngine.RunAsync(new ExplainRequest { Query = "SELECT * FROM nowhere", Snapshot = snapshot }));
    }

    private async Task<ExplainResult> ExplainAsync(string sql)
    {
        await using var target = await ReadOnlyTarget.ConnectAsync("lab", laboratory.ConnectionString);
        var plan = await laboratory.CaptureAsync(sql);
        return await ExplainPlanEngine.RunAsync(new ExplainRequest { PlanText = plan, Query = sql, Target = target });
    }
}
