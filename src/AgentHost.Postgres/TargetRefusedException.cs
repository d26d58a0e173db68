namespace AgentHost.Postgres;

/// <summary>A statement was not sent to a user's database because it is more than a read. The message tells what was refused, why, and what to do.</summary>
public sealed class TargetRefusedException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">What was refused, why, and what to do instead.</param>
    /// <param name="innerException">The cause.</param>
    public TargetRefusedException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
