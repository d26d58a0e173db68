namespace AgentHost.Sql.Syntax;

/// <summary>A stretch of a statement's text, in UTF-16 code units.</summary>
/// <param name="Start">Offset of its first character.</param>
/// <param name="End">Offset behind its last.</param>
public readonly record struct TextRange(int Start, int End)
{
    /// <summary>A place with nothing in it.</summary>
    public static TextRange None { get; } = new(-1, -1);

    /// <summary>Whether there is no such place.</summary>
    public bool IsNone => Start < 0;

    /// <summary>The smallest range that holds both; the other one where one is none.</summary>
    public TextRange With(TextRange other) => IsNone ? other : other.IsNone ? this : new(Math.Min(Start, other.Start), Math.Max(End, other.End));

    /// <summary>Whether another range lies inside of this one.</summary>
    public bool Holds(TextRange other) => !IsNone && !other.IsNone && Start <= other.Start && other.End <= End;
}
