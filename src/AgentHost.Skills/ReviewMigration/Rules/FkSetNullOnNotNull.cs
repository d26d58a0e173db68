using System.Collections.Immutable;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>A foreign key that sets NOT NULL columns to null.</summary>
internal sealed class FkSetNullOnNotNull : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "fk-set-null-on-not-null";

    /// <inheritdoc />
    public override string Title => "SET NULL on a NOT NULL column fails when the referenced row goes";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, 5.5.5 Foreign Keys";

    /// <inheritdoc />
    protected override ImmutableArray<Type> Concerns => [typeof(CreateTable), typeof(AddConstraint), typeof(AddColumn)];

    /// <inheritdoc />
    public override IEnumerable<Finding> Judge(StatementContext context)
    {
        var (relation, keys) = context.Statement switch
        {
            CreateTable create => (create.Table, create.Constraints.Concat(create.Columns.SelectMany(column => column.Constraints)).ToList()),
            AlterTable { Kind: ObjectKind.Table } alter => (alter.Table, alter.Actions.SelectMany(action => action switch
            {
                AddConstraint add => [add.Constraint],
                AddColumn add => add.Column.Constraints.ToArray(),
                _ => [],
            }).ToList()),
            _ => ((QualifiedName?)null, new List<TableConstraint>()),
        };
        keys.RemoveAll(key => key.Kind != ConstraintKind.ForeignKey || (key.OnDelete != "SET NULL" && key.OnUpdate != "SET NULL"));
        if (relation is null || keys.Count == 0)
            yield break;
        var table = context.Schema.Apply(context.Statement).Table(relation);
        foreach (var key in keys)
        {
            string? on = key.OnDelete == "SET NULL" ? "DELETE" : key.OnUpdate == "SET NULL" ? "UPDATE" : null;
            var set = key is { OnDelete: "SET NULL", OnDeleteColumns.IsEmpty: false } ? key.OnDeleteColumns : key.Columns;
            var refused = set.Where(column => table?.Column(column) is { IsNotNull: true }).ToList();
            if (on is null || refused.Count == 0)
                continue;
            yield return Report(context, key.Span, Severity.Error, relation,
                $"ON {on} SET NULL cannot work: {Quote(refused)} of {Quote(relation!)} {(refused.Count == 1 ? "is" : "are")} NOT NULL, so every {on} of a referenced row in {Quote(key.References!)} fails. "
                + "Drop NOT NULL, or use CASCADE or RESTRICT.");
        }
    }
}
