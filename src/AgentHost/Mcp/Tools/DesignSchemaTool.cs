using AgentHost.Composition;
using AgentHost.Skills;
using AgentHost.Skills.DesignSchema;

namespace AgentHost.Mcp.Tools;

/// <summary>The tool <c>design_schema</c>.</summary>
internal static class DesignSchemaTool
{
    /// <summary>The tool's function over the parts of <paramref name="architect"/>.</summary>
    public static SkillFunction Create(Architect architect) => new(
        new ToolCard("design_schema", "Design a schema",
            "Turn a model (YAML or JSON: entities, attributes, relationships, access patterns, tenancy, volumes; format: resource skill://design-schema/SKILL.md) " +
            "into PostgreSQL DDL, up and down migrations and a Mermaid ERD. All are run on a scratch database first; each access pattern's index and tenant isolation are proven.")
        {
            InputSchema = ToolCard.Schema("""
                {"type":"object","properties":{
                "model":{"type":"string","description":"The model; or give path"},
                "path":{"type":"string","description":"Model file in the workspace"},
                "targets":{"type":"array","items":{"enum":["postgresql","mermaid"]},"description":"Default: both"},
                "pgVersion":{"type":"integer","minimum":14,"maximum":18,"default":17},
                "record":{"type":"boolean","description":"Keep its proposals"}}}
                """),
            OutputSchema = ToolCard.Schema("""
                {"type":"object","properties":{"name":{"type":"string"},"pgVersion":{"type":"integer"},
                "files":{"type":"array","description":"name, text; or sameAs: the file with the same statements"},"decisions":{"type":"array"},"proof":{"type":"object"},"warnings":{"type":"array"},
                "precedents":{"type":"array"},"memoryProblems":{},"proposals":{},"recorded":{}},"required":["name","files","proof"]}
                """),
            ReadOnly = false,
        },
        async (call, cancellation) =>
        {
            var given = call.Arguments;
            var model = Inputs.Text(architect, given, "model", "path") ?? throw new SkillInputException("Give the model: 'model' as YAML or JSON, or 'path' in the workspace.");
            var result = await DesignSchemaEngine.RunAsync(
                new DesignRequest(model)
                {
                    Targets = [.. given.Texts("targets")],
                    PgVersion = given.Number("pgVersion", DesignSchemaEngine.OldestVersion, DesignSchemaEngine.NewestVersion),
                    Memory = architect.Memory,
                    Progress = call.Progress,
                },
                cancellation);
            var kept = await result.KeptAsync(architect.Memory, given.Flag("record"), call.Client, cancellation);
            // The DDL is what was asked for; the other files are in the structured content, which says it once.
            var ddl = result.Files.FirstOrDefault(file => file.Name == "schema.sql");
            var text = kept.Rendered(found => DesignText.Render(found)) + (ddl is null ? "" : $"\n{ddl.Name}\n\n{ddl.Text}");
            return Answers.Of(text, kept.Told.WithEachTextOnce(), Conclusion.Of(result));
        });
}
