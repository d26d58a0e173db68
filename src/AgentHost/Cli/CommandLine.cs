using System.CommandLine;

namespace AgentHost.Cli;

/// <summary>The verbs of <c>agenthost</c>.</summary>
internal static class CommandLine
{
    /// <summary>Runs the verb that <paramref name="args"/> name. Exit codes: 0 done and clean, 1 done with findings, 2 unusable input.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("A database architect that proves what it says.");
        var serve = new Command("serve", "Serves MCP on stdin and stdout.");
        serve.SetAction((_, _) => ServeCommand.RunAsync([]));
        root.Subcommands.Add(serve);
        return await root.Parse(args).InvokeAsync();
    }
}
