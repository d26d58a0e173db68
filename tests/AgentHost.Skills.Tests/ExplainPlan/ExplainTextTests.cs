using AgentHost.Skills.ExplainPlan;

namespace AgentHost.Skills.Tests.ExplainPlan;

public class ExplainTextTests
{
    private static string Node(string type, string relationship, double ms, params string[] children) =>
        $$"""{"Node Type": "{{type}}", "Parent Relationship": "{{relationship}}", "Actual Total Time": {{ms}}, "Actual Rows": 10, "Actual Loops": 1, "Plan Rows": 10, "Plans": [{{string.Join(',', children)}}]}""";

    private static async Task<string> RenderAsync(string plan, int? width = null) =>
        ExplainText.Render(await ExplainPlanEngine.RunAsync(new ExplainRequest { PlanText = $"{{\"Plan\": {plan}, \"Planning Time\": 0.5, \"Execution Time\": 100}}" }), width);

    [Fact]
    public async Task The_verdict_comes_first_and_the_tree_shows_own_time_and_rows()
    {
        var text = await RenderAsync(Node("Sort", "", 100, Node("Result", "Outer", 25)), 80);
        Assert.Equal(
            """
            Healthy · 100 ms execution · 0.50 ms planning · 10 rows

            plan (▌ share of time by the node itself)               self      rows  expected
            #1 Sort                                   ██████     75.0 ms        10         =
            └ #2 Result                               ██         25.0 ms        10         =
            """.ReplaceLineEndings("\n"),
            string.Join('\n', text.Split('\n').Take(5)));
    }

    [Fact]
    public async Task A_plan_that_is_cut_off_is_not_called_healthy()
    {
        var whole = $"[{{\"Plan\": {Node("Sort", "", 100, Node("Result", "Outer", 25))}}}]";
        var cut = await ExplainPlanEngine.RunAsync(new ExplainRequest { PlanText = whole[..^30] });
        Assert.Equal(PlanVerdict.Incomplete, cut.Summary.Verdict);
        Assert.StartsWith("Cut off", ExplainText.Render(cut), StringComparison.Ordinal);
        Assert.Equal(PlanVerdict.Healthy, (await ExplainPlanEngine.RunAsync(new ExplainRequest { PlanText = whole })).Summary.Verdict);
    }

    [Fact]
    public async Task Branches_without_time_are_folded_in_large_plans()
    {
        var idle = Enumerable.Range(0, 14).Select(_ => Node("Result", "Member", 0.02)).ToArray();
        var text = await RenderAsync(Node("Append", "", 100, [Node("Result", "Member", 90), .. idle]));
        Assert.Contains("└ … 14 nodes, 0.28 ms", text, StringComparison.Ordinal);
        Assert.Equal(2, text.Split('\n').Count(l => l.Contains("Result", StringComparison.Ordinal) || l.Contains("Append", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(140)]
    public async Task Nothing_is_wider_than_the_terminal(int width)
    {
        var deep = Node("Result", "Outer", 2);
        for (var i = 3; i < 50; i++)
            deep = Node("Materialize", "Outer", 2 * i, deep);
        Assert.All((await RenderAsync(deep, width)).Split('\n'), line => Assert.True(line.Length <= width, line));
    }

    [Fact]
    public async Task A_plan_of_500_busy_nodes_still_fits_a_context_window()
    {
        var members = Enumerable.Range(0, 500).Select(_ => Node("Result", "Member", 2)).ToArray();
        Assert.True((await RenderAsync(Node("Append", "", 1000, members))).Split('\n').Length < 80);
    }
}
