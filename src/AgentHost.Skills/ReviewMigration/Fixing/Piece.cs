using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Fixing;

/// <summary>A statement of the rewritten migration, before it is known in which file it stands.</summary>
/// <param name="Leading">What stands before it, verbatim: comments and blank lines.</param>
/// <param name="Sql">Its text with its semicolon.</param>
/// <param name="Run">How it relates to the transactions around it.</param>
/// <param name="Slot">The statement of the original that it is, or is part of.</param>
/// <param name="IsVerbatim">Whether it is that statement unchanged.</param>
internal sealed record Piece(string Leading, string Sql, FixRun Run, Slot Slot, bool IsVerbatim)
{
    /// <summary>Whether it must be in one transaction with the piece before it.</summary>
    public bool IsAtomic { get; init; }

    /// <summary>BEGIN, COMMIT or a kin of theirs in the original; else null.</summary>
    public TransactionControl? Control => IsVerbatim ? Slot.Statement as TransactionControl : null;

    /// <summary>A setting that the original makes; else null.</summary>
    public SetVariable? Setting => IsVerbatim ? Slot.Statement as SetVariable : null;

    /// <summary>Whether the original runs it in a transaction.</summary>
    public bool WasInTransaction => Slot.Context is { Transaction.IsOpen: true };

    /// <summary>Whether it may hold a lock that others wait for.</summary>
    public bool MayBlock => Run == FixRun.Joins && Setting is null && Control is null;
}
