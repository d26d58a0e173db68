using System.Collections.Immutable;
using AgentHost.Skills.ReviewMigration.Fixing;
using AgentHost.Skills.ReviewMigration.Sizes;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>ADD COLUMN serial or GENERATED … AS IDENTITY: every row is numbered under ACCESS EXCLUSIVE.</summary>
internal sealed class SerialOrIdentityAddRewrite : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "serial-or-identity-add-rewrite";

    /// <inheritdoc />
    public override string Title => "A new serial or identity column writes the whole table anew";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, ALTER TABLE, Notes";

    /// <inheritdoc />
    public override TableWork Work => TableWork.Rewrite;

    /// <inheritdoc />
    protected override ImmutableArray<Type> Concerns => [typeof(AddColumn)];

    /// <inheritdoc />
    public override IEnumerable<Finding> Judge(StatementContext context)
    {
        foreach (var (alter, add) in ColumnsAddedToExisting(context))
        {
            var column = add.Column;
            if (!column.Type.IsSerial && !column.IsIdentity)
                continue;
            yield return Report(context, add.Span, Severity.Error, alter.Table,
                $"Numbers every row: all of {Quote(alter.Table)} is written anew under ACCESS EXCLUSIVE. "
                + $"Add {Quote(column.Name)} as a plain {column.Type}, give it a sequence as default, fill old rows in batches.") with
            {
                Lock = LockMode.AccessExclusive,
                Rewrites = true,
                Scans = true,
                Fix = NewColumnFix.Of(context, alter, add, "Plain column, sequence, batches"),
            };
        }
    }
}
