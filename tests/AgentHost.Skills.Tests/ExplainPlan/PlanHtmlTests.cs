using AgentHost.Skills.ExplainPlan;
using AngleSharp.Html.Parser;

namespace AgentHost.Skills.Tests.ExplainPlan;

/// <summary>The drawn page: one file, no script, nothing from a network, and nothing of the query taken for markup.</summary>
public class PlanHtmlTests(PlanLaboratory laboratory) : IClassFixture<PlanLaboratory>
{
    [Fact]
    public async Task Every_node_has_its_row_and_every_problem_leads_to_one()
    {
        var result = await laboratory.ExplainAsync("SELECT c.name FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.reference = '<b>R7919</b>'");
        var page = PlanHtml.Render(result);
        var document = await new HtmlParser(new HtmlParserOptions { IsStrictMode = true }).ParseDocumentAsync(page);
        Assert.Equal(result.Plan.Nodes.Length, document.QuerySelectorAll("tbody tr").Length);
        Assert.Empty(document.QuerySelectorAll("b:not(td b), script, link, img"));
        Assert.DoesNotContain("http", page, StringComparison.Ordinal);
        var link = Assert.Single(document.QuerySelectorAll("section a"));
        Assert.NotNull(document.QuerySelector(link.GetAttribute("href")!));
        Assert.Contains("<b>R7919</b>", document.Body!.TextContent, StringComparison.Ordinal);
    }
}
