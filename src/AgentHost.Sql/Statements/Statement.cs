using System.Collections.Immutable;

namespace AgentHost.Sql.Statements;

/// <summary>One statement of a script, lowered from the parser's tree.</summary>
public abstract record Statement
{
    /// <summary>Where the statement stands, from its first token to before its semicolon.</summary>
    public required SourceSpan Span { get; init; }
}

/// <summary>A statement that nobody needs in more detail; <paramref name="Kind"/> is the parser's node name (<c>GrantStmt</c>).</summary>
public sealed record OtherStatement(string Kind) : Statement;

/// <summary>BEGIN, COMMIT, ROLLBACK, SAVEPOINT, …</summary>
public sealed record TransactionControl(TransactionVerb Verb) : Statement
{
    /// <summary>AND CHAIN: the next transaction begins at once.</summary>
    public bool Chain { get; init; }
}

/// <summary>What a transaction statement does.</summary>
public enum TransactionVerb { Begin, Commit, Rollback, Savepoint, Release, RollbackTo, Prepare }

/// <summary>
/// SET, SET LOCAL or RESET of a setting, also as a bare <c>SELECT set_config(…)</c>; <paramref name="Value"/> is null for RESET and
/// SET … TO DEFAULT, and <paramref name="Name"/> is <c>all</c> for RESET ALL.
/// </summary>
public sealed record SetVariable(string Name, string? Value, bool IsLocal) : Statement;

/// <summary>SELECT, INSERT, UPDATE, DELETE, MERGE: reads or writes rows.</summary>
/// <param name="Verb">Which.</param>
/// <param name="Target">The relation written to; null for SELECT.</param>
/// <param name="HasWhere">Whether a WHERE clause bounds it.</param>
/// <param name="Relations">Every relation it names, without CTE names.</param>
public sealed record RowStatement(RowVerb Verb, QualifiedName? Target, bool HasWhere, ImmutableArray<QualifiedName> Relations) : Statement
{
    /// <summary>Every function it calls.</summary>
    public ImmutableArray<QualifiedName> Functions { get; init; } = [];

    /// <summary>Every column it names, unqualified; <c>*</c> where it says so.</summary>
    public ImmutableArray<string> Columns { get; init; } = [];

    /// <summary>Its own WHERE, of INSERT that of its query, or null.</summary>
    public Expression? Where { get; init; }

    /// <summary>
    /// Whether it changes no more rows than a source that does not grow with any table hands it: VALUES, or a query with a LIMIT, that its WHERE takes
    /// values from or is joined to by equality.
    /// </summary>
    public bool IsLimited { get; init; }

    /// <summary>The UPDATE, DELETE and MERGE among its common table expressions.</summary>
    public ImmutableArray<RowStatement> Writes { get; init; } = [];

    /// <summary>Whether it changes rows, be it only in a common table expression.</summary>
    public bool ModifiesRows { get; init; }

    /// <summary>Whether it locks rows: FOR UPDATE, FOR SHARE and their kin.</summary>
    public bool LocksRows { get; init; }

    /// <summary>Whether it only reads. Functions that it calls may still write.</summary>
    public bool IsRead => Verb == RowVerb.Select && !ModifiesRows && !LocksRows;
}

/// <summary>The kind of a <see cref="RowStatement"/>.</summary>
public enum RowVerb { Select, Insert, Update, Delete, Merge }
