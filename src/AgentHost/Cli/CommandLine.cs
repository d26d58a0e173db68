using System.CommandLine;
using System.CommandLine.Help;

namespace AgentHost.Cli;

/// <summary>The verbs of <c>agenthost</c>.</summary>
internal static class CommandLine
{
    /// <summary>Runs the verb that <paramref name="args"/> name. Exit codes: 0 done and clean, 1 done with findings, 2 unusable input.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        if (args is [] or ["help"])
        {
            Welcome.Write();
            return Session.Clean;
        }
        var root = CreateRoot();
        var parse = root.Parse(args);
        if (parse.Errors.Count == 0 || parse.Action is HelpAction)
            return await parse.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        // The parser's complaint that a verb is missing says nothing where it also names what it took for one.
        var errors = parse.Errors.Where(error => parse.Errors.Count == 1 || !error.Message.StartsWith("Required command", StringComparison.Ordinal));
        await Console.Error.WriteLineAsync($"agenthost: {errors.First().Message.Split('\n')[0]}");
        await Console.Error.WriteLineAsync(parse.CommandResult.Command is RootCommand
            ? $"Verbs: {string.Join(", ", root.Subcommands.Select(verb => verb.Name))}. Try: agenthost --help"
            : $"Try: agenthost {Session.VerbOf(parse)} --help");
        return Session.Unusable;
    }

    private static RootCommand CreateRoot()
    {
        var serve = new Command("serve", "The MCP server on stdin and stdout");
        serve.SetAction((parse, _) => ServeCommand.RunAsync([.. parse.Tokens.Skip(1).Select(token => token.Value)]));
        return new RootCommand("A database architect for coding agents: it checks, proves and remembers.")
        {
            Options.Workspace, Options.Config, Options.Memory,
            ReviewCommand.Create(),
            ExplainCommand.Create(),
            IndexCommand.Create(),
            DesignCommand.Create(),
            TwinCommand.Create(),
            SearchCommand.Create(),
            IngestCommand.Create(),
            serve,
            RecallCommand.Create(),
            RememberCommand.Create(),
            ReviseCommand.Create(),
            MemoryCommand.Create(),
            DoctorCommand.Create(),
            DemoCommand.Create(),
        };
    }
}
