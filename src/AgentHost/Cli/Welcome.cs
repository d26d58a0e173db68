using AgentHost.Mcp;
using Spectre.Console;

namespace AgentHost.Cli;

/// <summary>What bare <c>agenthost</c> prints: what it is, what it can do, and how an agent gets it.</summary>
internal static class Welcome
{
    private static readonly (string Verb, string What)[] Verbs =
    [
        ("review FILE|DIR|-", "Is this migration safe on a busy database? --prove runs it and shows the locks"),
        ("explain --plan FILE", "Why is this query slow?"),
        ("index --target NAME", "Which indexes does this workload need, and which to drop?"),
        ("design --model FILE", "A schema from a model, run up, down and up again before you see it"),
        ("search \"…\"", "Best practices, with their source"),
        ("ingest PATH…", "Your team's pages, or --manual for PostgreSQL's, into what search finds"),
        ("remember, recall", "What the team decided and learnt"),
        ("doctor", "What is installed, what is missing, and the fix"),
        ("demo", "A walk through all tools on an example project"),
        ("serve", "The MCP server on stdin and stdout"),
    ];

    /// <summary>Writes it to stdout.</summary>
    public static void Write()
    {
        var command = Environment.GetEnvironmentVariable("AGENTHOST_COMMAND") ?? Environment.ProcessPath ?? "agenthost";
        Terminal.Markup($"[bold]AgentHost[/] {ArchitectServer.Version.EscapeMarkup()}  A database architect for coding agents: it checks, proves and remembers.\n");
        foreach (var (verb, what) in Verbs)
            Terminal.Markup($"  [green]{verb.PadRight(22).EscapeMarkup()}[/]{what.EscapeMarkup()}");
        Terminal.Markup("\n[bold]Give it to your agent[/]\n");
        Snippet("Claude Code", "in the project's folder", $"claude mcp add agenthost -- {command} serve");
        Snippet("Claude Desktop", "claude_desktop_config.json",
            $$$$"""{"mcpServers": {"agenthost": {"command": "{{{{command}}}}", "args": ["serve", "--workspace", "/path/to/project"]}}}""");
        Snippet("VS Code", ".vscode/mcp.json",
            $$$$"""{"servers": {"agenthost": {"type": "stdio", "command": "{{{{command}}}}", "args": ["serve", "--workspace", "${workspaceFolder}"]}}}""");
        Snippet("Copilot CLI", "~/.copilot/mcp-config.json",
            $$$$"""{"mcpServers": {"agenthost": {"type": "local", "command": "{{{{command}}}}", "args": ["serve"], "tools": ["*"]}}}""");
        Terminal.Markup("agenthost [green]VERB[/] --help tells the options. Exit codes: 0 clean, 1 findings, 2 unusable input.");
    }

    private static void Snippet(string client, string where, string text)
    {
        Terminal.Markup($"  [bold]{client}[/] [dim]{where.EscapeMarkup()}[/]");
        Console.Out.WriteLine($"    {text}\n");
    }
}
