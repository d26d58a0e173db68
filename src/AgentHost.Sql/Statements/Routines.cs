using System.Collections.Immutable;

namespace AgentHost.Sql.Statements;

/// <summary>CREATE FUNCTION or CREATE PROCEDURE.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Volatility"><c>immutable</c>, <c>stable</c> or, where nothing is written, <c>volatile</c>.</param>
/// <param name="Language">Its language; <c>sql</c> where a body is written without one.</param>
public sealed record CreateFunction(QualifiedName Name, string Volatility, string Language) : Statement
{
    /// <summary>The types of its arguments, those that only return something left out: <c>integer</c>, <c>text</c>.</summary>
    public ImmutableArray<string> Arguments { get; init; } = [];

    /// <summary>OR REPLACE.</summary>
    public bool OrReplace { get; init; }

    /// <summary>SECURITY DEFINER: it runs with the rights of its owner.</summary>
    public bool IsSecurityDefiner { get; init; }

    /// <summary>Whether a SET clause fixes its search_path.</summary>
    public bool PinsSearchPath { get; init; }

    /// <summary>The text of its body between the quotes, or null for one in SQL-standard form.</summary>
    public string? Body { get; init; }

    /// <summary>Whether its body is in SQL-standard form, whose names were looked up when it was made.</summary>
    public bool HasStandardBody { get; init; }
}

/// <summary>ALTER FUNCTION and its kin.</summary>
/// <param name="Name">Its name.</param>
/// <param name="SecurityDefiner">SECURITY DEFINER, SECURITY INVOKER, or null where neither is written.</param>
/// <param name="PinsSearchPath">True where it sets search_path, false where it resets it, null where it leaves it.</param>
public sealed record AlterFunction(QualifiedName Name, bool? SecurityDefiner, bool? PinsSearchPath) : Statement;

/// <summary>CREATE TRIGGER.</summary>
public sealed record CreateTrigger(string Name, QualifiedName Table, QualifiedName Function) : Statement
{
    /// <summary>OR REPLACE.</summary>
    public bool OrReplace { get; init; }
}

/// <summary>DO: a block of code.</summary>
/// <param name="Language">Its language, <c>plpgsql</c> where none is written.</param>
/// <param name="Body">Its text between the quotes.</param>
public sealed record DoBlock(string Language, string Body) : Statement;

/// <summary>CALL of a procedure.</summary>
public sealed record Call(QualifiedName Procedure) : Statement;
