using System.Collections.Immutable;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>DETACH PARTITION without CONCURRENTLY of an existing partition.</summary>
internal sealed class DetachPartitionBlocking : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "detach-partition-blocking";

    /// <inheritdoc />
    public override string Title => "DETACH PARTITION blocks everyone on the whole partitioned table";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, ALTER TABLE, DETACH PARTITION";

    /// <inheritdoc />
    protected override ImmutableArray<Type> Concerns => [typeof(DetachPartition)];

    /// <inheritdoc />
    public override IEnumerable<Finding> Judge(StatementContext context)
    {
        foreach (var (alter, detach) in ActionsOnExisting<DetachPartition>(context))
        {
            if (detach.Concurrently || !context.IsExisting(detach.Partition))
                continue;
            bool hasDefault = context.Schema.PartitionsOf(alter.Table).Any(partition => partition.IsDefaultPartition);
            bool hasForm = context.PgVersion >= 14 && !hasDefault;
            yield return Report(context, detach.Span, Severity.Error, alter.Table,
                $"Takes ACCESS EXCLUSIVE on {Quote(alter.Table)}: it waits for every running query on any partition, and everyone queues behind it. "
                + (hasForm ? "Use DETACH PARTITION … CONCURRENTLY, outside a transaction."
                    : hasDefault ? "CONCURRENTLY is refused while there is a DEFAULT partition: set a short lock_timeout and retry."
                    : "CONCURRENTLY needs version 14: set a short lock_timeout and retry.")) with
            {
                Lock = LockMode.AccessExclusive,
                Fix = hasForm ? new Fix("Detach it concurrently", $"ALTER TABLE {Quote(alter.Table)} DETACH PARTITION {Quote(detach.Partition)} CONCURRENTLY;") : null,
            };
        }
    }
}
