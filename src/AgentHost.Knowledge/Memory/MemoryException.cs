namespace AgentHost.Knowledge.Memory;

/// <summary>The memory could not be read or written as asked; the message is for the user and says what to do.</summary>
public class MemoryException : Exception
{
    /// <summary>Creates the exception.</summary>
    public MemoryException(string message) : base(message) { }

    /// <summary>Creates the exception with its cause.</summary>
    public MemoryException(string message, Exception? inner) : base(message, inner) { }

    /// <summary>Creates the exception without a message of its own.</summary>
    public MemoryException() { }
}
