using AgentHost.Knowledge.Memory;
using AgentHost.Skills.ExplainPlan;

namespace AgentHost.Skills.Tests.ExplainPlan;

/// <summary>What an explained plan proposes to remember, and what it remembers.</summary>
public sealed class PlanMemoryTests(PlanLaboratory laboratory) : IClassFixture<PlanLaboratory>, IDisposable
{
    private const string Slow = "SELECT * FROM orders WHERE reference = 'R7919'";

    private readonly MemoryFolder memory = new();

    public void Dispose() => memory.Dispose();

    [Fact]
    public async Task The_root_cause_is_proposed_as_an_issue_with_its_figures_and_without_the_querys_literals()
    {
        var proposal = Assert.Single((await ExplainAsync(Slow)).Proposals!);
        Assert.Equal("issue", proposal.Kind);
        Assert.StartsWith("seq-scan-selective-filter on public.orders (reference): ", proposal.Title, StringComparison.Ordinal);
        Assert.Contains("rows removed by filter 299,9", proposal.Text, StringComparison.Ordinal);
        Assert.Contains("CREATE INDEX CONCURRENTLY ON orders (reference)", proposal.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("R7919", proposal.Title + proposal.Text, StringComparison.Ordinal);
        Assert.Equal(["public.orders"], proposal.Scope!);
    }

    [Fact]
    public async Task What_was_kept_is_a_precedent_from_then_on_and_is_not_proposed_again()
    {
        var kept = await memory.Journal.AppendAsync((await ExplainAsync(Slow)).Proposals![0].ToNewEntry("Ada"));
        var again = await ExplainAsync(Slow);
        Assert.Equal(kept.Id, Assert.Single(again.Precedents).Id);
        Assert.Null(again.Proposals);
        Assert.Contains($"known issue: {kept.Id} seq-scan-selective-filter", ExplainText.Render(again), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_kind_of_cause_on_other_columns_is_still_proposed()
    {
        await memory.Journal.AppendAsync((await ExplainAsync(Slow)).Proposals![0].ToNewEntry("Ada"));
        Assert.Contains("(status, total)", Assert.Single((await ExplainAsync("SELECT * FROM orders WHERE total >= 999 AND status = 'done'")).Proposals!).Title, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_settled_issue_that_comes_back_is_proposed_anew()
    {
        var kept = await memory.Journal.AppendAsync((await ExplainAsync(Slow)).Proposals![0].ToNewEntry("Ada"));
        await memory.Journal.AppendAsync(new NewEntry(MemoryKind.Learning, "The index is there", "Built.") { Resolves = [kept.Id] });
        Assert.Single((await ExplainAsync(Slow)).Proposals!);
    }

    [Theory]
    [InlineData("SELECT * FROM orders WHERE id = 7")]
    [InlineData("SELECT count(*) FROM visits")]
    public async Task A_healthy_or_quick_plan_proposes_nothing(string sql) => Assert.Null((await ExplainAsync(sql)).Proposals);

    [Fact]
    public async Task Without_a_memory_nothing_is_proposed() => Assert.Null((await laboratory.ExplainAsync(Slow)).Proposals);

    [Fact]
    public async Task Places_that_cannot_be_read_are_told()
    {
        memory.Write("decisions.md", "# Decisions\n\n## no id here\n\ntext\n");
        var result = await ExplainAsync(Slow);
        Assert.StartsWith("decisions.md:3: ", Assert.Single(result.MemoryProblems!), StringComparison.Ordinal);
        Assert.Contains("memory not read: decisions.md:3:", ExplainText.Render(result), StringComparison.Ordinal);
    }

    private async Task<ExplainResult> ExplainAsync(string sql) =>
        await ExplainPlanEngine.RunAsync(new ExplainRequest { PlanText = await laboratory.CaptureAsync(sql), Memory = memory.Journal });
}
