namespace AgentHost.Postgres;

/// <summary>
/// A PostgreSQL could not be used: not installed, not startable, not reachable, sign-in refused, or too slow to answer.
/// The message tells what happened and what to do, and never holds a password.
/// </summary>
public sealed class PostgresUnavailableException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">What happened, then what to do.</param>
    /// <param name="innerException">The cause, where its own message holds no secret.</param>
    public PostgresUnavailableException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
