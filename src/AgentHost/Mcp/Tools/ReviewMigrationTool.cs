using AgentHost.Composition;
using AgentHost.Skills;
using AgentHost.Skills.ReviewMigration;
using AgentHost.Skills.ReviewMigration.Fixing;

namespace AgentHost.Mcp.Tools;

/// <summary>The tool <c>review_migration</c>.</summary>
internal static class ReviewMigrationTool
{
    /// <summary>The tool's function over the parts of <paramref name="architect"/>.</summary>
    public static SkillFunction Create(Architect architect) => new(
        new ToolCard("review_migration", "Review a migration",
            "Judge a PostgreSQL migration before it runs on a busy database: locks, rewrites, scans, lost data, broken clients, each with the safe form as SQL. " +
            "With the base schema and prove=true it is run on a scratch database and the locks are observed.")
        {
            InputSchema = ToolCard.Schema("""
                {"type":"object","properties":{
                "sql":{"type":"string","description":"The migration; or give path"},
                "path":{"type":"string","description":"File, or folder of *.sql in order, in the workspace"},
                "schema":{"type":"string","description":"DDL before the migration"},
                "schemaPath":{"type":"string","description":"The same as a file, a folder, or a snapshot of a database"},
                "target":{"type":"string","description":"Name of a configured database: its schema and sizes, read from the catalogs"},
                "pgVersion":{"type":"integer","minimum":10,"maximum":18,"description":"Default: the target's, else 17"},
                "transaction":{"type":"string","enum":["auto","on","off"],"default":"auto","description":"Whether the runner wraps a file in a transaction"},
                "prove":{"type":"boolean"},
                "fix":{"type":"boolean","description":"Also answer it rewritten with every fix in place"},
                "record":{"type":"boolean","description":"Keep its proposals"}}}
                """),
            OutputSchema = ToolCard.Schema("""
                {"type":"object","properties":{"files":{"type":"array","description":"path, verdict, findings"},
                "precedents":{"type":"array"},"memoryProblems":{},"proposals":{},"recorded":{}},"required":["files","precedents"]}
                """),
            ReadOnly = false,
            OpenWorld = true,
        },
        async (call, cancellation) =>
        {
            var given = call.Arguments;
            var files = Inputs.Scripts(architect, given, "sql", "path") ?? throw new SkillInputException("Give the migration: 'sql', or 'path' in the workspace.");
            var snapshot = given.Text("schemaPath") is { } file ? await architect.Workspace.ReadSnapshotAsync(file, cancellation) : null;
            if (snapshot is not null && (given.Text("target") ?? given.Text("schema")) is not null)
                throw new SkillInputException("A snapshot as 'schemaPath' is the whole database: leave 'target' and 'schema' out.");
            var target = given.Text("target") is { } name ? await architect.ReadCatalogAsync(name, cancellation) : snapshot;
            var result = await ReviewMigrationEngine.RunAsync(
                new ReviewRequest([.. files.Select(file => new MigrationSource(file.Name, file.Text) { NoTransaction = file.NoTransaction })])
                {
                    Schema = [.. ((snapshot is null ? Inputs.Scripts(architect, given, "schema", "schemaPath") : null) ?? []).Select(file => new MigrationSource(file.Name, file.Text))],
                    Downs = given.Text("path") is { } path && files is [_] && architect.Workspace.ReadDown(path) is { } down ? [new MigrationSource(down.Name, down.Text)] : [],
                    Target = target,
                    PgVersion = given.Number("pgVersion", ReviewMigrationEngine.OldestVersion, ReviewMigrationEngine.NewestVersion) ?? target?.MajorVersion ?? architect.Configuration.PostgresVersion ?? 17,
                    Transaction = Enum.Parse<TransactionMode>(given.Choice("transaction", "auto", "on", "off") ?? "auto", ignoreCase: true),
                    InOrder = files.Count > 1,
                    Prove = given.Flag("prove"),
                    Fix = given.Flag("fix"),
                    Ignore = [.. architect.Configuration.IgnoredRules],
                    Memory = architect.Memory,
                    Progress = call.Progress,
                },
                cancellation);
            var kept = await result.KeptAsync(architect.Memory, given.Flag("record"), call.Client, cancellation);
            return Answers.Of(
                kept.Rendered(found => given.Flag("fix") ? RewriteText.Render(found, withFiles: true) : ReviewText.Render(found)), ReviewDigest.Of(kept.Told), Conclusion.Of(result) with { Sql = given.Text("sql") });
        });
}
