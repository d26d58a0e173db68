using System.Collections.Immutable;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>CREATE TABLE … PARTITION OF, or DROP TABLE of a partition, of an existing table.</summary>
internal sealed class PartitionDdlLocksParent : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "partition-ddl-locks-parent";

    /// <inheritdoc />
    public override string Title => "Making or dropping a partition locks the whole partitioned table";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, 5.12.2.2 Partition Maintenance";

    /// <inheritdoc />
    public override bool IsAdvice => true;

    /// <inheritdoc />
    protected override ImmutableArray<Type> Concerns => [typeof(CreateTable), typeof(DropObjects)];

    /// <inheritdoc />
    public override IEnumerable<Finding> Judge(StatementContext context)
    {
        if (context.Statement is CreateTable { PartitionOf: { } parent } create && context.IsExisting(parent) && !(create.IfNotExists && context.Schema.Table(create.Table) is not null))
        {
            yield return Report(context, create.Span, Severity.Info, parent,
                $"Takes ACCESS EXCLUSIVE on {Quote(parent)} for a moment, and waits for every query on it. Create the table by itself (LIKE … INCLUDING ALL) and ATTACH it: SHARE UPDATE EXCLUSIVE.") with
            {
                Lock = LockMode.AccessExclusive,
            };
        }

        if (context.Statement is not DropObjects { Kind: ObjectKind.Table } drop)
            yield break;
        foreach (var partition in drop.Names.Select(context.Schema.Table).OfType<TableModel>().Where(table => table.PartitionOf is { } of && context.IsExisting(of)))
        {
            yield return Report(context, drop.Span, Severity.Info, partition.PartitionOf,
                $"Takes ACCESS EXCLUSIVE on {Quote(partition.PartitionOf!)} too, and waits for every query on it. DETACH PARTITION {Quote(partition.Name)} CONCURRENTLY first, then drop it.") with
            {
                Lock = LockMode.AccessExclusive,
            };
        }
    }
}
