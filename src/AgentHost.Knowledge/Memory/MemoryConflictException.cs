using System.Collections.Immutable;

namespace AgentHost.Knowledge.Memory;

/// <summary>A new decision contradicts decisions in force: the same subject and scope, another choice. Nothing was written.</summary>
public sealed class MemoryConflictException : MemoryException
{
    /// <summary>Creates the exception.</summary>
    public MemoryConflictException(string message, ImmutableArray<MemoryEntry> earlier) : base(message) => Earlier = earlier;

    /// <summary>Creates the exception without a message of its own.</summary>
    public MemoryConflictException() { }

    /// <summary>Creates the exception without naming the decisions.</summary>
    public MemoryConflictException(string message) : base(message) { }

    /// <summary>Creates the exception with its cause.</summary>
    public MemoryConflictException(string message, Exception inner) : base(message, inner) { }

    /// <summary>The decisions in force that it contradicts.</summary>
    public ImmutableArray<MemoryEntry> Earlier { get; } = [];
}
