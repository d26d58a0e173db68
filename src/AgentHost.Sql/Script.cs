using System.Collections.Immutable;
using AgentHost.Sql.Statements;

namespace AgentHost.Sql;

/// <summary>SQL text and its statements in source order.</summary>
/// <param name="Text">The text as it was given.</param>
/// <param name="Statements">Its statements; empty for a text of nothing but whitespace and comments.</param>
public sealed record Script(string Text, ImmutableArray<Statement> Statements)
{
    /// <summary>The source of a statement, without its semicolon.</summary>
    public string TextOf(Statement statement) => TextOf(statement.Span);

    /// <summary>The source that a span covers.</summary>
    public string TextOf(SourceSpan span) => Text.Substring(span.Start, span.Length);
}
