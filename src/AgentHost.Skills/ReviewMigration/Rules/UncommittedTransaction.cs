using System.Collections.Immutable;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>BEGIN with no COMMIT or ROLLBACK in the file.</summary>
internal sealed class UncommittedTransaction : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "uncommitted-transaction";

    /// <inheritdoc />
    public override string Title => "BEGIN without COMMIT loses the work or keeps its locks";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, BEGIN";

    /// <inheritdoc />
    public override bool IsFact => true;

    /// <inheritdoc />
    protected override ImmutableArray<Type> Concerns => [typeof(TransactionControl)];

    /// <inheritdoc />
    public override IEnumerable<Finding> Judge(StatementContext context)
    {
        if (context.Statement is not TransactionControl { Verb: TransactionVerb.Begin } || context.Transaction.IsOpen
            || context.Replay.Statements.Skip(context.Index + 1).Any(later => later.Statement is TransactionControl { Verb: TransactionVerb.Commit or TransactionVerb.Rollback or TransactionVerb.Prepare }))
        {
            yield break;
        }

        yield return Report(context, context.Statement.Span, Severity.Error, null,
            "Nothing ends this transaction: when the runner disconnects all of it is rolled back, and until then its locks block everyone. Add COMMIT.");
    }
}
