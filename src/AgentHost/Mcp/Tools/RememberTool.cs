using AgentHost.Composition;
using AgentHost.Knowledge.Memory;
using AgentHost.Rendering;

namespace AgentHost.Mcp.Tools;

/// <summary>The tool <c>remember</c>.</summary>
internal static class RememberTool
{
    /// <summary>The tool's function over the parts of <paramref name="architect"/>.</summary>
    public static SkillFunction Create(Architect architect) => new(
        new ToolCard("remember", "Remember for the team",
            "Append one entry to the project's memory files. Use after a decision was made or something was learnt: one idea an entry, with its reason. Never secrets.")
        {
            InputSchema = ToolCard.Schema("""
                {"type":"object","properties":{
                "kind":{"type":"string","enum":["learning","decision","issue"]},
                "title":{"type":"string","description":"One line"},
                "text":{"type":"string","description":"Markdown: what and why"},
                "tags":{"type":"array","items":{"type":"string"},"description":"Subjects, rule ids"},
                "scope":{"type":"array","items":{"type":"string"},"description":"Tables: public.orders, billing.*, *"},
                "waives":{"type":"array","items":{"type":"string"},"description":"Rule ids a decision accepts within its scope"}},
                "required":["kind","title","text"]}
                """),
            OutputSchema = MemorySchemas.Entries,
            ReadOnly = false,
            Idempotent = false,
        },
        async (call, cancellation) =>
        {
            var given = call.Arguments;
            var entry = await architect.Memory.AppendAsync(
                new NewEntry(Enum.Parse<MemoryKind>(given.Choice("kind", "learning", "decision", "issue")!, ignoreCase: true), given.RequiredText("title"), given.RequiredText("text"))
                {
                    Tags = [.. given.Texts("tags")],
                    Scopes = [.. given.Texts("scope")],
                    Waives = [.. given.Texts("waives")],
                    By = call.Client,
                },
                cancellation);
            var entries = new MemoryEntries([entry]);
            return Answers.Of("Remembered.\n" + MemoryText.Render(entries), entries, new Conclusion(Conclusion.Names(entry.Scopes), $"kept {entry.Id}"));
        });
}
