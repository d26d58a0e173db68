using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration;

/// <summary>A table-level lock that a statement asks for.</summary>
internal sealed record LockRequest(QualifiedName Relation, LockMode Mode);

/// <summary>The table-level locks that statements ask for on relations that others use (manual, 13.3.1 and the page of each statement).</summary>
internal static class LockRequests
{
    /// <summary>The locks on existing relations, strongest first.</summary>
    public static IEnumerable<LockRequest> Of(StatementContext context) =>
        All(context).Where(request => context.IsExisting(request.Relation)).OrderByDescending(request => request.Mode);

    private static IEnumerable<LockRequest> All(StatementContext context) => context.Statement switch
    {
        AlterTable { Kind: ObjectKind.Table or ObjectKind.View or ObjectKind.MaterializedView } alter => Of(alter, context.Schema),
        CreateIndex create => [new(create.Table, create.Concurrently ? LockMode.ShareUpdateExclusive : LockMode.Share)],
        DropObjects drop => Of(drop, context.Schema),
        RenameColumn rename => [new(rename.Relation, LockMode.AccessExclusive)],
        RenameConstraint rename => [new(rename.Table, LockMode.AccessExclusive)],
        RenameObject { Kind: ObjectKind.Table or ObjectKind.View or ObjectKind.MaterializedView } rename =>
            [new(rename.From, context.Schema.Index(rename.From) is null ? LockMode.AccessExclusive : LockMode.ShareUpdateExclusive)],
        MoveToSchema { Kind: ObjectKind.Table or ObjectKind.View or ObjectKind.MaterializedView } move => [new(move.Name, LockMode.AccessExclusive)],
        CreateTable create => Of(create),
        Truncate truncate => truncate.Tables.Select(table => new LockRequest(table, LockMode.AccessExclusive)),
        Vacuum { IsFull: true } vacuum => vacuum.Tables.Select(table => new LockRequest(table, LockMode.AccessExclusive)),
        Cluster { Table: { } table } => [new(table, LockMode.AccessExclusive)],
        Reindex { Target: ReindexTarget.Table, Name: { } table } reindex => [new(table, Mode(reindex))],
        Reindex { Target: ReindexTarget.Index, Name: { } index } reindex when context.Schema.Index(index) is { } model => [new(model.Table, Mode(reindex))],
        RefreshMaterializedView { Concurrently: false } refresh => [new(refresh.View, LockMode.AccessExclusive)],
        LockTable locked => locked.Tables.Select(table => new LockRequest(table, locked.Mode)),
        CreateTrigger trigger => [new(trigger.Table, LockMode.ShareRowExclusive)],
        CreatePolicy policy => [new(policy.Table, LockMode.AccessExclusive)],
        _ => [],
    };

    private static LockMode Mode(Reindex reindex) => reindex.Concurrently ? LockMode.ShareUpdateExclusive : LockMode.Share;

    private static IEnumerable<LockRequest> Of(AlterTable alter, SchemaModel schema)
    {
        foreach (var action in alter.Actions)
        {
            yield return new(alter.Table, Mode(action));
            switch (action)
            {
                case AddConstraint { Constraint: { Kind: ConstraintKind.ForeignKey, References: { } target } }:
                    yield return new(target, LockMode.ShareRowExclusive);
                    break;
                case AddColumn add:
                    foreach (var key in add.Column.Constraints.Where(constraint => constraint.References is not null))
                        yield return new(key.References!, LockMode.ShareRowExclusive);
                    break;
                case DropConstraint drop when schema.Table(alter.Table)?.Constraint(drop.Name)?.References is { } target:
                    yield return new(target, LockMode.AccessExclusive);
                    break;
                case AttachPartition attach:
                    yield return new(attach.Partition, LockMode.AccessExclusive);
                    break;
                case DetachPartition detach:
                    yield return new(detach.Partition, detach.Concurrently ? LockMode.ShareUpdateExclusive : LockMode.AccessExclusive);
                    break;
            }
        }
    }

    private static LockMode Mode(AlterAction action) => action switch
    {
        ValidateConstraint or AttachPartition or DetachPartition { Concurrently: true } => LockMode.ShareUpdateExclusive,
        AddConstraint { Constraint.Kind: ConstraintKind.ForeignKey } => LockMode.ShareRowExclusive,
        OtherAction { Kind: "AT_SetStatistics" or "AT_SetOptions" or "AT_ResetOptions" or "AT_SetRelOptions" or "AT_ResetRelOptions" or "AT_ClusterOn" or "AT_DropCluster" } =>
            LockMode.ShareUpdateExclusive,
        OtherAction { Kind: var kind } when kind.StartsWith("AT_EnableTrig", StringComparison.Ordinal) || kind.StartsWith("AT_DisableTrig", StringComparison.Ordinal) =>
            LockMode.ShareRowExclusive,
        _ => LockMode.AccessExclusive,
    };

    private static IEnumerable<LockRequest> Of(DropObjects drop, SchemaModel schema) => drop.Kind switch
    {
        ObjectKind.Table or ObjectKind.View or ObjectKind.MaterializedView => drop.Names.Select(name => new LockRequest(name, LockMode.AccessExclusive)),
        ObjectKind.Index when !drop.Concurrently => drop.Names.Select(name => new LockRequest(schema.Index(name)?.Table ?? name, LockMode.AccessExclusive)),
        ObjectKind.Trigger or ObjectKind.Policy => drop.Tables.Select(table => new LockRequest(table, LockMode.AccessExclusive)),
        _ => [],
    };

    private static IEnumerable<LockRequest> Of(CreateTable create)
    {
        if (create.PartitionOf is { } parent)
            yield return new(parent, LockMode.AccessExclusive);
        foreach (var parentTable in create.Inherits)
            yield return new(parentTable, LockMode.ShareUpdateExclusive);
        foreach (var key in create.Constraints.Concat(create.Columns.SelectMany(column => column.Constraints)).Where(constraint => constraint.References is not null))
            yield return new(key.References!, LockMode.ShareRowExclusive);
    }
}
