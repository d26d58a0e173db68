using AgentHost.Skills.ExplainPlan;

namespace AgentHost.Skills.Tests.ExplainPlan;

public class WorkPlanTests(WorkLaboratory laboratory) : IClassFixture<WorkLaboratory>
{
    [Theory]
    [InlineData("correlated-columns-underestimate", "addresses a", "SELECT p.name FROM addresses a JOIN people p ON p.id = a.person_id WHERE a.country = 'land 7' AND a.city = 'city 7' AND a.zip = 'zip 7'", "")]
    [InlineData("stats-stale", "events e", "SELECT p.name FROM events e JOIN people p ON p.id = e.person_id WHERE e.day = '2026-03-01'", "")]
    [InlineData("default-selectivity", "events e", "SELECT p.name FROM events e JOIN people p ON p.id = e.person_id WHERE lower(e.kind) = 'often'", "")]
    [InlineData("default-selectivity", "Function Scan on chosen c", "SELECT p.name FROM chosen(50000) c JOIN people p ON p.id = c", "")]
    [InlineData("nested-loop-misestimate", "Nested Loop", "SELECT p.name FROM tags t JOIN links l ON l.tag_id = t.id JOIN people p ON p.id = l.person_id WHERE t.name = 'tag 1'", "")]
    [InlineData("row-underestimate", "events e", "SELECT p.name FROM events e JOIN people p ON p.id = e.person_id WHERE e.day >= '2025-10-25'", "")]
    public async Task A_query_with_a_problem_gets_exactly_that_problem_at_its_node(string expected, string node, string sql, string before)
    {
        var result = await laboratory.ExplainAsync(sql, before);
        Assert.True(result.Problems.Length == 1 && result.Problems[0].Id == expected, ExplainText.Render(result));
        Assert.Contains(node, result.Problems[0].Node, StringComparison.Ordinal);
        Assert.NotEmpty(result.Problems[0].Evidence);
    }

    [Theory]
    [InlineData("SELECT p.name FROM addresses a JOIN people p ON p.id = a.person_id WHERE a.city = 'city 7' AND a.floor >= 7", "")]
    [InlineData("SELECT count(*) FROM addresses a WHERE a.country = 'land 7' AND a.city = 'city 7' AND a.zip = 'zip 7'", "")]
    [InlineData("SELECT count(*) FROM events e WHERE e.day = '2026-03-01'", "")]
    [InlineData("SELECT p.name FROM events e JOIN people p ON p.id = e.person_id WHERE e.day = '2025-03-01'", "")]
    [InlineData("SELECT count(*) FROM events e WHERE lower(e.kind) = 'often'", "")]
    [InlineData("SELECT p.name FROM chosen(900) c JOIN people p ON p.id = c", "")]
    [InlineData("SELECT p.name FROM tags t JOIN links l ON l.tag_id = t.id JOIN people p ON p.id = l.person_id WHERE t.name = 'tag 77'", "")]
    public async Task A_healthy_neighbour_gets_nothing(string sql, string before)
    {
        var result = await laboratory.ExplainAsync(sql, before);
        Assert.True(result.Problems.IsEmpty, ExplainText.Render(result));
    }
}
