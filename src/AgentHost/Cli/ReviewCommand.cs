using System.Collections.Immutable;
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
        var paths = new Argument<string[]>("migration") { Description = "Files, a folder of *.sql in order, or - for stdin", HelpName = "FILE|DIR|-", Arity = ArgumentArity.OneOrMore };
        var schema = new Option<string[]>("--schema") { Description = "DDL before the migration; may be repeated", HelpName = "PATH" };
        var version = Options.Number("--pg-version", ReviewMigrationEngine.OldestVersion, ReviewMigrationEngine.NewestVersion, "The target's major version (default: 17)");
        var transaction = Options.Choice("--transaction", "auto", ["on", "off", "auto"], "Whether the runner wraps each file in a transaction");
        var prove = new Option<bool>("--prove") { Description = "Run it on a scratch database and show what was observed" };
        var failOn = Options.Choice("--fail-on", "error", ["error", "warning"], "Findings from here on make exit code 1");
        var command = new Command("review", "Is this migration safe on a busy database?") { paths, schema, version, transaction, prove, failOn, Options.Format };
        command.SetAction((parse, cancellation) => Session.RunAsync(parse, async (session, stop) =>
        {
            var given = parse.GetValue(paths)!;
            var result = await ReviewMigrationEngine.RunAsync(
                new ReviewRequest(await ReadAsync(given, stop))
                {
                    Schema = await ReadAsync(parse.GetValue(schema) ?? [], stop),
                    PgVersion = parse.GetValue(version) ?? session.Architect.Configuration.PostgresVersion ?? 17,
                    Transaction = Enum.Parse<TransactionMode>(parse.GetValue(transaction)!, ignoreCase: true),
                    InOrder = given is [var only] && Directory.Exists(only),
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

    private static async Task<ImmutableArray<MigrationSource>> ReadAsync(string[] paths, CancellationToken cancellation)
    {
        var sources = ImmutableArray.CreateBuilder<MigrationSource>();
        foreach (var path in paths)
            sources.AddRange((await Session.ReadScriptsAsync(path, cancellation)).Select(text => new MigrationSource(text.Name, text.Text)));
        return sources.ToImmutable();
    }
}
