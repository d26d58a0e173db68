using System.Collections.Immutable;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>DROP COLUMN on an existing table.</summary>
internal sealed class DropColumnInUse : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "drop-column";

    /// <inheritdoc />
    public override string Title => "Dropping a column loses its data and breaks the code that still names it";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, ALTER TABLE, DROP COLUMN";

    /// <inheritdoc />
    protected override ImmutableArray<Type> Concerns => [typeof(DropColumn)];

    /// <inheritdoc />
    public override IEnumerable<Finding> Judge(StatementContext context)
    {
        foreach (var (alter, drop) in ActionsOnExisting<DropColumn>(context))
        {
            var table = context.Schema.Table(alter.Table);
            if (!context.IsExisting(alter.Table, drop.Column) || (drop.IfExists && table is { ColumnsAreKnown: true } && table.Column(drop.Column) is null)
                || ColumnSwap.IsReplaced(context, alter.Table, drop.Column))
            {
                continue;
            }


            var name = Quote(alter.Table);
            var lost = table?.Indexes.Where(index => index.Uses(drop.Column)).Select(index => Quote(index.Name)).ToList() ?? [];
            yield return Report(context, drop.Span, Severity.Error, alter.Table,
                $"Loses the data of {name}.{Quote(drop.Column)} for good{(lost.Count == 0 ? "" : $", and {string.Join(", ", lost)} with it")}; "
                + "code that still names it fails (ORMs name every column). Stop using it in one release, drop it in the next.") with
            {
                Lock = LockMode.AccessExclusive,
            };
        }
    }
}
