using System.CommandLine;
using AgentHost.Composition;
using AgentHost.Skills;
using AgentHost.Skills.RecommendIndex;

namespace AgentHost.Cli;

/// <summary><c>agenthost index</c>.</summary>
internal static class IndexCommand
{
    /// <summary>The verb.</summary>
    public static Command Create()
    {
        var queries = new Option<string?>("--queries") { Description = "SQL statements, each with its -- name: and -- weight:, or a server's log; - for stdin", HelpName = "FILE|-" };
        var workload = new Option<bool>("--workload") { Description = "Take the queries from the target's pg_stat_statements" };
        var budget = Options.Number("--budget-mb", 1, int.MaxValue, "The most disk space that new indexes may take, in MB");
        var most = Options.Number("--max-indexes", 1, int.MaxValue, "The most indexes to recommend");
        var command = new Command("index", "Which indexes does this workload need?") { Options.Target, Options.Dsn, queries, workload, budget, most, Options.Record, Options.Format };
        command.SetAction((parse, cancellation) => Session.RunAsync(parse, async (session, stop) =>
        {
            var text = parse.GetValue(queries) is { } file ? (await Session.ReadAsync(file, stop)).Text : null;
            if (text is null && !parse.GetValue(workload))
                throw new SkillInputException("Give the queries: --queries FILE, or --workload to take them from the target.");
            await using var target = await session.ConnectAsync(parse, stop)
                ?? throw new SkillInputException("Name the database whose planner prices the indexes: --target NAME or --dsn URL.");
            var result = await RecommendIndexEngine.RunAsync(
                new IndexRequest
                {
                    Target = target,
                    QueriesText = text,
                    Workload = parse.GetValue(workload),
                    BudgetMb = parse.GetValue(budget),
                    MaxIndexes = parse.GetValue(most),
                    Memory = session.Architect.Memory,
                    Progress = Session.Progress,
                },
                stop);
            session.Conclude("recommend_index", Conclusion.Of(result, parse.GetValue(Options.Target) ?? "--dsn") with { Sql = text });
            session.Write(await session.KeepAsync(result, parse, stop), IndexText.Render);
            return Session.Clean;
        }, cancellation));
        return command;
    }
}
