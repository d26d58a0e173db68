namespace AgentHost.Sql;

/// <summary>A stretch of source text.</summary>
/// <param name="Start">Offset of the first character, 0-based, in UTF-16 code units of the text given to the parser.</param>
/// <param name="Length">Length in UTF-16 code units; 0 where only the start is known.</param>
/// <param name="Line">Line of the first character, 1-based.</param>
/// <param name="Column">Column of the first character, 1-based.</param>
public readonly record struct SourceSpan(int Start, int Length, int Line, int Column)
{
    /// <summary>Offset just behind the last character.</summary>
    public int End => Start + Length;
}
