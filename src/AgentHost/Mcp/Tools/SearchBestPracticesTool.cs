using AgentHost.Composition;
using AgentHost.Rendering;

namespace AgentHost.Mcp.Tools;

/// <summary>The tool <c>search_best_practices</c>.</summary>
internal static class SearchBestPracticesTool
{
    /// <summary>The tool's function over the parts of <paramref name="architect"/>.</summary>
    public static SkillFunction Create(Architect architect) => new(
        new ToolCard("search_best_practices", "Search best practices",
            "Search PostgreSQL best practices (schema design, migrations, locks, plans, indexes, operation). Returns excerpts to cite; the whole page is resource skill://<skill>/<document>.")
        {
            InputSchema = ToolCard.Schema("""
                {"type":"object","properties":{
                "query":{"type":"string","description":"A question or words"},
                "k":{"type":"integer","minimum":1,"maximum":50,"default":5},
                "skill":{"type":"string","description":"Only this skill's pages, as review-migration"}},
                "required":["query"]}
                """),
            OutputSchema = ToolCard.Schema("""
                {"type":"object","properties":{"results":{"type":"array","items":{"type":"object","properties":{
                "document":{"type":"string"},"section":{"type":"string"},"score":{"type":"number"},"excerpt":{"type":"string"},"source":{"type":"string"}}}}},
                "required":["results"]}
                """),
        },
        async (call, cancellation) =>
        {
            var given = call.Arguments;
            var store = await architect.OpenKnowledgeAsync(call.Progress, cancellation);
            var found = new SearchResults(await store.SearchAsync(given.RequiredText("query"), given.Number("k", 1, 50) ?? 5, given.Text("skill"), ct: cancellation));
            return Answers.Of(SearchText.Render(found), found);
        });
}
