using System.Text.Json;

namespace AgentHost.Mcp;

/// <summary>A tool's answer, twice: for reading and for computing.</summary>
/// <param name="Text">The compact text: verdict first.</param>
/// <param name="Data">The whole result, as the tool's output schema says.</param>
internal sealed record ToolAnswer(string Text, JsonElement Data);
