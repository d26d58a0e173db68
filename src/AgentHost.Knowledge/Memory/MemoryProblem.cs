namespace AgentHost.Knowledge.Memory;

/// <summary>A place in a memory file that does not read as an entry. The file itself is left as it is.</summary>
/// <param name="File">The file's name, as <c>decisions.md</c>.</param>
/// <param name="Line">The line, 1-based.</param>
/// <param name="Message">What is wrong and how to write it.</param>
public sealed record MemoryProblem(string File, int Line, string Message)
{
    /// <inheritdoc />
    public override string ToString() => $"{File}:{Line}: {Message}";
}
