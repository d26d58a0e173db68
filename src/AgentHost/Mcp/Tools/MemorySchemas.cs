using System.Text.Json;

namespace AgentHost.Mcp.Tools;

/// <summary>The schema that recall and remember share.</summary>
internal static class MemorySchemas
{
    /// <summary>A list of entries.</summary>
    public static JsonElement Entries => ToolCard.Schema("""
        {"type":"object","properties":{"entries":{"type":"array","items":{"type":"object","properties":{
        "id":{"type":"string"},"kind":{"type":"string"},"title":{"type":"string"},"text":{"type":"string"},"status":{"type":"string"},
        "tags":{"type":"array"},"scope":{"type":"array"},"when":{"type":"string"},"by":{"type":"string"}}}}},"required":["entries"]}
        """);
}
