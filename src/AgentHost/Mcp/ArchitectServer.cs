using AgentHost.Composition;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AgentHost.Mcp;

/// <summary>The MCP server: tools, prompts and resources over two streams. Nothing is loaded before somebody asks for it.</summary>
internal static class ArchitectServer
{
    private const string Instructions =
        "AgentHost is a PostgreSQL architect that proves what it says. Before you run or merge a migration call review_migration; for a slow query " +
        "explain_plan, then recommend_index; for a new model design_schema. Begin with recall (no query): " +
        "what is decided, open and was last concluded here. remember what is decided or learnt after; revise what no longer holds.";

    /// <summary>Serves until the client closes its end or <paramref name="cancellation"/> asks to stop.</summary>
    public static async Task RunAsync(Architect architect, Stream input, Stream output, CancellationToken cancellation)
    {
        var prompts = new PromptHandlers(Path.Combine(AppContext.BaseDirectory, "prompts"));
        var resources = new ResourceHandlers(architect);
        var subscriptions = new SubscriptionHandlers(architect, resources);
        var options = new McpServerOptions
        {
            ServerInfo = new Implementation { Name = "agenthost", Title = "AgentHost", Version = Version },
            ServerInstructions = Instructions,
            ScopeRequests = false,
            Capabilities = new ServerCapabilities { Resources = new ResourcesCapability { Subscribe = true } },
            Filters = { Message = { IncomingFilters = { MalformedRequests.Refuse } } },
            ToolCollection = [.. Toolbox.Of(architect).Select(skill => ToTool(skill, architect))],
            Handlers =
            {
                ListPromptsHandler = prompts.ListAsync,
                GetPromptHandler = prompts.GetAsync,
                ListResourcesHandler = resources.ListAsync,
                ListResourceTemplatesHandler = ResourceHandlers.ListTemplatesAsync,
                ReadResourceHandler = resources.ReadAsync,
                SubscribeToResourcesHandler = subscriptions.SubscribeAsync,
                UnsubscribeFromResourcesHandler = subscriptions.UnsubscribeAsync,
                SubscriptionsListenHandler = subscriptions.ListenAsync,
            },
        };
        await using var transport = new DrainingTransport(input, output, "agenthost");
        await using var server = McpServer.Create(transport, options);
        await server.RunAsync(cancellation);
    }

    /// <summary>The version of the host, as <c>0.1.0</c>.</summary>
    public static string Version { get; } = typeof(ArchitectServer).Assembly.GetName().Version?.ToString(3) ?? "0";

    private static McpServerTool ToTool(SkillFunction skill, Architect architect)
    {
        var tool = McpServerTool.Create(new AnsweringFunction(skill, architect), new McpServerToolCreateOptions
        {
            Title = skill.Card.Title,
            UseStructuredContent = true,
            OutputSchema = skill.Card.OutputSchema,
            ReadOnly = skill.Card.ReadOnly,
            Idempotent = skill.Card.Idempotent,
            Destructive = false,
            OpenWorld = skill.Card.OpenWorld,
        });
        tool.ProtocolTool.Annotations!.Title = null; // The tool's own title says it: each word of this list is paid at every turn.
        return tool;
    }
}
