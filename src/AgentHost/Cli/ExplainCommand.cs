using System.CommandLine;
using AgentHost.Composition;
using AgentHost.Skills;
using AgentHost.Skills.ExplainPlan;

namespace AgentHost.Cli;

/// <summary><c>agenthost explain</c>.</summary>
internal static class ExplainCommand
{
    /// <summary>The verb.</summary>
    public static Command Create()
    {
        var plan = new Option<string?>("--plan") { Description = "Output of EXPLAIN (ANALYZE, BUFFERS), in any format; - for stdin", HelpName = "FILE|-" };
        var query = new Option<string?>("--query") { Description = "One SELECT to plan on a database; with --plan the query that the plan is of", HelpName = "SQL" };
        var twin = new Option<string?>("--twin") { Description = "What agenthost twin wrote of the database: the query is planned there, remedies are priced there", HelpName = "FILE" };
        var analyze = new Option<bool>("--analyze") { Description = "Run the query to measure it" };
        var compare = new Option<string[]>("--compare") { Description = "Two plans of a query: what changed from the first to the second", HelpName = "A B", Arity = new ArgumentArity(2, 2), AllowMultipleArgumentsPerToken = true };
        var html = new Option<string?>("--html") { Description = "Write the drawn plan to this file too, as a page that needs no network", HelpName = "FILE" };
        var command = new Command("explain", "Why is this query slow?") { plan, query, Options.Target, Options.Dsn, twin, analyze, compare, html, Options.Record, Options.Format };
        command.SetAction((parse, cancellation) => Session.RunAsync(parse, async (session, stop) =>
        {
            var pair = parse.GetValue(compare) is { Length: 2 } both ? both : null;
            if (pair is not null && parse.GetValue(plan) is not null)
                throw new SkillInputException("--compare takes both plans: leave --plan out.");
            var later = pair?[1] ?? parse.GetValue(plan);
            var text = later is { } file ? (await Session.ReadAsync(file, stop)).Text : null;
            await using var target = await session.ConnectAsync(parse, stop);
            var result = await ExplainPlanEngine.RunAsync(
                new ExplainRequest
                {
                    PlanText = text,
                    Before = pair is null ? null : (await Session.ReadAsync(pair[0], stop)).Text,
                    Query = parse.GetValue(query),
                    Target = target,
                    Snapshot = parse.GetValue(twin) is { } written ? await TwinCommand.SnapshotAsync(written, stop) : null,
                    Analyze = parse.GetValue(analyze),
                    Memory = session.Architect.Memory,
                    Earlier = session.Architect.Earlier,
                },
                stop);
            session.Conclude("explain_plan", Conclusion.Of(result, later ?? parse.GetValue(Options.Target) ?? parse.GetValue(twin)) with { Sql = parse.GetValue(query) });
            if (parse.GetValue(html) is { } page)
                await File.WriteAllTextAsync(page, session.Architect.Conceal(PlanHtml.Render(result)), stop);
            session.Write(await session.KeepAsync(result, parse, stop), (found, width) => ExplainText.Render(found, width));
            return Session.Clean;
        }, cancellation));
        return command;
    }
}
