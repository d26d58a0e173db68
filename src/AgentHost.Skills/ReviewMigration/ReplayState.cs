using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration;

/// <summary>What is true between two statements of a migration.</summary>
/// <param name="Schema">The database.</param>
/// <param name="New">What the migration created.</param>
/// <param name="Transaction">The transaction.</param>
/// <param name="Settings">The settings.</param>
internal sealed record ReplayState(SchemaModel Schema, CreatedHere New, TransactionState Transaction, SessionSettings Settings)
{
    private static readonly SourceSpan Nowhere = new(0, 0, 1, 1);

    /// <summary>Whether code runs that may end the transaction, because it is its own.</summary>
    public bool OwnsTransaction { get; init; }

    /// <summary>The state behind a statement of which <paramref name="text"/> is the source.</summary>
    public ReplayState After(Statement statement, string text) => this with
    {
        New = New.Apply(statement, Schema),
        Settings = Settings.Apply(statement, text, Transaction.IsOpen),
        Schema = Schema.Apply(statement),
        Transaction = OwnsTransaction ? Transaction : Transaction.After(statement),
    };

    /// <summary>The state behind COMMIT or ROLLBACK inside code, which begins the next transaction at once.</summary>
    public ReplayState EndTransaction(bool isRollback) => this with
    {
        Settings = Settings.Apply(new TransactionControl(isRollback ? TransactionVerb.Rollback : TransactionVerb.Commit) { Span = Nowhere }, "", inTransaction: true),
        Transaction = Transaction with { Number = Transaction.Number + 1 },
    };

    /// <summary>The state at the start of a runner's next unit of work, which ends the one before.</summary>
    public ReplayState BeginChangeset(bool isOpen) => EndTransaction(isRollback: false) with { Transaction = new(isOpen, Transaction.Number + 1, isOpen ? "the changeset" : "") };

    /// <summary>Whether the relation was there before the migration.</summary>
    public bool IsExisting(QualifiedName relation) => !New.Has(Schema.Resolve(relation)) && Schema.Table(relation) is not { IsTemporary: true };
}
