using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration;

/// <summary>
/// The last step of giving a column another type: in one transaction the trigger goes that kept a second column in step, then the first column, and the
/// second takes its name. Nobody has ever used the second, and the first is there again before others can see that it was gone.
/// </summary>
internal static class ColumnSwap
{
    /// <summary>Whether a column that is dropped is replaced so.</summary>
    public static bool IsReplaced(StatementContext context, QualifiedName table, string column) =>
        HasLostTrigger(context, table) && context.RestOfTransaction.Any(later => later.Statement is RenameColumn rename && rename.To == column && Is(later, rename.Relation, table, context));

    /// <summary>Whether a column takes so the name of one that was dropped.</summary>
    public static bool Replaces(StatementContext context, RenameColumn rename) =>
        HasLostTrigger(context, rename.Relation) && context.StartOfTransaction.Any(earlier => earlier.Statement is AlterTable alter && Is(earlier, alter.Table, rename.Relation, context)
            && alter.Actions.OfType<DropColumn>().Any(drop => drop.Column == rename.To));

    private static bool HasLostTrigger(StatementContext context, QualifiedName table) => context.StartOfTransaction.Any(earlier =>
        earlier.Statement is DropObjects { Kind: ObjectKind.Trigger } drop && drop.Tables.Any(of => Is(earlier, of, table, context)));

    private static bool Is(StatementContext other, QualifiedName name, QualifiedName table, StatementContext context) => other.Schema.Resolve(name) == context.Schema.Resolve(table);
}
