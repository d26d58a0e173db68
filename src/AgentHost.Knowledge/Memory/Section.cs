using System.Collections.Immutable;

namespace AgentHost.Knowledge.Memory;

/// <summary>A part of a memory file from one second-level heading to the next, or what stands before the first.</summary>
/// <param name="Start">Where it begins in the file, in bytes.</param>
/// <param name="Line">The line of its heading, 1-based.</param>
internal sealed record Section(int Start, int Line)
{
    /// <summary>The entry, or null where it is none.</summary>
    public MemoryEntry? Entry { get; init; }

    /// <summary>The revision, or null where it is none.</summary>
    public RevisionSection? Revision { get; init; }

    /// <summary>Whether it was begun and not written to its end, so far.</summary>
    public bool IsUnfinished { get; init; }

    /// <summary>What in it cannot be read.</summary>
    public ImmutableArray<MemoryProblem> Problems { get; init; } = [];
}

/// <summary>A revision as its section says.</summary>
/// <param name="Id">The id of the entry that it is about.</param>
/// <param name="Revision">What it changes.</param>
/// <param name="Place">Where it stands: the file's name and the line of its heading.</param>
internal sealed record RevisionSection(string Id, Revision Revision, (string File, int Line) Place);
