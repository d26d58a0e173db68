using System.Collections.Immutable;
using AgentHost.Sql;
using AgentHost.Sql.Routines;

namespace AgentHost.Skills.ReviewMigration;

/// <summary>How a statement inside code comes to run.</summary>
internal sealed record Circumstances
{
    /// <summary>A statement that simply runs.</summary>
    public static Circumstances Plain { get; } = new();

    /// <summary>The innermost IF, CASE or EXCEPTION that decides whether it runs; null where it always does.</summary>
    public BranchStep? Branch { get; init; }

    /// <summary>The arms that it stands in: the number of each branch and of its arm.</summary>
    public ImmutableArray<(int Branch, int Arm)> Arms { get; init; } = [];

    /// <summary>Whether a loop repeats it within one transaction.</summary>
    public Repeats Repeats { get; init; }

    /// <summary>How many functions have called one another to get to it.</summary>
    public int Depth { get; init; }

    /// <summary>What a finding adds to its message; empty where the statement simply runs.</summary>
    public string Condition => Branch switch
    {
        null => "",
        { Keyword: "EXCEPTION" } => " This only if the exception handler runs.",
        var branch => $" This only if this branch runs ({branch.Keyword} in line {branch.Span.Line}).",
    };

    /// <summary>Whether one of the two statements runs at most where the other does not.</summary>
    public bool Excludes(Circumstances other) => Arms.Any(arm => other.Arms.Any(its => its.Branch == arm.Branch && its.Arm != arm.Arm));
}

/// <summary>Whether a loop without COMMIT repeats a statement.</summary>
internal enum Repeats
{
    /// <summary>None does, or only a fixed number of times.</summary>
    No,

    /// <summary>LOOP or WHILE: until a condition holds.</summary>
    WhileSomething,

    /// <summary>FOR: once for each row of a table that others use.</summary>
    ForRows,
}

/// <summary>Code that a statement runs and that was not seen.</summary>
/// <param name="Span">Where it runs.</param>
/// <param name="What">What it is: a function with brackets, or a reason.</param>
internal sealed record UnseenCode(SourceSpan Span, string What);
