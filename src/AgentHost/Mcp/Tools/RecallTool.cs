using AgentHost.Composition;
using AgentHost.Rendering;

namespace AgentHost.Mcp.Tools;

/// <summary>The tool <c>recall</c>.</summary>
internal static class RecallTool
{
    /// <summary>The tool's function over the parts of <paramref name="architect"/>.</summary>
    public static SkillFunction Create(Architect architect) => new(
        new ToolCard("recall", "Recall what the team decided",
            "Search the project's memory: decisions, learnings and open issues about its database. Call before advising or deciding. No query: the digest.")
        {
            InputSchema = ToolCard.Schema("""
                {"type":"object","properties":{
                "query":{"type":"string","description":"Words, a table name or an entry's id"},
                "max":{"type":"integer","minimum":1,"maximum":100,"default":10}}}
                """),
            OutputSchema = MemorySchemas.Entries,
        },
        (call, _) =>
        {
            var entries = new MemoryEntries(architect.Memory.Recall(call.Arguments.Text("query"), call.Arguments.Number("max", 1, 100) ?? 10));
            return Task.FromResult(Answers.Of(MemoryText.Render(entries), entries, new Conclusion("memory", $"{entries.Entries.Length} entries")));
        });
}
