using System.Collections.Immutable;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>An existing foreign key, unique or check constraint is dropped.</summary>
internal sealed class DropConstraintInUse : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "drop-constraint";

    /// <inheritdoc />
    public override string Title => "A constraint that goes no longer keeps bad rows out";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, ALTER TABLE, DROP CONSTRAINT";

    /// <inheritdoc />
    public override bool IsAdvice => true;

    /// <inheritdoc />
    protected override ImmutableArray<Type> Concerns => [typeof(DropConstraint)];

    /// <inheritdoc />
    public override IEnumerable<Finding> Judge(StatementContext context)
    {
        foreach (var (alter, drop) in ActionsOnExisting<DropConstraint>(context))
        {
            var table = context.Schema.Table(alter.Table);
            var constraint = table?.Constraint(drop.Name);
            if (constraint is { Kind: ConstraintKind.PrimaryKey } || WasAddedHere(context, alter, drop.Name) || IsRedundant(table, constraint))
                continue;
            string what = constraint?.Kind switch
            {
                ConstraintKind.ForeignKey => $"rows that reference nothing in {Quote(constraint.References!)}",
                ConstraintKind.Unique => $"duplicates of {Quote(constraint.Columns)}",
                ConstraintKind.Exclusion => "rows that exclude one another",
                ConstraintKind.Check => $"rows that break {constraint.Check!.Text}",
                _ => "what it forbids",
            };
            yield return Report(context, drop.Span, Severity.Info, alter.Table,
                $"Nothing keeps {what} out of {Quote(alter.Table)} once {Quote(drop.Name)} is gone. Does the code, or another constraint, see to it?") with
            {
                Lock = LockMode.AccessExclusive,
            };
        }
    }

    private static bool WasAddedHere(StatementContext context, AlterTable alter, string name) =>
        context.IsPrecededBy<AlterTable>((earlier, schema) => schema.Resolve(earlier.Table) == context.Schema.Resolve(alter.Table)
            && earlier.Actions.Any(action => action is AddConstraint add && add.Constraint.Name == name));

    /// <summary>Whether the constraint only says what NOT NULL of the columns says.</summary>
    private static bool IsRedundant(TableModel? table, TableConstraint? constraint) =>
        constraint is { Kind: ConstraintKind.Check, Check: { NotNullColumns.IsEmpty: false } check } && check.Columns.All(column => table?.Column(column) is { IsNotNull: true });
}
