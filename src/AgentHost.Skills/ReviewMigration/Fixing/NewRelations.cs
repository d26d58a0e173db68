using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Fixing;

/// <summary>Keeps what is done to a table that the migration makes in the transaction that makes it, where nobody else sees it yet.</summary>
internal static class NewRelations
{
    /// <summary>The pieces, indexes and keys of new tables moved up to behind the last statement before them that is about their table.</summary>
    public static List<Piece> Together(List<Piece> pieces)
    {
        if (!pieces.Exists(piece => piece.Run != FixRun.Joins))
            return pieces;
        var result = new List<Piece>();
        foreach (var piece in pieces)
        {
            int at = piece.IsVerbatim && Movable(piece.Slot) is { } table ? result.FindLastIndex(earlier => IsAbout(earlier.Slot, table)) + 1 : 0;
            // Only over what cuts the migration: else the order of the original stays.
            if (at > 0 && result.Skip(at).Any(earlier => earlier.Run != FixRun.Joins))
                result.Insert(at, piece);
            else
                result.Add(piece);
        }

        return result;
    }

    /// <summary>The new table that a statement needs and nothing else.</summary>
    private static QualifiedName? Movable(Slot slot)
    {
        var table = slot.Statement switch
        {
            CreateIndex { Concurrently: false } create => create.Table,
            AlterTable { Kind: ObjectKind.Table } alter when alter.Actions.All(action => action is SetNotNull
                or AddConstraint { Constraint.Kind: ConstraintKind.Check or ConstraintKind.Unique or ConstraintKind.PrimaryKey }) => alter.Table,
            _ => null,
        };
        return table is not null && slot.Context is { } context && context.New.Has(context.Schema.Resolve(table)) ? context.Schema.Resolve(table) : null;
    }

    private static bool IsAbout(Slot slot, QualifiedName table)
    {
        if (slot.Context is not { } context)
            return true; // nobody knows
        return slot.Statement switch
        {
            CreateTable create => context.Schema.ResolveNew(create.Table) == table,
            CreateIndex create => context.Schema.Resolve(create.Table) == table,
            AlterTable alter => context.Schema.Resolve(alter.Table) == table,
            RowStatement row => row.Target is { } target && context.Schema.Resolve(target) == table,
            OtherStatement or DoBlock or Call => true,
            _ => false,
        };
    }
}
