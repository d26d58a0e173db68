using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AgentHost.Mcp;

/// <summary>Says what is wrong with a request whose parameters do not have the shape that its method asks for.</summary>
internal static class MalformedRequests
{
    /// <summary>The filter.</summary>
    public static McpMessageHandler Refuse(McpMessageHandler next) => async (context, cancellation) =>
    {
        try
        {
            await next(context, cancellation);
        }
        catch (JsonException malformed) when (context.JsonRpcMessage is JsonRpcRequest request)
        {
            var place = malformed.Path is { Length: > 1 } path ? $" at {path}" : "";
            throw new McpProtocolException($"{request.Method}: the parameters do not have the shape of this method{place}: {FirstSentence(malformed.Message)}", malformed, McpErrorCode.InvalidParams);
        }
        catch (Exception broken) when (broken is InvalidOperationException or ArgumentException && context.JsonRpcMessage is JsonRpcRequest { Params: { } given } && !IsText(given))
        {
            throw new McpProtocolException("A string in the parameters is not text: it holds half of a surrogate pair (\\ud800 to \\udfff alone).", broken, McpErrorCode.InvalidParams);
        }
    };

    private static string FirstSentence(string message) => message.Split(" Path:", 2)[0];

    // Writing what is no text is what fails here, too.
    private static bool IsText(System.Text.Json.Nodes.JsonNode given)
    {
        try
        {
            given.ToJsonString();
            return true;
        }
        catch (Exception failure) when (failure is InvalidOperationException or ArgumentException)
        {
            return false;
        }
    }
}
