using System.Text.Json;
using ModelContextProtocol.Protocol;

namespace AgentHost.EndToEnd.Tests;

/// <summary>Reads tool results.</summary>
internal static class Answers
{
    /// <summary>The text block.</summary>
    public static string Text(this CallToolResult result) => Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text;

    /// <summary>The structured content of a call that went well.</summary>
    public static JsonElement Data(this CallToolResult result)
    {
        Assert.False(result.IsError ?? false, result.IsError is true ? result.Text() : "");
        return result.StructuredContent!.Value;
    }

    /// <summary>The message of a call that was refused: something to act on, never a stack trace or a fault of ours.</summary>
    public static string Refusal(this CallToolResult result)
    {
        Assert.True(result.IsError, "the call should have been refused, but answered: " + result.Text());
        var message = result.Text();
        Assert.DoesNotContain("   at ", message, StringComparison.Ordinal);
        Assert.DoesNotContain("failed inside AgentHost", message, StringComparison.Ordinal);
        return message;
    }

    /// <summary>Fails where the call ended in a fault of ours; an answer and a refusal are both fine.</summary>
    public static void AnswersOrRefuses(this CallToolResult result)
    {
        if (result.IsError is true)
            result.Refusal();
        else
            result.Data();
    }
}
