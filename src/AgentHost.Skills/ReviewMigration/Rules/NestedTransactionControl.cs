using System.Collections.Immutable;
using AgentHost.Skills.ReviewMigration.Fixing;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>BEGIN, COMMIT or ROLLBACK in a file that the runner wraps in a transaction.</summary>
internal sealed class NestedTransactionControl : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "nested-transaction-control";

    /// <inheritdoc />
    public override string Title => "BEGIN or COMMIT inside a transaction that the runner opened ends the runner's own";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, BEGIN; COMMIT";

    /// <inheritdoc />
    protected override ImmutableArray<Type> Concerns => [];

    /// <summary>One finding a file, at the first statement that meddles.</summary>
    public override IEnumerable<Finding> Judge(MigrationReplay replay)
    {
        if (!replay.StartsInTransaction)
            yield break;
        var meddling = replay.Statements.FirstOrDefault(context => context.Statement is TransactionControl
            { Verb: TransactionVerb.Begin or TransactionVerb.Commit or TransactionVerb.Rollback or TransactionVerb.Prepare });
        if (meddling is null)
            yield break;
        string runner = meddling.Transaction.OpenedBy;
        yield return Report(meddling, meddling.Statement.Span, Severity.Error, null,
            $"{runner} has opened a transaction around this file: {(meddling.Statement is TransactionControl { Verb: TransactionVerb.Begin } ? "BEGIN does nothing there, and COMMIT" : "this")} ends the whole of it, "
            + "so that what follows runs without, and is not undone when something fails. Leave transaction control to one of the two.") with
        {
            Fix = Apart.Of(meddling, meddling.Statement.Span, isWhole: true, FixRun.Joins) is { } fix ? fix with { Title = "Leave transactions to the runner" } : null,
        };
    }
}
