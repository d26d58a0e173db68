using System.CommandLine;
using AgentHost.Composition;
using AgentHost.Rendering;

namespace AgentHost.Cli;

/// <summary><c>agenthost recall</c>.</summary>
internal static class RecallCommand
{
    /// <summary>The verb.</summary>
    public static Command Create()
    {
        var query = new Argument<string?>("query") { Description = "Words, a table's name or an entry's id (default: the digest)", Arity = ArgumentArity.ZeroOrOne };
        var max = Options.Number("--max", 1, 1000, "The most entries (default: 10; of the digest 15)");
        var command = new Command("recall", "What the team decided, learnt and left open") { query, max, Options.Format };
        command.SetAction((parse, cancellation) => Session.RunAsync(parse, (session, _) =>
        {
            var entries = Recall.Ask(session.Architect, parse.GetValue(query), parse.GetValue(max));
            session.Write(entries, (result, _) => MemoryText.Render(result));
            return Task.FromResult(Session.Clean);
        }, cancellation));
        return command;
    }
}
