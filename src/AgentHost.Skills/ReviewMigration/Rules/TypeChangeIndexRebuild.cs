using System.Collections.Immutable;
using AgentHost.Skills.ReviewMigration.Sizes;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>ALTER COLUMN … TYPE or COLLATE that keeps the heap but not the indexes.</summary>
internal sealed class TypeChangeIndexRebuild : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "type-change-index-rebuild";

    /// <inheritdoc />
    public override string Title => "A change that leaves the rows alone may still build their indexes anew";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, ALTER TABLE, Notes";

    /// <inheritdoc />
    public override TableWork Work => TableWork.IndexBuild;

    /// <inheritdoc />
    protected override ImmutableArray<Type> Concerns => [typeof(AlterColumnType)];

    /// <inheritdoc />
    public override IEnumerable<Finding> Judge(StatementContext context)
    {
        foreach (var (alter, change) in ActionsOnExisting<AlterColumnType>(context))
        {
            if (context.Schema.Table(alter.Table) is not { } table || table.Column(change.Column) is not { } column
                || TypeChange.Rewrites(column.Type, change, context.Schema, context.Settings.IsUtc, context.PgVersion))
            {
                continue;
            }

            var built = table.Indexes.Where(index => index.Keys.Any(key => key.Column == change.Column || key.Expression?.Columns.Contains(change.Column) == true)
                || index.Predicate?.Columns.Contains(change.Column) == true).ToList();
            bool isOtherOrder = change.Collation != column.Collation || TypeChange.ChangesOrder(column.Type, change.Type, context.Schema);
            if (built.Count == 0 || !isOtherOrder)
                continue;
            yield return Report(context, change.Span, Severity.Error, alter.Table,
                $"The rows stay, but {Quote(built.Select(index => index.Name))} {(built.Count == 1 ? "is" : "are")} built anew under ACCESS EXCLUSIVE on {Quote(alter.Table)}: another order of values. "
                + "Add a column as it should be, fill it in batches, index it concurrently, and switch.") with
            {
                Lock = LockMode.AccessExclusive,
                Scans = true,
            };
        }
    }
}
