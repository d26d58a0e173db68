using AgentHost.Knowledge.Memory;
using AgentHost.Skills.RecommendIndex;

namespace AgentHost.Skills.Tests.RecommendIndex;

/// <summary>What decisions do to the recommendations.</summary>
public sealed class RejectedIndexTests(TenantDatabase app) : IClassFixture<TenantDatabase>, IDisposable
{
    private const string Recent = "SELECT id, title FROM tasks WHERE tenant_id = 3 ORDER BY created_at DESC LIMIT 20;";
    private const string Comments = "SELECT body FROM comments WHERE task_id = 4711;";

    private readonly MemoryFolder memory = new();

    public void Dispose() => memory.Dispose();

    [Fact]
    public async Task A_recommendation_is_proposed_as_a_decision_and_carries_its_own_rejection()
    {
        var result = await AdviseAsync(Recent);
        var (index, proposal) = (Assert.Single(result.Recommendations), Assert.Single(result.Proposals!));
        Assert.Equal(("decision", "Index public.tasks (tenant_id, created_at)"), (proposal.Kind, proposal.Title));
        Assert.Equal(["index public.tasks (tenant_id, created_at) = created"], proposal.Chooses!);
        Assert.Matches(@"^public\.tasks \(tenant_id, created_at\); cost [\d.]+ -> [\d.]+; rows 150000; bytes \d+$", index.Rejection);
    }

    [Fact]
    public async Task A_decision_taken_is_not_proposed_again_while_the_index_is_still_missing()
    {
        await memory.Journal.AppendAsync((await AdviseAsync(Recent)).Proposals![0].ToNewEntry());
        var again = await AdviseAsync(Recent);
        Assert.Single(again.Recommendations);
        Assert.Single(again.Precedents);
        Assert.Null(again.Proposals);
    }

    [Fact]
    public async Task A_rejected_index_is_withheld_with_the_decision_and_the_figures()
    {
        var rejection = Assert.Single((await AdviseAsync(Recent + Comments)).Recommendations, r => r.Table == "public.tasks").Rejection;
        var decision = await memory.DecideAsync("Tasks are written too often", "public.tasks", rejects: rejection);
        var result = await AdviseAsync(Recent + Comments);
        Assert.DoesNotContain(result.Recommendations, r => r.Rejection.StartsWith("public.tasks (tenant_id, created_at);", StringComparison.Ordinal));
        Assert.Contains(result.Recommendations, r => r.Table == "public.comments");
        var held = Assert.Single(result.Withheld);
        Assert.Equal(("public.tasks (tenant_id, created_at)", decision.Id), (held.Index, held.RejectedBy));
        Assert.Contains("not enough of a change", held.Why, StringComparison.Ordinal);
        Assert.Contains($"- public.tasks (tenant_id, created_at): {decision.Id} “Tasks are written too often”. Cost", Joined(result), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_weight_for_the_same_query_is_no_change()
    {
        await memory.DecideAsync("No", rejects: (await AdviseAsync(Comments)).Recommendations[0].Rejection);
        Assert.Single((await AdviseAsync("-- weight: 5000\n" + Comments)).Withheld);
    }

    [Fact]
    public async Task A_rejection_without_figures_always_holds_and_says_so()
    {
        await memory.DecideAsync("No", rejects: "comments (task_id)");
        var result = await AdviseAsync(Comments);
        Assert.Empty(result.Recommendations);
        Assert.StartsWith("No index recommended: 1 query priced; the one that would gain enough was rejected by a decision", IndexText.Render(result), StringComparison.Ordinal);
        Assert.Contains("kept no figures to compare with, so it holds whatever changes", Assert.Single(result.Withheld).Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("comments (task_id); cost 4000 -> 8; rows 300000", "gains")]
    [InlineData("comments (task_id); rows 149000; cost 1000000 -> 1", "2.0× the rows: 149,000 then, 300,000 now")]
    public async Task Changed_evidence_brings_it_back_and_says_what_changed(string rejects, string change)
    {
        var decision = await memory.DecideAsync("No", rejects: rejects);
        var result = await AdviseAsync(Comments);
        var index = Assert.Single(result.Recommendations);
        Assert.Contains(change, index.Changed, StringComparison.Ordinal);
        Assert.StartsWith($"{decision.Id} rejected it on ", index.Changed, StringComparison.Ordinal);
        Assert.Contains("Changed: " + decision.Id, IndexText.Render(result), StringComparison.Ordinal);
        var proposal = Assert.Single(result.Proposals!);
        Assert.Contains($"supersedes: [{decision.Id}]", proposal.Text, StringComparison.Ordinal);
        await Assert.ThrowsAsync<MemoryConflictException>(() => memory.Journal.AppendAsync(proposal.ToNewEntry()));
        await memory.Journal.AppendAsync((proposal with { Supersedes = [decision.Id] }).ToNewEntry());
    }

    [Theory]
    [InlineData("comments (created_at)")]
    [InlineData("billing.comments (task_id)")]
    [InlineData("comments (task_id, created_at)")]
    [InlineData("comments using hash (task_id)")]
    public async Task Another_index_is_not_held_back(string rejects)
    {
        await memory.DecideAsync("No", rejects: rejects);
        Assert.Single((await AdviseAsync(Comments)).Recommendations);
    }

    [Fact]
    public async Task A_rejection_superseded_since_holds_nothing_back()
    {
        var decision = await memory.DecideAsync("No", rejects: "comments (task_id)");
        await memory.Journal.AppendAsync(new NewEntry(MemoryKind.Decision, "Yes", "It is needed after all.") { Supersedes = [decision.Id] });
        Assert.Single((await AdviseAsync(Comments)).Recommendations);
    }

    [Fact]
    public async Task The_order_of_columns_compared_for_equality_is_no_way_around_a_rejection()
    {
        const string Both = "SELECT title FROM tasks WHERE tenant_id = 7 AND assignee_id = 33;";
        var index = Assert.Single((await AdviseAsync(Both)).Recommendations);
        var keys = index.Rejection.Contains("(assignee_id, tenant_id)", StringComparison.Ordinal) ? "tenant_id, assignee_id" : "assignee_id, tenant_id";
        await memory.DecideAsync("No", rejects: $"tasks ({keys})");
        var result = await AdviseAsync(Both);
        Assert.Single(result.Withheld);
        Assert.DoesNotContain(result.Recommendations, r => r.Sql.Contains("assignee_id, tenant_id", StringComparison.Ordinal) || r.Sql.Contains("tenant_id, assignee_id", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_line_about_a_table_of_the_workload_that_cannot_be_read_is_told()
    {
        var decision = await memory.DecideAsync("No", rejects: "comments by task");
        await memory.DecideAsync("No documents", rejects: "MongoDB (too new)");
        var result = await AdviseAsync(Comments);
        Assert.Single(result.Recommendations);
        Assert.StartsWith($"{decision.Id} rejects 'comments by task', which cannot be read as an index", result.Notice, StringComparison.Ordinal);
        Assert.DoesNotContain("MongoDB", result.Notice, StringComparison.Ordinal);
    }

    private static string Joined(IndexResult result) => string.Join(' ', IndexText.Render(result).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private Task<IndexResult> AdviseAsync(string queries) =>
        RecommendIndexEngine.RunAsync(new IndexRequest { Target = app.Target, QueriesText = queries, Memory = memory.Journal });
}
