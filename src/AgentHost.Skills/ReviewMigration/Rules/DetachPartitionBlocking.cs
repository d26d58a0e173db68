using System.Collections.Immutable;
using AgentHost.Skills.ReviewMigration.Fixing;
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
                Fix = hasForm ? SafeForm(context, alter, detach) : null,
            };
        }
    }

    /// <summary>PostgreSQL leaves a CHECK of the bound behind, unless the partition has one that implies it; the plain form does not.</summary>
    private static Fix SafeForm(StatementContext context, AlterTable alter, DetachPartition detach)
    {
        string partition = Quote(detach.Partition), concurrently = $"ALTER TABLE {Quote(alter.Table)} DETACH PARTITION {partition} CONCURRENTLY";
        if (context.Schema.Table(alter.Table) is not { PartitionKey: { IsEmpty: false } key } || context.Schema.Table(detach.Partition) is not { } model)
            return new Fix("Detach it concurrently; PostgreSQL leaves a CHECK of the bound on it", concurrently + ";");
        string check = NotNullProof.Free(model, key is [{ } column] ? $"{detach.Partition.Name}_{column}_check" : $"{detach.Partition.Name}_check");
        return Fix.Of("Detach it concurrently, then drop the CHECK that this leaves", detach.Span,
            new FixStep(concurrently, FixRun.Outside), new FixStep($"ALTER TABLE {partition} DROP CONSTRAINT IF EXISTS {Quote(check)}"));
    }
}
