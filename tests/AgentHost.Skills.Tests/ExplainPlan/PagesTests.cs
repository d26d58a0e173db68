using AgentHost.Skills.ExplainPlan;

namespace AgentHost.Skills.Tests.ExplainPlan;

public class PagesTests
{
    private static readonly string Problems = Path.Combine(AppContext.BaseDirectory, "skills", "explain-plan", "problems");

    public static TheoryData<string> Ids => [.. ExplainPlanEngine.ProblemIds];

    [Theory]
    [MemberData(nameof(Ids))]
    public void Every_problem_has_a_page_that_says_how_to_confirm_it_what_to_do_and_when_it_is_fine(string id)
    {
        var page = File.ReadAllText(Path.Combine(Problems, id + ".md"));
        Assert.Contains("\n## How to confirm\n", page, StringComparison.Ordinal);
        Assert.Contains("\n## Remedies\n", page, StringComparison.Ordinal);
        Assert.Contains("\n## When it is fine\n", page, StringComparison.Ordinal);
        Assert.Contains("```sql", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_page_has_its_detector() =>
        Assert.Equal(ExplainPlanEngine.ProblemIds, Directory.GetFiles(Problems, "*.md").Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal));

    [Fact]
    public void Every_detector_is_asked() =>
        Assert.Equal(
            typeof(IPlanDetector).Assembly.GetTypes().Where(t => t is { IsClass: true, IsAbstract: false } && t.IsAssignableTo(typeof(IPlanDetector))).Select(t => t.Name).Order(StringComparer.Ordinal),
            PlanDiagnosis.Detectors().Select(d => d.GetType().Name).Order(StringComparer.Ordinal));
}
