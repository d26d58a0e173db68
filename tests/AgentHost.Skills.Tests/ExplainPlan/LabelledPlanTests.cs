using AgentHost.Bench.Explain;
using AgentHost.Skills.ExplainPlan;

namespace AgentHost.Skills.Tests.ExplainPlan;

/// <summary>Every plan of bench/explain/plans gets what its label says.</summary>
public class LabelledPlanTests
{
    private static readonly Lazy<Dictionary<string, LabelledPlan>> Plans =
        new(() => LabelledPlan.Load(Path.Combine(AppContext.BaseDirectory, "plans")).ToDictionary(p => p.Name, StringComparer.Ordinal));

    public static TheoryData<string> Names => [.. Plans.Value.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_plan_of_a_real_server_is_explained_as_its_label_says(string name)
    {
        var judgement = await Plans.Value[name].JudgeAsync();
        Assert.True(judgement.Right, $"{judgement.Plan.Why}\n{ExplainText.Render(judgement.Result)}");
        Assert.Equal(judgement.Plan.Healthy ? PlanVerdict.Healthy : PlanVerdict.Problems, judgement.Result.Summary.Verdict);
    }

    [Fact]
    public void Every_kind_of_problem_is_labelled_at_least_once() =>
        Assert.Empty(ExplainPlanEngine.ProblemIds.Except(Plans.Value.Values.SelectMany(p => p.Expect)));
}
