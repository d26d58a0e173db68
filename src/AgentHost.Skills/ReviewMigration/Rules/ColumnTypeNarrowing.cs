using System.Collections.Immutable;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>ALTER COLUMN … TYPE to a type that holds fewer values.</summary>
internal sealed class ColumnTypeNarrowing : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "column-type-narrowing";

    /// <inheritdoc />
    public override string Title => "A narrower type fails on, or cuts, values that do not fit";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, ALTER TABLE, ALTER COLUMN TYPE";

    /// <inheritdoc />
    protected override ImmutableArray<Type> Concerns => [typeof(AlterColumnType)];

    /// <inheritdoc />
    public override IEnumerable<Finding> Judge(StatementContext context)
    {
        foreach (var (alter, change) in ActionsOnExisting<AlterColumnType>(context))
        {
            if (context.Schema.Table(alter.Table) is { } table && TypeChange.LacksCast(context.Schema, table, change) is not null)
                continue;
            if (context.Schema.Table(alter.Table)?.Column(change.Column)?.Type is not { } old || TypeNarrowing.Loss(TypeChange.Base(old, context.Schema), change.Type) is not { } loss)
                continue;
            string column = $"{Quote(alter.Table)}.{Quote(change.Column)}";
            yield return Report(context, change.Span, Severity.Error, alter.Table,
                $"{column} from {old} to {change.Type}: {loss}. Look first: does any row hold such a value, and does any instance still write one?") with
            {
                Lock = LockMode.AccessExclusive,
                Rewrites = true,
                Scans = true,
            };
        }
    }
}
