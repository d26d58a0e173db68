using System.CommandLine;
using AgentHost.Composition;
using AgentHost.Skills;
using AgentHost.Skills.ReviewMigration;

namespace AgentHost.Cli;

/// <summary><c>agenthost review</c>.</summary>
internal static class ReviewCommand
{
    /// <summary>The verb.</summary>
    public static Command Create()
    {
        var path = new Argument<string>("migration") { Description = "A file, a folder of *.sql in order, or - for stdin", HelpName = "FILE|DIR|-" };
        var schema = new Option<string[]>("--schema") { Description = "DDL before the migration; may be repeated", HelpName = "PATH" };
        var version = Options.Number("--pg-version", ReviewMigrationEngine.OldestVersion, ReviewMigrationEngine.NewestVersion, "The target's major version (default: 17)");
        var transaction = Options.Choice("--transaction", "auto", ["on", "off", "auto"], "Whether the runner wraps each file in a transaction");
        var prove = new Option<bool>("--prove") { Description = "Run it on a scratch database and show what was observed" };
        var failOn = Options.Choice("--fail-on", "error", ["error", "warning"], "Findings from here on make exit code 1");
        var command = new Command("review", "Is this migration safe on a busy database?") { path, schema, version, transaction, prove, failOn, Options.Format };
        command.SetAction((parse, cancellation) => Session.RunAsync(parse, async (session, stop) =>
        {
            var files = await Session.ReadScriptsAsync(parse.GetValue(path)!, stop);
            var bases = new List<MigrationSource>();
            foreach (var file in parse.GetValue(schema) ?? [])
                bases.AddRange((await Session.ReadScriptsAsync(file, stop)).Select(text => new MigrationSource(text.Name, text.Text)));
            var result = await ReviewMigrationEngine.RunAsync(
                new ReviewRequest([.. files.Select(text => new MigrationSource(text.Name, text.Text))])
                {
                    Schema = [.. bases],
                    PgVersion = parse.GetValue(version) ?? session.Architect.Configuration.PostgresVersion ?? 17,
                    Transaction = Enum.Parse<TransactionMode>(parse.GetValue(transaction)!, ignoreCase: true),
                    InOrder = Directory.Exists(parse.GetValue(path)),
                    Prove = parse.GetValue(prove),
                    Memory = session.Architect.Memory,
                    Progress = Session.Progress,
                },
                stop);
            session.Write(result, ReviewText.Render);
            return result.Worst >= Enum.Parse<Severity>(parse.GetValue(failOn)!, ignoreCase: true) ? Session.Findings : Session.Clean;
        }, cancellation));
        return command;
    }
}
