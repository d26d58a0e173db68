using AgentHost.Cli;
using AgentHost.Mcp;

// serve does not pass through the command-line parser: an agent waits for the first answer of this process.
return args is ["serve", ..] && !args.Contains("--help") ? await ServeCommand.RunAsync(args[1..]) : await CommandLine.RunAsync(args);
