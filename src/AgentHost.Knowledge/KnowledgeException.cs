namespace AgentHost.Knowledge;

/// <summary>Knowledge cannot be read, stored or searched as asked; the message is for the user and says what to do.</summary>
public sealed class KnowledgeException : Exception
{
    /// <summary>Creates the exception.</summary>
    public KnowledgeException(string message) : base(message) { }

    /// <summary>Creates the exception with its cause.</summary>
    public KnowledgeException(string message, Exception? inner) : base(message, inner) { }

    /// <summary>Creates the exception without a message of its own.</summary>
    public KnowledgeException() { }
}
