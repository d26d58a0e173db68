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
            "Append one entry to the project's memory files, after something was decided or learnt: one idea, with its reason. Other tools' proposals fit as they are. Never secrets.")
        {
            InputSchema = ToolCard.Schema("""
                {"type":"object","properties":{
                "kind":{"type":"string","enum":["learning","decision","issue"]},
                "title":{"type":"string","description":"One line"},
                "text":{"type":"string","description":"What and why"},
                "tags":{"type":"array","items":{"type":"string"}},
                "scope":{"type":"array","items":{"type":"string"},"description":"Tables: public.orders, billing.*, *"},
                "waives":{"type":"array","items":{"type":"string"},"description":"Rule ids accepted within the scope"},
                "until":{"type":"string","description":"Last day, 2027-01-31"},
                "chooses":{"type":"array","items":{"type":"string"},"description":"key-strategy = uuidv7"},
                "rejects":{"type":"array","items":{"type":"string"},"description":"Not to be proposed again"},
                "supersedes":{"type":"array","items":{"type":"string"}},
                "resolves":{"type":"array","items":{"type":"string"},"description":"Issue ids"},
                "because":{"type":"array","items":{"type":"string"},"description":"Entry ids"}},
                "required":["kind","title","text"]}
                """),
            OutputSchema = MemorySchemas.Written,
            ReadOnly = false,
            Idempotent = false,
        },
        async (call, cancellation) =>
        {
            var given = call.Arguments;
            var entry = await MemoryWriting.RememberAsync(
                architect.Memory,
                new NewEntry(Enum.Parse<MemoryKind>(given.Choice("kind", "learning", "decision", "issue")!, ignoreCase: true), given.RequiredText("title"), given.RequiredText("text"))
                {
                    Tags = [.. given.Texts("tags")],
                    Scopes = [.. given.Texts("scope")],
                    Waives = [.. given.Texts("waives")],
                    Until = MemoryWriting.Day(given.Text("until")),
                    Chooses = [.. given.Texts("chooses")],
                    Rejects = [.. given.Texts("rejects")],
                    Supersedes = [.. given.Texts("supersedes")],
                    Resolves = [.. given.Texts("resolves")],
                    Because = [.. given.Texts("because")],
                    By = call.Client,
                },
                cancellation);
            return Answers.Of($"Remembered as {entry.Id}: {entry.Title}", MemoryEntries.Whole(architect.Memory, entry), new Conclusion(Conclusion.Names(entry.Scopes), $"kept {entry.Id}"));
        });
}
