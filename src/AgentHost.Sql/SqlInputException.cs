namespace AgentHost.Sql;

/// <summary>SQL text that cannot be read. The message says what is wrong, where, and what to do; it is fit to show as it is.</summary>
public class SqlInputException : Exception
{
    /// <summary>Makes one for the place where reading stopped.</summary>
    public SqlInputException(string message, SourceSpan span) : base(message) => Span = span;

    /// <summary>Where reading stopped; line 1, column 1 where the whole text is at fault.</summary>
    public SourceSpan Span { get; }
}
