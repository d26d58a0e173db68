using System.Collections.Immutable;
using AgentHost.Skills.ReviewMigration.Fixing;
using AgentHost.Skills.ReviewMigration.Sizes;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>CREATE INDEX on a partitioned table: it recurses, and there is no concurrent form.</summary>
internal sealed class PartitionedParentIndexLock : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "partitioned-parent-index-lock";

    /// <inheritdoc />
    public override string Title => "The index of a partitioned table has no concurrent form and stops writes to all partitions";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, CREATE INDEX, Building Indexes Concurrently; 5.12.2.2 Partition Maintenance";

    /// <inheritdoc />
    public override TableWork Work => TableWork.IndexBuild;

    /// <inheritdoc />
    protected override ImmutableArray<Type> Concerns => [typeof(CreateIndex)];

    /// <inheritdoc />
    public override IEnumerable<Finding> Judge(StatementContext context)
    {
        // Without a partition there is nothing to build.
        if (context.Statement is not CreateIndex { Concurrently: false, Only: false } create || !context.IsExisting(create.Table)
            || context.Schema.Table(create.Table) is not { IsPartitioned: true } || !context.Schema.PartitionsOf(create.Table).Any(partition => context.IsExisting(partition.Name))
            || IndexNotConcurrent.IsThere(context, create) || InvalidSql.MissingKey(context, create) is not null)
        {
            yield break;
        }

        yield return Report(context, create.Span, Severity.Error, create.Table,
            $"Blocks every write to {Quote(create.Table)} and all its partitions (SHARE) until all indexes are built; a partitioned table has no CONCURRENTLY. "
            + "Create it ON ONLY the parent, concurrently on each partition, and attach those.") with
        {
            Lock = LockMode.Share,
            Scans = true,
            Fix = PartitionedIndexFix.Of(context, create),
        };
    }
}
