using System.Collections.Immutable;
using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AgentHost.Mcp;

/// <summary>Answers <c>prompts/list</c> and <c>prompts/get</c>; the files are read when first asked for.</summary>
internal sealed class PromptHandlers(string folder)
{
    private readonly Lazy<ImmutableArray<PromptTemplate>> prompts = new(() => PromptFile.ReadAll(folder), LazyThreadSafetyMode.PublicationOnly);

    /// <summary>All prompts.</summary>
    public ValueTask<ListPromptsResult> ListAsync(RequestContext<ListPromptsRequestParams> request, CancellationToken cancellation) =>
        ValueTask.FromResult(new ListPromptsResult { Prompts = [.. prompts.Value.Select(Describe)] });

    /// <summary>One prompt, its variables filled in.</summary>
    public ValueTask<GetPromptResult> GetAsync(RequestContext<GetPromptRequestParams> request, CancellationToken cancellation)
    {
        var asked = request.Params;
        var prompt = prompts.Value.FirstOrDefault(candidate => candidate.Name == asked.Name)
            ?? throw new McpProtocolException(
                $"There is no prompt '{asked.Name}'. Known: {string.Join(", ", prompts.Value.Select(known => known.Name))}.", McpErrorCode.InvalidParams);
        var values = (asked.Arguments ?? new Dictionary<string, JsonElement>()).ToDictionary(
            pair => pair.Key, pair => pair.Value.ValueKind == JsonValueKind.String ? pair.Value.GetString()! : pair.Value.GetRawText(), StringComparer.Ordinal);
        if (prompt.Variables.FirstOrDefault(variable => variable.IsRequired && !values.ContainsKey(variable.Name)) is { } missing)
            throw new McpProtocolException($"The prompt '{prompt.Name}' needs '{missing.Name}': {missing.Description}", McpErrorCode.InvalidParams);
        return ValueTask.FromResult(new GetPromptResult
        {
            Description = prompt.Description,
            Messages = [new PromptMessage { Role = Role.User, Content = new TextContentBlock { Text = prompt.Render(values) } }],
        });
    }

    private static Prompt Describe(PromptTemplate prompt) => new()
    {
        Name = prompt.Name,
        Title = Capitalised(prompt.Name),
        Description = prompt.Description,
        Arguments = [.. prompt.Variables.Select(variable =>
            new PromptArgument { Name = variable.Name, Description = variable.Description, Required = variable.IsRequired })],
    };

    private static string Capitalised(string name) => char.ToUpperInvariant(name[0]) + name[1..].Replace('-', ' ');
}
