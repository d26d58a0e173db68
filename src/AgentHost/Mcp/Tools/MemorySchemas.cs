using System.Text.Json;

namespace AgentHost.Mcp.Tools;

/// <summary>The schemas that recall, remember and revise share.</summary>
internal static class MemorySchemas
{
    /// <summary>Entries, and what recall tells besides.</summary>
    public static JsonElement Entries => ToolCard.Schema("""
        {"type":"object","properties":{"entries":{"type":"array"},"holds":{"type":"string"},"more":{"type":"integer"},"lastCalls":{"type":"array"},"problems":{"type":"array"}},"required":["entries"]}
        """);

    /// <summary>The entry as it now reads.</summary>
    public static JsonElement Written => ToolCard.Schema("""{"type":"object","properties":{"entries":{"type":"array"}},"required":["entries"]}""");
}
