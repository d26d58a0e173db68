using AgentHost.Composition;
using AgentHost.Skills;
using AgentHost.Workspaces;

namespace AgentHost.Mcp.Tools;

/// <summary>Texts that a call gives either as they are or by a path in the workspace.</summary>
internal static class Inputs
{
    /// <summary>The scripts of a call, or null where neither argument is given.</summary>
    /// <exception cref="SkillInputException">Both are given, or the path cannot be read.</exception>
    public static IReadOnlyList<NamedText>? Scripts(Architect architect, ToolArguments given, string text, string path) =>
        Choose(given, text, path) is not var (written, file) ? null
        : file is null ? [new NamedText($"<{text}>", written!)] : architect.Workspace.ReadScripts(file);

    /// <summary>The one text of a call, or null where neither argument is given.</summary>
    /// <exception cref="SkillInputException">Both are given, or the path cannot be read.</exception>
    public static string? Text(Architect architect, ToolArguments given, string text, string path) =>
        Choose(given, text, path) is not var (written, file) ? null : file is null ? written : architect.Workspace.ReadText(file);

    private static (string? Text, string? Path)? Choose(ToolArguments given, string text, string path) => (given.Text(text), given.Text(path)) switch
    {
        (null, null) => null,
        ({ } written, null) => (written, null),
        (null, { } file) => (null, file),
        _ => throw new SkillInputException($"Give either '{text}' or '{path}', not both."),
    };
}
