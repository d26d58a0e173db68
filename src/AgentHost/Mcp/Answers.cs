using System.Text.Json;
using AgentHost.Composition;

namespace AgentHost.Mcp;

/// <summary>Makes answers of results.</summary>
internal static class Answers
{
    /// <summary>The answer that <paramref name="text"/> and <paramref name="result"/> make.</summary>
    public static ToolAnswer Of<T>(string text, T result, Conclusion conclusion) =>
        new(text, JsonSerializer.SerializeToElement(result, AnswerJson.For<T>()), conclusion);
}
