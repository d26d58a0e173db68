using System.Collections.Immutable;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>RENAME COLUMN on a relation that running code reads by its old names.</summary>
internal sealed class RenameColumnInUse : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "rename-column";

    /// <inheritdoc />
    public override string Title => "Renaming a column breaks the code that is running";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, ALTER TABLE, RENAME";

    /// <inheritdoc />
    protected override ImmutableArray<Type> Concerns => [typeof(RenameColumn)];

    /// <inheritdoc />
    public override IEnumerable<Finding> Judge(StatementContext context)
    {
        if (context.Statement is not RenameColumn { Kind: ObjectKind.Table or ObjectKind.View or ObjectKind.MaterializedView } rename
            || !context.IsExisting(rename.Relation, rename.From) || IsReplaced(context, rename) || ColumnSwap.Replaces(context, rename))
        {
            yield break;
        }

        var (relation, from, to) = (Quote(rename.Relation), Quote(rename.From), Quote(rename.To));
        var column = context.Schema.Table(rename.Relation)?.Column(rename.From);
        yield return Report(context, rename.Span, Severity.Error, rename.Relation,
            $"Every statement that says {relation}.{from} fails from this commit on, also from instances still running the old code. "
            + $"Add {to}, write both, move the readers, and drop {from} in a later release.") with
        {
            Lock = LockMode.AccessExclusive,
            Fix = rename.Kind == ObjectKind.Table && column is not null
                ? new Fix("Expand now, contract in a later release", $"ALTER TABLE {relation} ADD COLUMN {to} {column.Type};\n-- write both columns, fill {to} in batches, move the readers; in a later release: DROP COLUMN {from}")
                : null,
        };
    }

    /// <summary>Whether another column has the old name again before others can see that it was gone.</summary>
    private static bool IsReplaced(StatementContext context, RenameColumn rename)
    {
        var relation = context.Schema.Resolve(rename.Relation);
        return context.RestOfTransaction.Any(later => later.Statement switch
        {
            RenameColumn other => later.Schema.Resolve(other.Relation) == relation && other.To == rename.From,
            AlterTable alter => later.Schema.Resolve(alter.Table) == relation && alter.Actions.OfType<AddColumn>().Any(add => add.Column.Name == rename.From),
            _ => false,
        });
    }
}
