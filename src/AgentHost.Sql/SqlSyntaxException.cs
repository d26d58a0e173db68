namespace AgentHost.Sql;

/// <summary>SQL that PostgreSQL's own grammar refuses.</summary>
public sealed class SqlSyntaxException : SqlInputException
{
    /// <summary>Makes one from PostgreSQL's message and the place it points at.</summary>
    public SqlSyntaxException(string reason, SourceSpan span) : base($"{reason} (line {span.Line}, column {span.Column})", span) =>
        Reason = reason;

    /// <summary>PostgreSQL's message alone: <c>syntax error at or near "tabel"</c>.</summary>
    public string Reason { get; }
}
