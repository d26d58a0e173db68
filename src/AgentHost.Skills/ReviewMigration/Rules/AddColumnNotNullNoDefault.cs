using System.Collections.Immutable;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>ADD COLUMN … NOT NULL without a default: PostgreSQL refuses it as soon as the table holds a row.</summary>
internal sealed class AddColumnNotNullNoDefault : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "add-column-not-null-no-default";

    /// <inheritdoc />
    public override string Title => "A required column without a default fails on a table that holds rows";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, ALTER TABLE, ADD COLUMN";

    /// <inheritdoc />
    public override bool Foresees(string sqlState) => sqlState is "23502";

    /// <inheritdoc />
    protected override ImmutableArray<Type> Concerns => [typeof(AddColumn)];

    /// <inheritdoc />
    public override IEnumerable<Finding> Judge(StatementContext context)
    {
        foreach (var (alter, add) in ActionsOnExisting<AddColumn>(context))
        {
            var column = add.Column;
            bool isKey = column.Constraints.Any(constraint => constraint.Kind == ConstraintKind.PrimaryKey);
            if (!(column.IsNotNull || isKey) || HasValue(column, context) || IsThere(add, alter, context))
                continue;
            string table = Quote(alter.Table);
            yield return Report(context, add.Span, Severity.Error, alter.Table,
                $"Fails as soon as {table} holds a row: {Quote(column.Name)} is {(isKey ? "a key" : "NOT NULL")} and existing rows get no value. "
                + "Give it a DEFAULT, or add it nullable, fill it in batches and then require it.") with
            {
                Lock = LockMode.AccessExclusive,
                Scans = true,
                Fix = isKey ? null : new Fix("Add nullable, fill, then require", Steps(table, column)),
            };
        }
    }

    private static bool HasValue(ColumnDefinition column, StatementContext context) =>
        column.Default is { IsNull: false } || column.IsIdentity || column.Type.IsSerial || column.Generated is not null
        || (column.Default is null && context.Schema.Domain(column.Type.Name)?.Default is { IsNull: false });

    private static bool IsThere(AddColumn add, AlterTable alter, StatementContext context) =>
        add.IfNotExists && context.Schema.Table(alter.Table)?.Column(add.Column.Name) is not null;

    private static string Steps(string table, ColumnDefinition column)
    {
        var (name, proof) = (Quote(column.Name), Quote(column.Name + "_present"));
        return $"""
            ALTER TABLE {table} ADD COLUMN {name} {column.Type};
            -- fill {name} in batches, then, each in a transaction of its own:
            ALTER TABLE {table} ADD CONSTRAINT {proof} CHECK ({name} IS NOT NULL) NOT VALID;
            ALTER TABLE {table} VALIDATE CONSTRAINT {proof};
            ALTER TABLE {table} ALTER COLUMN {name} SET NOT NULL;
            ALTER TABLE {table} DROP CONSTRAINT {proof};
            """;
    }
}
