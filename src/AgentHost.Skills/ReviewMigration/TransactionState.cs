using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration;

/// <summary>Whether a statement runs inside a transaction block, and in which.</summary>
/// <param name="IsOpen">Whether a transaction is open.</param>
/// <param name="Number">Counts the transactions of the file; statements of one transaction share it. Each statement outside has one of its own.</param>
/// <param name="OpenedBy">What opened it, as a reader would say: <c>BEGIN</c>, <c>the runner</c>, <c>goose</c>.</param>
internal sealed record TransactionState(bool IsOpen, int Number, string OpenedBy)
{
    /// <summary>How the file starts.</summary>
    public static TransactionState Start(MigrationFile file, Script script, TransactionMode mode) =>
        IsWrapped(file, script, mode) ? new(true, 0, file.Runner ?? "the runner") : new(false, 0, "");

    /// <summary>The state in which the statement behind this one runs.</summary>
    public TransactionState After(Statement statement) => statement switch
    {
        TransactionControl { Verb: TransactionVerb.Begin } when IsOpen => this,
        TransactionControl { Verb: TransactionVerb.Begin } => new(true, Number + 1, "BEGIN"),
        TransactionControl { Verb: TransactionVerb.Commit or TransactionVerb.Rollback or TransactionVerb.Prepare } end =>
            end.Chain ? this with { Number = Number + 1 } : new(false, Number + 1, ""),
        _ when IsOpen => this,
        _ => this with { Number = Number + 1 },
    };

    private static bool IsWrapped(MigrationFile file, Script script, TransactionMode mode)
    {
        if (file.NoTransaction)
            return false;
        if (file.Changesets is [var first, ..])
            return !first.NoTransaction;
        if (mode != TransactionMode.Auto)
            return mode == TransactionMode.On;
        if (file.Runner is "goose" or "dbmate" or "drizzle")
            return true;
        // Prisma sends the file as one query, which the server runs as one transaction where it holds more than one statement.
        if (file.Runner == "prisma")
            return script.Statements.Length > 1 && !script.Statements.Any(statement => statement is TransactionControl { Verb: TransactionVerb.Begin });
        return !script.Statements.Any(statement => statement is TransactionControl { Verb: TransactionVerb.Begin }
            || NonTransactional.Describe(statement) is not null) && !NonTransactional.CallsCommittingProcedure(script);
    }
}
