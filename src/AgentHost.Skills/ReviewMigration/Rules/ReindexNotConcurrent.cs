using System.Collections.Immutable;
using AgentHost.Skills.ReviewMigration.Fixing;
using AgentHost.Skills.ReviewMigration.Sizes;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>REINDEX without CONCURRENTLY of what existed before.</summary>
internal sealed class ReindexNotConcurrent : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "reindex-not-concurrent";

    /// <inheritdoc />
    public override string Title => "REINDEX blocks writes, and reads that would use the index, until it is rebuilt";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, REINDEX, Rebuilding Indexes Concurrently";

    /// <inheritdoc />
    public override TableWork Work => TableWork.AllIndexes;

    /// <inheritdoc />
    protected override ImmutableArray<Type> Concerns => [typeof(Reindex)];

    /// <inheritdoc />
    public override IEnumerable<Finding> Judge(StatementContext context)
    {
        if (context.Statement is not Reindex { Concurrently: false } reindex)
            yield break;
        var table = reindex.Target switch
        {
            ReindexTarget.Table => reindex.Name,
            ReindexTarget.Index => context.Schema.Index(reindex.Name!)?.Table,
            _ => null,
        };
        if (table is not null && !context.IsExisting(table))
            yield break;
        string what = reindex.Target switch
        {
            ReindexTarget.Table => Quote(reindex.Name!),
            ReindexTarget.Index => table is null ? "the index's table" : Quote(table),
            ReindexTarget.Schema => $"every table of schema {Quote(reindex.Name!)}, one after another",
            _ => "every table, one after another",
        };
        yield return Report(context, reindex.Span, Severity.Error, table,
            $"Blocks writes to {what} (SHARE) and every query that could use the index (ACCESS EXCLUSIVE on it) while it is rebuilt. "
            + (context.PgVersion < 12
                ? "Before version 12: build a second index concurrently, then drop this one concurrently."
                : "Use REINDEX … CONCURRENTLY, outside a transaction.")) with
        {
            Lock = LockMode.Share,
            Rewrites = true,
            Scans = true,
            Fix = context.PgVersion >= 12 && reindex is { Target: ReindexTarget.Table or ReindexTarget.Index, Name: { } name }
                ? Fix.Of("Rebuild it concurrently", reindex.Span, new FixStep($"REINDEX {reindex.Target.ToString().ToUpperInvariant()} CONCURRENTLY {Quote(name)}", FixRun.Outside))
                : null,
        };
    }
}
