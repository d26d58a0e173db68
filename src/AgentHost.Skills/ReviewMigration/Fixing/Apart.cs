using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Fixing;

/// <summary>The fix of a statement that is right as it stands, but not where it stands.</summary>
internal static class Apart
{
    /// <summary>The fix; null for what is part of the code that a statement runs.</summary>
    /// <param name="context">The statement.</param>
    /// <param name="span">The clause.</param>
    /// <param name="isWhole">Whether the clause is all that the statement does.</param>
    /// <param name="run">Where it may run.</param>
    public static Fix? Of(StatementContext context, SourceSpan span, bool isWhole, FixRun run)
    {
        if (context.IsInside)
            return null;
        string title = run == FixRun.Outside ? "Outside of the transaction" : "In a transaction of its own";
        return isWhole
            ? Fix.Of(title, context.Statement.Span, new FixStep(context.Text, run)) with { Moves = true }
            : Fix.Of(title, span, new FixStep($"ALTER TABLE {SqlIdentifier.Quote(((AlterTable)context.Statement).Table)} {context.TextOf(span)}", run));
    }
}
