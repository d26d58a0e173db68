using System.Collections.Immutable;
using AgentHost.Skills.ReviewMigration.Fixing;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>ALTER TYPE … ADD VALUE in a transaction on PostgreSQL 10 or 11.</summary>
internal sealed class EnumAddValueInTransaction : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "enum-add-value-in-transaction";

    /// <inheritdoc />
    public override string Title => "Before version 12 ALTER TYPE … ADD VALUE is refused in a transaction";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, ALTER TYPE, Notes (release notes of 12)";

    /// <inheritdoc />
    public override bool IsFact => true;

    /// <inheritdoc />
    public override bool Foresees(string sqlState) => sqlState is "25001";

    /// <inheritdoc />
    protected override ImmutableArray<Type> Concerns => [typeof(AddEnumValue)];

    /// <inheritdoc />
    public override IEnumerable<Finding> Judge(StatementContext context)
    {
        if (context.Statement is not AddEnumValue add || context.PgVersion >= 12 || !context.Transaction.IsOpen
            || context.StartOfTransaction.Any(earlier => earlier.Statement is CreateEnum create && earlier.Schema.ResolveNew(create.Name) == context.Schema.Resolve(add.Type)))
        {
            yield break;
        }

        yield return Report(context, add.Span, Severity.Error, null,
            $"Fails: PostgreSQL {context.PgVersion} refuses ALTER TYPE … ADD VALUE in a transaction block, and {context.Transaction.OpenedBy} has opened one. Put it into a file of its own that the runner does not wrap.") with
        {
            Fix = Apart.Of(context, add.Span, isWhole: true, FixRun.Outside),
        };
    }
}
