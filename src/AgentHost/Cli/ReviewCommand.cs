using System.Collections.Immutable;
using System.CommandLine;
using AgentHost.Composition;
using AgentHost.Mcp;
using AgentHost.Skills;
using AgentHost.Skills.ReviewMigration;
using AgentHost.Skills.ReviewMigration.Fixing;
using AgentHost.Skills.ReviewMigration.Formats;
using AgentHost.Workspaces;
using Spectre.Console;

namespace AgentHost.Cli;

/// <summary><c>agenthost review</c>.</summary>
internal static class ReviewCommand
{
    /// <summary>The verb.</summary>
    public static Command Create()
    {
        var paths = new Argument<string[]>("migration") { Description = "Files, a folder of *.sql in order, or - for stdin", HelpName = "FILE|DIR|-", Arity = ArgumentArity.ZeroOrMore };
        var schema = new Option<string[]>("--schema") { Description = "The database before the migration: DDL, a folder of migrations, a target's name or a postgres:// URL; may be repeated", HelpName = "PATH|NAME|URL" };
        var version = Options.Number("--pg-version", ReviewMigrationEngine.OldestVersion, ReviewMigrationEngine.NewestVersion, "The target's major version (default: that of a target given as --schema, else 17)");
        var transaction = Options.Choice("--transaction", "auto", ["on", "off", "auto"], "Whether the runner wraps each file in a transaction");
        var prove = new Option<bool>("--prove") { Description = "Run it on a scratch database and show what was observed" };
        var fix = new Option<string?>("--fix") { Description = "Write the migrations anew into DIR, with every fix that can be put in place", HelpName = "DIR" };
        var failOn = Options.Choice("--fail-on", "error", ["error", "warning"], "Findings from here on make exit code 1");
        var format = Options.Choice("--format", "pretty", ["pretty", "json", "sarif", "github", "junit", "markdown"], "How the answer is written");
        var only = Rules("--only", "Judge by these rules alone");
        var ignore = Rules("--ignore", "Leave these rules out, besides those that agenthost.json leaves out");
        var list = new Option<bool>("--list-rules") { Description = "List the rules and do nothing else" };
        var explain = new Option<string?>("--explain") { Description = "Show a rule's page and do nothing else", HelpName = "RULE" };
        var command = new Command("review", "Is this migration safe on a busy database?") { paths, schema, version, transaction, prove, fix, failOn, only, ignore, Options.Record, format, list, explain };
        command.Validators.Add(result =>
        {
            if (result.GetValue(paths) is null or [] && !result.GetValue(list) && result.GetValue(explain) is null)
                result.AddError("Give the migrations: files, a folder, or - for stdin.");
        });
        command.SetAction((parse, cancellation) => Session.RunAsync(parse, async (session, stop) =>
        {
            if (parse.GetValue(list))
                return ListRules();
            if (parse.GetValue(explain) is { } rule)
                return ExplainRule(session, rule);
            var given = parse.GetValue(paths)!;
            var (texts, target) = await SchemaSources.ReadAsync(session, parse.GetValue(schema) ?? [], stop);
            var result = await ReviewMigrationEngine.RunAsync(
                new ReviewRequest(await ReadAsync(given, stop))
                {
                    Schema = texts,
                    Downs = ReadDowns(given),
                    Target = target,
                    PgVersion = parse.GetValue(version) ?? target?.MajorVersion ?? session.Architect.Configuration.PostgresVersion ?? 17,
                    Transaction = Enum.Parse<TransactionMode>(parse.GetValue(transaction)!, ignoreCase: true),
                    InOrder = given is [var single] && Directory.Exists(single),
                    Prove = parse.GetValue(prove),
                    Fix = parse.GetValue(fix) is not null,
                    Neighbours = given is [var file] && File.Exists(file) ? [.. Directory.EnumerateFiles(Path.GetDirectoryName(Path.GetFullPath(file))!, "*.sql").Select(other => Path.Combine(Path.GetDirectoryName(file)!, Path.GetFileName(other)))] : [],
                    Only = [.. parse.GetValue(only) ?? []],
                    Ignore = [.. session.Architect.Configuration.IgnoredRules, .. parse.GetValue(ignore) ?? []],
                    Memory = session.Architect.Memory,
                    Progress = Session.Progress,
                },
                stop);
            session.Conclude("review_migration", Conclusion.Of(result) with { Sql = string.Join("\n", result.Files.Select(file => file.Source)) });
            var kept = await session.KeepAsync(result, parse, stop);
            result = kept.Told;
            var threshold = Enum.Parse<Severity>(parse.GetValue(failOn)!, ignoreCase: true);
            if (parse.GetValue(fix) is { } folder)
            {
                RewrittenFolder.Write(result, folder, given is [var reviewed] && Directory.Exists(reviewed) ? reviewed : null);
                if (parse.GetValue(format) == "pretty")
                {
                    session.Write(kept, (review, _) => RewriteText.Render(review, withFiles: false));
                    return result.Files.Any(file => file.Rewrite?.Remaining.Any(left => left.Severity >= threshold) == true) ? Session.Findings : Session.Clean;
                }
            }

            switch (parse.GetValue(format))
            {
                case "sarif": session.WriteAsIs(SarifReport.Render(result, ArchitectServer.Version)); break;
                case "github": session.WriteAsIs(GitHubAnnotations.Render(result)); break;
                case "junit": session.WriteAsIs(JUnitReport.Render(result, threshold)); break;
                case "markdown": session.WriteAsIs(MarkdownReport.Render(result)); break;
                default: session.Write(kept, (review, width) => ReviewText.Render(review, width, showSource: true)); break;
            }
            return result.Worst >= threshold ? Session.Findings : Session.Clean;
        }, cancellation));
        return command;
    }

    private static Option<string[]> Rules(string name, string description) =>
        new(name) { Description = description, HelpName = "RULE", AllowMultipleArgumentsPerToken = false };

    private static int ListRules()
    {
        foreach (var rule in RuleSummary.All)
            Terminal.Markup($"{(rule.IsAdvice ? "advice" : "hazard")}  [bold]{rule.Id.PadRight(36).EscapeMarkup()}[/] {rule.Title.EscapeMarkup()}");
        return Session.Clean;
    }

    private static int ExplainRule(Session session, string rule)
    {
        var page = session.Architect.Documents.Documents.FirstOrDefault(document => document is { Kind: "rule" } && document.Slug == rule)
            ?? throw new SkillInputException($"There is no rule '{rule}'. agenthost review --list-rules names them all.");
        session.WriteAsIs(page.Text);
        return Session.Clean;
    }

    /// <summary>What lies beside files given one by one and undoes them.</summary>
    private static ImmutableArray<MigrationSource> ReadDowns(string[] paths) =>
        [.. TextFile.ReadDowns(paths.Where(path => path != "-").Select(path => (Path.GetFullPath(path), path)), file => file).Select(text => new MigrationSource(text.Name, text.Text))];

    private static async Task<ImmutableArray<MigrationSource>> ReadAsync(string[] paths, CancellationToken cancellation)
    {
        var sources = ImmutableArray.CreateBuilder<MigrationSource>();
        foreach (var path in paths)
            sources.AddRange((await Session.ReadScriptsAsync(path, cancellation)).Select(text => new MigrationSource(text.Name, text.Text) { NoTransaction = text.NoTransaction }));
        return sources.ToImmutable();
    }
}
