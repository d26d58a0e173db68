using System.Diagnostics;
using System.Text.Json;
using AgentHost.Cli;
using AgentHost.Composition;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Spectre.Console;

namespace AgentHost.Demo;

/// <summary>Starts the server as a client would, calls every tool over MCP, and prints each call and answer.</summary>
internal static class DemoWalk
{
    private const int MostLines = 32;

    /// <summary>Walks; true where every call was answered.</summary>
    public static async Task<bool> RunAsync(DemoProject project, CancellationToken cancellation)
    {
        var transport = new StdioClientTransport(new StdioClientTransportOptions
        {
            Command = Environment.ProcessPath!,
            Arguments = ["serve"],
            WorkingDirectory = project.Folder,
            EnvironmentVariables = new Dictionary<string, string?>(StringComparer.Ordinal) { ["APP_DATABASE_URL"] = project.ConnectionString },
            StandardErrorLines = Console.Error.WriteLine,
        });
        await using var client = await McpClient.CreateAsync(transport, new McpClientOptions { ClientInfo = new Implementation { Name = "agenthost-demo", Version = "1" } }, cancellationToken: cancellation);
        var tools = await client.ListToolsAsync(cancellationToken: cancellation);
        Terminal.Markup($"[dim]Connected over MCP {client.NegotiatedProtocolVersion.EscapeMarkup()}; {tools.Count} tools: {string.Join(", ", tools.Select(tool => tool.Name)).EscapeMarkup()}[/]");
        var answered = true;
        for (var i = 0; i < DemoStep.All.Length; i++)
            answered &= await CallAsync(client, DemoStep.All[i], $"{i + 1}/{DemoStep.All.Length}", cancellation);
        return answered;
    }

    private static async Task<bool> CallAsync(McpClient client, DemoStep step, string number, CancellationToken cancellation)
    {
        Terminal.Markup($"\n[bold]{number}  {step.Question.EscapeMarkup()}[/]");
        Terminal.Markup($"[cyan]{step.Tool}[/] {JsonSerializer.Serialize(step.Arguments, AnswerJson.For<IReadOnlyDictionary<string, object?>>()).EscapeMarkup()}");
        var watch = Stopwatch.StartNew();
        var result = await client.CallToolAsync(step.Tool, step.Arguments, cancellationToken: cancellation);
        Terminal.Write(Indented(string.Join('\n', result.Content.OfType<TextContentBlock>().Select(block => block.Text))));
        Terminal.Markup($"  [dim]{watch.Elapsed.TotalMilliseconds:N0} ms[/]");
        return result.IsError is not true;
    }

    private static string Indented(string text)
    {
        var lines = text.TrimEnd('\n').Split('\n');
        var shown = lines.Take(lines.Length > MostLines ? MostLines - 1 : MostLines).Select(line => line.Length == 0 ? line : "  " + line);
        return string.Join('\n', lines.Length > MostLines ? shown.Append($"  … {lines.Length - MostLines + 1} more lines") : shown);
    }
}
