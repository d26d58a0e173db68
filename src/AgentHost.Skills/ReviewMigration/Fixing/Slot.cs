using System.Collections.Immutable;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Fixing;

/// <summary>A statement of a migration with all that belongs to it: what stands before it, its semicolon, and a comment behind that on the same line.</summary>
/// <param name="Start">Where the text before it begins: behind the statement before.</param>
/// <param name="Span">The statement without its semicolon.</param>
/// <param name="End">Behind the semicolon and the comment of its line.</param>
/// <param name="Context">The statement in its state; null for one that the grammar refuses.</param>
internal sealed record Slot(int Start, SourceSpan Span, int End, StatementContext? Context)
{
    /// <summary>The statement; null for one that the grammar refuses.</summary>
    public Statement? Statement => Context?.Statement;

    /// <summary>All statements of a file in source order.</summary>
    public static ImmutableArray<Slot> Of(MigrationReplay replay, PartialScript read)
    {
        string text = replay.File.UpText;
        var slots = ImmutableArray.CreateBuilder<Slot>();
        int at = 0;
        foreach (var (span, context) in replay.ScriptStatements.Select(context => (context.Statement.Span, Context: (StatementContext?)context))
            .Concat(read.Refused.Select(refused => (refused.Span, Context: (StatementContext?)null))).OrderBy(statement => statement.Span.Start))
        {
            int end = Math.Max(at, LineEnd(text, Terminated(text, span.End)));
            slots.Add(new Slot(at, span, end, context));
            at = end;
        }

        return slots.DrainToImmutable();
    }

    /// <summary>Behind the semicolon that ends a statement, if there is one.</summary>
    private static int Terminated(string text, int end)
    {
        if (end > 0 && text[end - 1] == ';')
            return end;
        for (int at = end; at < text.Length; at++)
        {
            if (text[at] == ';')
                return at + 1;
            if (char.IsWhiteSpace(text[at]))
                continue;
            int comment = text[at..].StartsWith("--", StringComparison.Ordinal) ? text.IndexOf('\n', at)
                : text[at..].StartsWith("/*", StringComparison.Ordinal) ? text.IndexOf("*/", at, StringComparison.Ordinal) + 1 : -1;
            if (comment <= at)
                return end;
            at = comment;
        }

        return end;
    }

    /// <summary>The end of the line where nothing but a comment stands behind a statement; else where the statement ends.</summary>
    private static int LineEnd(string text, int at)
    {
        int end = text.IndexOf('\n', at) is var found and >= 0 ? found : text.Length;
        var rest = text.AsSpan(at, end - at).Trim();
        return rest.IsEmpty || rest.StartsWith("--", StringComparison.Ordinal) ? end : at;
    }
}
