using System.Collections.Immutable;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>DROP NOT NULL on an existing column.</summary>
internal sealed class DropNotNullInUse : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "drop-not-null";

    /// <inheritdoc />
    public override string Title => "Code that reads the column does not expect nulls";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, ALTER TABLE, DROP NOT NULL";

    /// <inheritdoc />
    public override bool IsAdvice => true;

    /// <inheritdoc />
    protected override ImmutableArray<Type> Concerns => [typeof(DropNotNull)];

    /// <inheritdoc />
    public override IEnumerable<Finding> Judge(StatementContext context)
    {
        foreach (var (alter, drop) in ActionsOnExisting<DropNotNull>(context))
        {
            if (!context.IsExisting(alter.Table, drop.Column) || context.Schema.Table(alter.Table)?.Column(drop.Column) is { IsNotNull: false })
                continue;
            yield return Report(context, drop.Span, Severity.Info, alter.Table,
                $"{Quote(alter.Table)}.{Quote(drop.Column)} may be null from this commit on. Does every reader, also of the old release, cope with that? Setting it back scans the table.") with
            {
                Lock = LockMode.AccessExclusive,
            };
        }
    }
}
