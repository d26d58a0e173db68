using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>The columns that a statement brings in, for remarks on their types.</summary>
internal static class NewColumns
{
    /// <summary>The columns of CREATE TABLE (no temporary one) and ADD COLUMN, each with its table.</summary>
    public static IEnumerable<(QualifiedName Table, ColumnDefinition Column)> Of(StatementContext context) => context.Statement switch
    {
        CreateTable { IsTemporary: false } create => create.Columns.Select(column => (create.Table, column)),
        AlterTable { Kind: ObjectKind.Table } alter => alter.Actions.OfType<AddColumn>().Select(add => (alter.Table, add.Column)),
        _ => [],
    };
}

/// <summary>The foreign keys that a statement declares.</summary>
internal static class ForeignKeys
{
    /// <summary>The table and its new keys; no table where there are none.</summary>
    public static (QualifiedName? Table, IReadOnlyList<TableConstraint> Keys) DeclaredBy(Statement statement)
    {
        var (table, all) = statement switch
        {
            CreateTable create => (create.Table, create.Constraints.Concat(create.Columns.SelectMany(column => column.Constraints))),
            AlterTable { Kind: ObjectKind.Table } alter => (alter.Table, alter.Actions.SelectMany(action => action switch
            {
                AddConstraint add => [add.Constraint],
                AddColumn add => add.Column.Constraints.AsEnumerable(),
                _ => [],
            })),
            _ => ((QualifiedName?)null, []),
        };
        var keys = all.Where(constraint => constraint.Kind == ConstraintKind.ForeignKey).ToList();
        return (keys.Count == 0 ? null : table, keys);
    }
}
