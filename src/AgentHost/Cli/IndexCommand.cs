using System.CommandLine;
using AgentHost.Composition;
using AgentHost.Skills;
using AgentHost.Skills.RecommendIndex;
using AgentHost.Workspaces;

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
        var twin = new Option<string?>("--twin") { Description = "Instead of a database: what agenthost twin wrote of it", HelpName = "FILE" };
        var schema = new Option<string?>("--schema") { Description = "Instead of a database: its schema as SQL, with --rows; a file, a folder or - for stdin", HelpName = "PATH|-" };
        var seconds = Options.Number("--budget-seconds", 1, 86_400, "The most seconds that the search may take (60)");
        var unverified = new Option<bool>("--no-verify") { Description = "Ask the planner alone: measure nothing on rows that are made after the statistics" };
        var command = new Command("index", "Which indexes does this workload need?") { Options.Target, Options.Dsn, twin, schema, Options.Rows, queries, workload, budget, most, seconds, unverified, Options.Record, Options.Format };
        command.SetAction((parse, cancellation) => Session.RunAsync(parse, async (session, stop) =>
        {
            var text = parse.GetValue(queries) is { } file ? (await Session.ReadAsync(file, stop)).Text : null;
            if (text is null && !parse.GetValue(workload))
                throw new SkillInputException("Give the queries: --queries FILE, or --workload to take them from the target.");
            var snapshot = parse.GetValue(twin) is { } written ? await TwinCommand.SnapshotAsync(written, stop)
                : parse.GetValue(schema) is { } path ? await DerivedSchema.ReadAsync(await Session.ReadScriptsAsync(path, stop), parse.GetValue(Options.Rows) ?? [], stop)
                : null;
            await using var target = snapshot is not null ? null : await session.ConnectAsync(parse, stop)
                ?? throw new SkillInputException("Name the database: --target NAME or --dsn URL; or give what is known of it: --twin FILE, or --schema PATH with --rows.");
            var result = await RecommendIndexEngine.RunAsync(
                new IndexRequest
                {
                    Target = target,
                    Snapshot = snapshot,
                    VerifySeconds = parse.GetValue(unverified) ? null : IndexRequest.DefaultVerifySeconds,
                    BudgetSeconds = parse.GetValue(seconds) ?? 60,
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
