using AgentHost.Composition;
using AgentHost.Rendering;

namespace AgentHost.Mcp.Tools;

/// <summary>The tool <c>recall</c>.</summary>
internal static class RecallTool
{
    /// <summary>The tool's function over the parts of <paramref name="architect"/>.</summary>
    public static SkillFunction Create(Architect architect) => new(
        new ToolCard("recall", "Recall what the team decided",
            "Search the project's memory: decisions, learnings, open issues about its database. Call before deciding; without a query in a fresh context: " +
            "what is in force and what the last calls concluded.")
        {
            InputSchema = ToolCard.Schema("""
                {"type":"object","properties":{
                "query":{"type":"string","description":"Words, a table or an entry's id"},
                "max":{"type":"integer","minimum":1,"maximum":100}}}
                """),
            OutputSchema = MemorySchemas.Entries,
        },
        (call, _) =>
        {
            var recalled = Recall.Ask(architect, call.Arguments.Text("query"), call.Arguments.Number("max", 1, 100));
            return Task.FromResult(Answers.Of(MemoryText.Render(recalled), recalled, new Conclusion(recalled.IsDigest ? "digest" : "query", $"{recalled.Entries.Length} entries")));
        });
}
