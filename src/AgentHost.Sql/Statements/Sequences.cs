namespace AgentHost.Sql.Statements;

/// <summary>CREATE SEQUENCE.</summary>
public sealed record CreateSequence(QualifiedName Name, bool IfNotExists) : Statement
{
    /// <summary>The column of OWNED BY, or null.</summary>
    public OwningColumn? OwnedBy { get; init; }
}

/// <summary>ALTER SEQUENCE.</summary>
/// <param name="Name">The sequence.</param>
/// <param name="ChangesOwner">Whether OWNED BY is written; with a null <paramref name="OwnedBy"/> it is OWNED BY NONE.</param>
/// <param name="OwnedBy">The column that owns it from now on, or null.</param>
public sealed record AlterSequence(QualifiedName Name, bool ChangesOwner, OwningColumn? OwnedBy) : Statement;

/// <summary>The column with which a sequence is dropped.</summary>
public sealed record OwningColumn(QualifiedName Table, string Column);
