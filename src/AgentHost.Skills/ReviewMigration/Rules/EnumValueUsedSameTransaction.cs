using System.Collections.Immutable;
using AgentHost.Skills.ReviewMigration.Fixing;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>An enum value that is added and used in one transaction.</summary>
internal sealed class EnumValueUsedSameTransaction : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "enum-value-used-same-transaction";

    /// <inheritdoc />
    public override string Title => "A new enum value cannot be used in the transaction that adds it";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, ALTER TYPE, Notes";

    /// <inheritdoc />
    public override bool IsFact => true;

    /// <inheritdoc />
    public override bool Foresees(string sqlState) => sqlState is "55P04";

    /// <inheritdoc />
    protected override ImmutableArray<Type> Concerns => [typeof(AddEnumValue)];

    /// <inheritdoc />
    public override IEnumerable<Finding> Judge(StatementContext context)
    {
        if (context.Statement is not AddEnumValue add || !context.Transaction.IsOpen || context.PgVersion < 12
            || context.StartOfTransaction.Any(earlier => earlier.Statement is CreateEnum create && earlier.Schema.ResolveNew(create.Name) == context.Schema.Resolve(add.Type))
            || context.Schema.Enum(add.Type)?.Values.Contains(add.Value) == true)
        {
            yield break;
        }

        string literal = $"'{add.Value.Replace("'", "''", StringComparison.Ordinal)}'";
        var use = context.RestOfTransaction.FirstOrDefault(later => later.Statement is not (AddEnumValue or RenameEnumValue or OtherStatement { Kind: "CommentStmt" } or CreateFunction or DoBlock)
            && later.Text.Contains(literal, StringComparison.Ordinal));
        if (use is null)
            yield break;
        yield return Report(use, use.Statement.Span, Severity.Error, null,
            $"Fails (unsafe use of new value): {literal} was added in line {add.Span.Line} of this very transaction, and can be used only once that is committed. Put this into a later migration.") with
        {
            Fix = Apart.Of(use, use.Statement.Span, isWhole: true, FixRun.Fresh),
        };
    }
}
