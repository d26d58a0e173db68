using System.CommandLine;
using AgentHost.Composition;
using AgentHost.Skills.ExplainPlan;

namespace AgentHost.Cli;

/// <summary><c>agenthost explain</c>.</summary>
internal static class ExplainCommand
{
    /// <summary>The verb.</summary>
    public static Command Create()
    {
        var plan = new Option<string?>("--plan") { Description = "Output of EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON); - for stdin", HelpName = "FILE|-" };
        var query = new Option<string?>("--query") { Description = "One SELECT to plan on a database", HelpName = "SQL" };
        var analyze = new Option<bool>("--analyze") { Description = "Run the query to measure it" };
        var command = new Command("explain", "Why is this query slow?") { plan, query, Options.Target, Options.Dsn, analyze, Options.Record, Options.Format };
        command.SetAction((parse, cancellation) => Session.RunAsync(parse, async (session, stop) =>
        {
            var text = parse.GetValue(plan) is { } file ? (await Session.ReadAsync(file, stop)).Text : null;
            await using var target = await session.ConnectAsync(parse, stop);
            var result = await ExplainPlanEngine.RunAsync(
                new ExplainRequest { PlanText = text, Query = parse.GetValue(query), Target = target, Analyze = parse.GetValue(analyze), Memory = session.Architect.Memory },
                stop);
            session.Conclude("explain_plan", Conclusion.Of(result, parse.GetValue(plan) ?? parse.GetValue(Options.Target)) with { Sql = parse.GetValue(query) });
            session.Write(await session.KeepAsync(result, parse, stop), (found, width) => ExplainText.Render(found, width));
            return Session.Clean;
        }, cancellation));
        return command;
    }
}
