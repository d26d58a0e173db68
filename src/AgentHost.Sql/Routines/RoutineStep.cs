using System.Collections.Immutable;
using AgentHost.Sql.Statements;

namespace AgentHost.Sql.Routines;

/// <summary>What the body of a DO block, function or procedure does, in source order.</summary>
/// <param name="Steps">Its steps; a body that cannot be read is one <see cref="UnseenStep"/>.</param>
public sealed record RoutineBody(ImmutableArray<RoutineStep> Steps)
{
    /// <summary>Whether it ends a transaction somewhere.</summary>
    public bool EndsTransactions => Steps.Any(step => step.EndsTransaction);
}

/// <summary>A step of a body.</summary>
public abstract record RoutineStep
{
    /// <summary>Where it stands in the script that holds the body.</summary>
    public required SourceSpan Span { get; init; }

    /// <summary>Whether it, or a step inside it, ends a transaction.</summary>
    public virtual bool EndsTransaction => false;
}

/// <summary>An SQL statement of the body, or of a constant text that it executes; spans are those of the script that holds the body.</summary>
/// <param name="Statement">The statement; variables in it look like columns.</param>
public sealed record StatementStep(Statement Statement) : RoutineStep;

/// <summary>COMMIT or ROLLBACK: the next statement begins a new transaction.</summary>
/// <param name="IsRollback">Whether it takes back what was done.</param>
public sealed record TransactionEndStep(bool IsRollback) : RoutineStep
{
    /// <inheritdoc />
    public override bool EndsTransaction => true;
}

/// <summary>LOOP, WHILE, FOR, FOREACH.</summary>
/// <param name="Kind">What decides how often it runs.</param>
/// <param name="Query">The query whose rows it runs for, or null.</param>
/// <param name="Body">What it repeats.</param>
public sealed record LoopStep(LoopKind Kind, RowStatement? Query, ImmutableArray<RoutineStep> Body) : RoutineStep
{
    /// <inheritdoc />
    public override bool EndsTransaction => Body.Any(step => step.EndsTransaction);
}

/// <summary>What decides how often a loop runs.</summary>
public enum LoopKind
{
    /// <summary>LOOP and WHILE: a condition.</summary>
    Condition,

    /// <summary>FOR … IN 1..10, FOREACH: numbers or elements.</summary>
    Count,

    /// <summary>FOR … IN query, cursor or EXECUTE: rows.</summary>
    Rows,
}

/// <summary>Arms of which at most one runs: IF, CASE, or the handlers of an EXCEPTION clause.</summary>
/// <param name="Keyword"><c>IF</c>, <c>CASE</c> or <c>EXCEPTION</c>.</param>
/// <param name="Arms">The arms in source order.</param>
public sealed record BranchStep(string Keyword, ImmutableArray<ImmutableArray<RoutineStep>> Arms) : RoutineStep
{
    /// <inheritdoc />
    public override bool EndsTransaction => Arms.Any(arm => arm.Any(step => step.EndsTransaction));
}

/// <summary>An expression that calls functions.</summary>
/// <param name="Functions">Which.</param>
public sealed record EvaluationStep(ImmutableArray<QualifiedName> Functions) : RoutineStep;

/// <summary>Something whose text does not tell what it does.</summary>
/// <param name="Reason">What it is, as the end of "not seen: ": <c>EXECUTE of computed text</c>.</param>
public sealed record UnseenStep(string Reason) : RoutineStep;
