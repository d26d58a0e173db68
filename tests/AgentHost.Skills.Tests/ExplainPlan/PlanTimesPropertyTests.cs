using AgentHost.Skills.ExplainPlan;
using FsCheck;
using FsCheck.Fluent;

namespace AgentHost.Skills.Tests.ExplainPlan;

/// <summary>Plans whose true times are known: what is worked out from EXPLAIN's figures must be these.</summary>
public class PlanTimesPropertyTests
{
    private const int Plans = 3000;

    [Fact]
    public void Own_times_add_up_to_the_whole_and_are_those_that_the_plan_was_made_from()
    {
        foreach (var seed in Gen.Sample(Gen.Choose(0, int.MaxValue - 1), Plans))
        {
            var made = new MadePlan(seed);
            var plan = PlanReader.Read(made.Json());
            var truth = made.Nodes.ToList();
            Assert.Equal(truth.Count, plan.Nodes.Length);
            Near(made.Whole, plan.Nodes.Sum(plan.Times.Self), made.Whole, () => $"seed {seed}: the sum\n{made.Json()}");
            for (var i = 0; i < truth.Count; i++)
            {
                var number = i + 1;
                Near(truth[i].Total, plan.Times.Total(plan.Nodes[i]), made.Whole, () => $"seed {seed}: the total of #{number}\n{made.Json()}");
                if (!truth[i].Uncertain)
                    Near(truth[i].Self, plan.Times.Self(plan.Nodes[i]), made.Whole, () => $"seed {seed}: #{number} itself\n{made.Json()}");
            }
        }
    }

    [Fact]
    public void Rounded_as_explain_rounds_them_own_times_still_add_up_to_the_whole()
    {
        foreach (var seed in Gen.Sample(Gen.Choose(0, int.MaxValue - 1), Plans / 3))
        {
            var json = System.Text.RegularExpressions.Regex.Replace(new MadePlan(seed).Json(), @"(?<=""Actual Total Time"":)[\d.E+-]+",
                m => double.Parse(m.Value, System.Globalization.CultureInfo.InvariantCulture).ToString("0.000", System.Globalization.CultureInfo.InvariantCulture), System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(10));
            var plan = PlanReader.Read(json);
            var whole = plan.Times.Total(plan.Root) + plan.Nodes.Where(n => n is { IsInitPlan: true, Type: "ModifyTable" }).Sum(plan.Times.Total);
            Assert.All(plan.Nodes, n => Assert.True(plan.Times.Self(n) >= 0));
            Near(whole, plan.Nodes.Sum(plan.Times.Self), 1000 * whole, () => $"seed {seed}: the sum\n{json}");
        }
    }

    private static void Near(double expected, double actual, double scale, Func<string> what)
    {
        if (Math.Abs(expected - actual) > 1e-6 * Math.Max(1, scale))
            Assert.Fail($"{what()}: {expected} expected, {actual} found");
    }
}
