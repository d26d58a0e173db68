using System.Text.Json;
using AgentHost.Composition;

namespace AgentHost.Mcp;

/// <summary>A tool's answer, twice: for reading and for computing.</summary>
/// <param name="Text">The compact text: verdict first.</param>
/// <param name="Data">The whole result, as the tool's output schema says.</param>
/// <param name="Conclusion">What the session trail keeps of it.</param>
internal sealed record ToolAnswer(string Text, JsonElement Data, Conclusion Conclusion);
