using System.Text.Json;
using Microsoft.Extensions.AI;
using ModelContextProtocol;
using ModelContextProtocol.Server;

namespace AgentHost.Mcp;

/// <summary>
/// A skill as a function that any agent framework can call; it returns a <see cref="ToolAnswer"/>.
/// Its schemas are written by hand, not reflected: they are read by a model at every turn, and made before the first answer of the process.
/// </summary>
internal sealed class SkillFunction(ToolCard card, Func<ToolCall, CancellationToken, Task<ToolAnswer>> body) : AIFunction
{
    private static readonly string[] Naming = ["path", "target", "id"];

    /// <summary>The tool's card.</summary>
    public ToolCard Card => card;

    /// <inheritdoc />
    public override string Name => card.Name;

    /// <inheritdoc />
    public override string Description => card.Description;

    /// <inheritdoc />
    public override JsonElement JsonSchema => card.InputSchema;

    /// <inheritdoc />
    public override JsonElement? ReturnJsonSchema => card.OutputSchema;

    /// <inheritdoc />
    protected override async ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        var values = arguments.ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);
        var listener = arguments.Services?.GetService(typeof(IProgress<ProgressNotificationValue>)) as IProgress<ProgressNotificationValue>;
        var call = new ToolCall(new ToolArguments(card, values), listener is null ? null : new ProgressSteps(listener), ClientOf(arguments));
        return await body(call, cancellationToken);
    }

    /// <summary>The name of the client that calls, where it told one.</summary>
    public static string? ClientOf(AIFunctionArguments arguments) =>
        (arguments.Services?.GetService(typeof(McpServer)) as McpServer)?.ClientInfo?.Name;

    /// <summary>What names the subject of a call that was refused: its file and database.</summary>
    public static string Names(AIFunctionArguments arguments) =>
        string.Join("; ", Naming.Select(name => arguments.TryGetValue(name, out var value) ? value switch
        {
            string text => text,
            JsonElement { ValueKind: JsonValueKind.String } element => element.ToString(),
            _ => "",
        } : "").Where(text => text.Length > 0));
}

/// <summary>One call of a tool.</summary>
/// <param name="Arguments">What was given.</param>
/// <param name="Progress">Who listens to what is being done, if anyone.</param>
/// <param name="Client">The name of the client that calls, where it told one.</param>
internal sealed record ToolCall(ToolArguments Arguments, IProgress<string>? Progress, string? Client);
