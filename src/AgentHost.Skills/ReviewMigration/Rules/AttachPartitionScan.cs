using System.Collections.Immutable;
using AgentHost.Skills.ReviewMigration.Sizes;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>ATTACH PARTITION of a table whose CHECK does not imply the bound, or a new partition beside a DEFAULT one.</summary>
internal sealed class AttachPartitionScan : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "attach-partition-scan";

    /// <inheritdoc />
    public override string Title => "Attaching a partition scans it, or the DEFAULT partition, while it cannot be used";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, ALTER TABLE, ATTACH PARTITION";

    /// <inheritdoc />
    public override TableWork Work => TableWork.Scan;

    /// <inheritdoc />
    protected override ImmutableArray<Type> Concerns => [typeof(AttachPartition), typeof(CreateTable)];

    /// <inheritdoc />
    public override IEnumerable<Finding> Judge(StatementContext context)
    {
        foreach (var (alter, attach) in ActionsOnExisting<AttachPartition>(context))
        {
            if (context.IsExisting(attach.Partition) && Judge(context, alter, attach) is { } finding)
                yield return finding;
            if (!attach.IsDefault && DefaultOf(context, alter.Table) is { } rest)
                yield return ScansDefault(context, attach.Span, alter.Table, rest) with { Fix = SafeForm(context, alter, attach) };
        }

        if (context.Statement is CreateTable { PartitionOf: { } parent, IsDefaultPartition: false } create && context.IsExisting(parent)
            && !(create.IfNotExists && context.Schema.Table(create.Table) is not null) && DefaultOf(context, parent) is { } other)
        {
            yield return ScansDefault(context, create.Span, parent, other) with
            {
                Fix = create.Bound is { } bound && context.Schema.Table(parent) is { } model ? BoundProof.Fix(context, create.Span, model, bound, child: null, other.Name, context.Text) : null,
            };
        }
    }

    private Finding? Judge(StatementContext context, AlterTable alter, AttachPartition attach)
    {
        var (parent, child) = (context.Schema.Table(alter.Table), context.Schema.Table(attach.Partition));
        bool? implied = attach.IsDefault
            ? parent is not null && !context.Schema.PartitionsOf(alter.Table).Any()
            : child is null ? null : BoundProof.IsImplied(child, parent, attach.Bound);
        if (implied == true)
            return null;
        var (table, partition) = (Quote(alter.Table), Quote(attach.Partition));
        return Report(context, attach.Span, implied is null ? Severity.Warning : Severity.Error, attach.Partition,
            implied is null
                ? $"Does a validated CHECK on {partition} imply the whole bound, and is the key NOT NULL? If not, all of {partition} is read under ACCESS EXCLUSIVE. Give the schema to be sure."
                : $"Reads all of {partition} under ACCESS EXCLUSIVE to prove that every row fits the bound of {table}. "
                    + "Before it, add a CHECK that implies the bound on both sides (and NOT NULL) as NOT VALID, and VALIDATE it.") with
        {
            Lock = LockMode.AccessExclusive,
            Scans = true,
            Fix = implied is null ? null : SafeForm(context, alter, attach),
        };
    }

    /// <summary>One fix for both tables that it may read.</summary>
    private static Fix? SafeForm(StatementContext context, AlterTable alter, AttachPartition attach)
    {
        if (context.Schema.Table(alter.Table) is not { } parent || attach.Bound is not { } bound)
            return null;
        bool isProven = !context.IsExisting(attach.Partition) || (context.Schema.Table(attach.Partition) is { } child && BoundProof.IsImplied(child, parent, bound) == true);
        return BoundProof.Fix(context, attach.Span, parent, bound, isProven ? null : attach.Partition, DefaultOf(context, alter.Table)?.Name,
            $"ALTER TABLE {Quote(alter.Table)} {context.TextOf(attach.Span)}");
    }

    private Finding ScansDefault(StatementContext context, SourceSpan span, QualifiedName parent, TableModel rest) =>
        Report(context, span, Severity.Error, rest.Name,
            $"Reads all of the DEFAULT partition {Quote(rest.Name)} under ACCESS EXCLUSIVE, to see that no row in it belongs to the new partition of {Quote(parent)}. "
            + "First give it a validated CHECK that excludes the new bound.") with
        {
            Lock = LockMode.AccessExclusive,
            Scans = true,
        };

    /// <summary>The DEFAULT partition where it may hold rows and no CHECK speaks of the key.</summary>
    private static TableModel? DefaultOf(StatementContext context, QualifiedName parent)
    {
        var key = context.Schema.Table(parent)?.PartitionKey ?? [];
        return context.Schema.PartitionsOf(parent).FirstOrDefault(partition => partition.IsDefaultPartition && context.IsExisting(partition.Name)
            && !partition.Constraints.Any(constraint => constraint is { Kind: ConstraintKind.Check, NotValid: false } && constraint.Check!.Columns.Any(column => key.Contains(column))));
    }
}
