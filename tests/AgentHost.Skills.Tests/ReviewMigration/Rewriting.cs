using System.Collections.Immutable;
using AgentHost.Postgres;
using AgentHost.Skills.ReviewMigration;
using AgentHost.Skills.ReviewMigration.Fixing;
using AgentHost.Sql;

namespace AgentHost.Skills.Tests.ReviewMigration;

/// <summary>Rewrites a text, reviews the result and runs both.</summary>
internal static class Rewriting
{
    public static async Task<ReviewedFile> RewriteAsync(
        string sql, string schema, TransactionMode transaction = TransactionMode.Off, int version = 17, string name = "0042_change.sql", ImmutableArray<string> neighbours = default)
    {
        var file = (await ReviewMigrationEngine.RunAsync(new ReviewRequest([new(name, sql)])
        {
            Schema = [new("schema.sql", schema)],
            PgVersion = version,
            Transaction = transaction,
            Fix = true,
            Neighbours = neighbours,
        })).Files[0];
        Assert.NotNull(file.Rewrite);
        return file;
    }

    /// <summary>What a review of the rewritten files finds, in their order.</summary>
    public static async Task<string[]> AgainAsync(MigrationRewrite rewrite, string schema, TransactionMode transaction, int version = 17)
    {
        var again = await ReviewMigrationEngine.RunAsync(new ReviewRequest([.. rewrite.Files.Select(file => new MigrationSource(file.Name, file.Text))])
        {
            Schema = [new("schema.sql", schema)],
            PgVersion = version,
            Transaction = transaction,
            InOrder = true,
        });
        return [.. again.Files.SelectMany(file => file.Findings).Where(finding => finding is { WaivedBy: null, Severity: >= Severity.Warning }).Select(finding => finding.Rule)];
    }

    /// <summary>Runs the original and the rewritten files, and compares the catalogs.</summary>
    public static async Task<RewriteProof.Verdict> CompareAsync(string sql, MigrationRewrite rewrite, string schema, TransactionMode transaction)
    {
        await using var server = await PrivateServer.ConnectAsync();
        var file = MigrationFile.Read(new MigrationSource("original.sql", sql));
        var script = PartialScript.Parse(file.UpText).Script;
        return await RewriteProof.CompareAsync(server, [SqlParser.Parse(schema)], (script, TransactionState.Start(file, script, transaction).IsOpen), rewrite, transaction, rows: null, CancellationToken.None);
    }

    public static string Shown(MigrationRewrite rewrite) => string.Join("\n", rewrite.Files.Select(file => $"=== {file.Name}\n{file.Text}"))
        + string.Join("\n", rewrite.Remaining.Select(left => $"left: {left}")) + rewrite.Refusal;
}
