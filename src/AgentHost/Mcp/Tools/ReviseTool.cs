using AgentHost.Composition;
using AgentHost.Rendering;

namespace AgentHost.Mcp.Tools;

/// <summary>The tool <c>revise</c>.</summary>
internal static class ReviseTool
{
    /// <summary>The tool's function over the parts of <paramref name="architect"/>.</summary>
    public static SkillFunction Create(Architect architect) => new(
        new ToolCard("revise", "Revise what was remembered",
            "Settle or replace an entry of the memory; its history stays. supersede writes a new entry with the old one's scope, tags and choices.")
        {
            InputSchema = ToolCard.Schema("""
                {"type":"object","properties":{
                "id":{"type":"string"},
                "action":{"type":"string","enum":["supersede","resolve","close","reopen"]},
                "text":{"type":"string","description":"Why or how; with supersede the new text"},
                "title":{"type":"string","description":"With supersede"},
                "chooses":{"type":"array","items":{"type":"string"},"description":"With supersede: another choice"},
                "because":{"type":"array","items":{"type":"string"}}},
                "required":["id","action","text"]}
                """),
            OutputSchema = MemorySchemas.Written,
            ReadOnly = false,
            Idempotent = false,
        },
        async (call, cancellation) =>
        {
            var given = call.Arguments;
            var change = new Change(given.RequiredText("id"), given.Choice("action", Change.Actions)!, given.RequiredText("text"))
            {
                Title = given.Text("title"),
                Chooses = given.Texts("chooses"),
                Because = given.Texts("because"),
                By = call.Client,
            };
            var entry = await MemoryWriting.ReviseAsync(architect.Memory, change, cancellation);
            var entries = MemoryEntries.Whole(architect.Memory, entry);
            return Answers.Of(MemoryText.Revised(change, entries), entries, new Conclusion(change.Id, change.Action == "supersede" ? $"superseded by {entry.Id}" : entry.Status));
        });
}
