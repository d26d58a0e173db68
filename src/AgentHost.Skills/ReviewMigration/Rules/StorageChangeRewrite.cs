using System.Collections.Immutable;
using AgentHost.Skills.ReviewMigration.Sizes;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>SET LOGGED, SET UNLOGGED, SET TABLESPACE or SET ACCESS METHOD: the whole relation is copied under ACCESS EXCLUSIVE.</summary>
internal sealed class StorageChangeRewrite : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "storage-change-rewrite";

    /// <inheritdoc />
    public override string Title => "Changing how a table is stored copies all of it";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, ALTER TABLE, SET TABLESPACE, SET LOGGED, SET ACCESS METHOD";

    /// <inheritdoc />
    public override TableWork Work => TableWork.Rewrite;

    /// <inheritdoc />
    protected override ImmutableArray<Type> Concerns => [typeof(OtherAction), typeof(OtherStatement)];

    /// <inheritdoc />
    public override IEnumerable<Finding> Judge(StatementContext context)
    {
        if (context.Statement is OtherStatement { Kind: "AlterTableMoveAllStmt" })
        {
            yield return Report(context, context.Statement.Span, Severity.Error, null,
                "Copies every relation of the tablespace, each under ACCESS EXCLUSIVE. Move one at a time, in a maintenance window.") with
            {
                Lock = LockMode.AccessExclusive,
                Rewrites = true,
                Scans = true,
            };
        }

        if (context.Statement is not AlterTable alter || !IsInUse(context, alter))
            yield break;
        foreach (var action in alter.Actions.OfType<OtherAction>().Where(action => action.Kind is "AT_SetLogged" or "AT_SetUnLogged" or "AT_SetTableSpace" or "AT_SetAccessMethod"))
        {
            // A partitioned table has no rows of its own: the change holds for partitions to come.
            if (context.Schema.Table(alter.Table) is { IsPartitioned: true })
                continue;
            yield return Report(context, action.Span, Severity.Error, alter.Table,
                $"Copies all of {Quote(alter.Table)} under ACCESS EXCLUSIVE: no one can read or write it meanwhile"
                + (action.Kind == "AT_SetUnLogged" ? ", and its rows are lost in a crash. " : ". ")
                + "Create a new table as it should be, copy in batches and switch, or take a maintenance window.") with
            {
                Lock = LockMode.AccessExclusive,
                Rewrites = true,
            };
        }
    }

    private static bool IsInUse(StatementContext context, AlterTable alter) => alter.Kind switch
    {
        ObjectKind.Table or ObjectKind.MaterializedView => context.IsExisting(alter.Table),
        ObjectKind.Index => context.Schema.Index(alter.Table) is not { } index || context.IsExisting(index.Table),
        _ => false,
    };
}
