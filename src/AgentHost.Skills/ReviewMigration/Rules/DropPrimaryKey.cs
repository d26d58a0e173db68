using System.Collections.Immutable;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>The primary key of an existing table is dropped and none put in its place.</summary>
internal sealed class DropPrimaryKey : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "drop-primary-key";

    /// <inheritdoc />
    public override string Title => "Without its primary key a table loses what tells its rows apart";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, ALTER TABLE, DROP CONSTRAINT";

    /// <inheritdoc />
    protected override ImmutableArray<Type> Concerns => [typeof(DropConstraint)];

    /// <inheritdoc />
    public override IEnumerable<Finding> Judge(StatementContext context)
    {
        foreach (var (alter, drop) in ActionsOnExisting<DropConstraint>(context))
        {
            var table = context.Schema.Table(alter.Table);
            var key = table?.PrimaryKey;
            if (key is null ? table is not null || !drop.Name.EndsWith("_pkey", StringComparison.Ordinal) : key.Name != drop.Name)
                continue;
            if (IsReplaced(context, alter))
                continue;
            yield return Report(context, drop.Span, Severity.Error, alter.Table,
                $"{Quote(alter.Table)} loses its primary key: duplicates become possible, logical replication refuses UPDATE and DELETE, ON CONFLICT and foreign keys lose their target. "
                + "Put a new key in its place in the same statement (ADD PRIMARY KEY USING INDEX).") with
            {
                Lock = LockMode.AccessExclusive,
            };
        }
    }

    private static bool IsReplaced(StatementContext context, AlterTable alter)
    {
        var table = context.Schema.Resolve(alter.Table);
        return context.RestOfTransaction.Select(later => later.Statement).OfType<AlterTable>().Where(later => context.Schema.Resolve(later.Table) == table).Prepend(alter)
            .SelectMany(later => later.Actions).Any(action => action is AddConstraint { Constraint.Kind: ConstraintKind.PrimaryKey });
    }
}
