using System.CommandLine;
using AgentHost.Demo;
using Spectre.Console;

namespace AgentHost.Cli;

/// <summary><c>agenthost demo</c>.</summary>
internal static class DemoCommand
{
    /// <summary>The verb.</summary>
    public static Command Create()
    {
        var command = new Command("demo", "A walk through all tools on an example project");
        command.SetAction((parse, cancellation) => Session.RunAsync(parse, async (_, stop) =>
        {
            Terminal.Markup("[bold]AgentHost[/] on a multi-tenant project-management tool: a copy of the example, and a scratch database with 60,000 tasks.");
            await using var project = await DemoProject.CreateAsync(stop);
            return await DemoWalk.RunAsync(project, stop) ? Session.Clean : Session.Unusable;
        }, cancellation));
        return command;
    }
}
