using AgentHost.Composition;
using AgentHost.Mcp.Tools;

namespace AgentHost.Mcp;

/// <summary>All tools, in the order in which an agent reads them.</summary>
internal static class Toolbox
{
    /// <summary>The tools over the parts of <paramref name="architect"/>.</summary>
    public static IEnumerable<SkillFunction> Of(Architect architect) =>
    [
        DesignSchemaTool.Create(architect),
        ReviewMigrationTool.Create(architect),
        ExplainPlanTool.Create(architect),
        RecommendIndexTool.Create(architect),
        SearchBestPracticesTool.Create(architect),
        RecallTool.Create(architect),
        RememberTool.Create(architect),
        ReviseTool.Create(architect),
    ];
}
