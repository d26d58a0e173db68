using System.Text.Json;

namespace AgentHost.Mcp;

/// <summary>What an agent reads about a tool before it calls it. Every word is paid for in each conversation: keep it short.</summary>
/// <param name="Name">The tool's name in the protocol, as <c>review_migration</c>.</param>
/// <param name="Title">Its name for people.</param>
/// <param name="Description">When to call it and what comes back, for an agent that must choose.</param>
internal sealed record ToolCard(string Name, string Title, string Description)
{
    /// <summary>JSON Schema of the arguments. Arguments that it does not name are refused.</summary>
    public required JsonElement InputSchema { get; init; }

    /// <summary>JSON Schema of the structured content.</summary>
    public required JsonElement OutputSchema { get; init; }

    /// <summary>True where a call changes nothing that outlives it.</summary>
    public bool ReadOnly { get; init; } = true;

    /// <summary>True where the same call twice does what it does once.</summary>
    public bool Idempotent { get; init; } = true;

    /// <summary>True where a call may reach something outside the workspace: a configured target.</summary>
    public bool OpenWorld { get; init; }

    /// <summary>The schema that <paramref name="json"/> writes.</summary>
    public static JsonElement Schema([System.Diagnostics.CodeAnalysis.StringSyntax("json")] string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
