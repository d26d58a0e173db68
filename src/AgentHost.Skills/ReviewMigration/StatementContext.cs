using System.Collections.Immutable;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration;

/// <summary>A statement and everything that is true at the moment it runs.</summary>
internal sealed record StatementContext
{
    private ImmutableArray<LockRequest> locks;
    private string? shortText;

    /// <summary>The file that it stands in, for looking ahead and behind.</summary>
    public required MigrationReplay Replay { get; init; }

    /// <summary>Its place in <see cref="MigrationReplay.Statements"/>, 0-based.</summary>
    public required int Index { get; init; }

    /// <summary>The place in the file, 0-based, of the statement that it is or whose code it is part of.</summary>
    public required int ScriptIndex { get; init; }

    /// <summary>The script that it was parsed from; its places are those of the file.</summary>
    public required Script Source { get; init; }

    /// <summary>Whether it is part of the code that a statement of the file runs.</summary>
    public bool IsInside { get; init; }

    /// <summary>Where the file calls the routine of the schema that it stands in; null where it stands in the file.</summary>
    public SourceSpan? CalledFrom { get; init; }

    /// <summary>That routine, quoted where needed.</summary>
    public string? InRoutine { get; init; }

    /// <summary>What decides whether, and how often, it runs.</summary>
    public Circumstances Circumstances { get; init; } = Circumstances.Plain;

    /// <summary>What it runs that was not seen.</summary>
    public ImmutableArray<UnseenCode> Unseen { get; init; } = [];

    /// <summary>The first COMMIT or ROLLBACK in its code that fails, because the transaction is not the code's own; null where there is none.</summary>
    public SourceSpan? RefusedEnd { get; init; }

    /// <summary>The statement.</summary>
    public required Statement Statement { get; init; }

    /// <summary>The database before it.</summary>
    public required SchemaModel Schema { get; init; }

    /// <summary>What earlier statements of the file created.</summary>
    public required CreatedHere New { get; init; }

    /// <summary>The transaction it runs in.</summary>
    public required TransactionState Transaction { get; init; }

    /// <summary>The settings it runs under.</summary>
    public required SessionSettings Settings { get; init; }

    /// <summary>The target's major version.</summary>
    public int PgVersion => Replay.PgVersion;

    /// <summary>The statement's source.</summary>
    public string Text => Source.TextOf(Statement);

    /// <summary>The statement's source on one line, at most 200 characters.</summary>
    public string ShortText => shortText ??= StatementText.Shorten(Text);

    /// <summary>The source of a part of it.</summary>
    public string TextOf(SourceSpan span) => Source.TextOf(span);

    /// <summary>Whether the relation was there before the migration, so that others may be using it.</summary>
    public bool IsExisting(QualifiedName relation) => !New.Has(Schema.Resolve(relation)) && Schema.Table(relation) is not { IsTemporary: true };

    /// <summary>Whether the column was there before the migration.</summary>
    public bool IsExisting(QualifiedName relation, string column) => IsExisting(relation) && !New.HasColumn(Schema.Resolve(relation), column);

    /// <summary>Whether an earlier statement of the file is such a one.</summary>
    public bool IsPrecededBy<TStatement>(Func<TStatement, SchemaModel, bool> condition) where TStatement : Statement =>
        Replay.Statements.Take(Index).Any(earlier => earlier.Statement is TStatement statement && condition(statement, earlier.Schema));

    /// <summary>The statements behind this one that share its transaction.</summary>
    public IEnumerable<StatementContext> RestOfTransaction => Transaction.IsOpen
        ? Replay.Statements.Skip(Index + 1).TakeWhile(later => later.Transaction.Number == Transaction.Number).Where(later => !later.Circumstances.Excludes(Circumstances))
        : [];

    /// <summary>The statements before this one that share its transaction.</summary>
    public IEnumerable<StatementContext> StartOfTransaction => Transaction.IsOpen
        ? Replay.Statements.Take(Index).Where(earlier => earlier.Transaction.IsOpen && earlier.Transaction.Number == Transaction.Number && !earlier.Circumstances.Excludes(Circumstances))
        : [];

    /// <summary>The locks that it asks for on relations that others use, strongest first.</summary>
    public ImmutableArray<LockRequest> Locks => locks.IsDefault ? locks = [.. LockRequests.Of(this)] : locks;

    /// <summary>Whether anything at all is known of the database before the migration.</summary>
    public bool KnowsSchema => Replay.Statements[0].Schema.Tables.Any();

    /// <summary>The table's name, quoted where needed, for messages and fixes.</summary>
    public static string Quote(QualifiedName name) => SqlIdentifier.Quote(name);
}
