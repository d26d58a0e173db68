using System.Collections.Immutable;
using AgentHost.Sql.Parsing;
using AgentHost.Sql.Statements;

namespace AgentHost.Sql.Routines;

/// <summary>Reads a routine's body in two goes: first its shape, the SQL in it written onto the canvas, then the statements that the canvas gave.</summary>
internal static class RoutineReader
{
    /// <summary>The body's shape; SQL in it is still a <see cref="Fragment"/>.</summary>
    public static RoutineBody Read(Script script, Statement routine, Canvas canvas)
    {
        var (language, body) = routine switch
        {
            DoBlock block => (block.Language, block.Body),
            CreateFunction function => (function.Language, function.Body),
            _ => throw new ArgumentException("no routine", nameof(routine)),
        };
        if (language is not ("plpgsql" or "sql")) return Unseen(routine.Span, $"code in {language}");
        if (string.IsNullOrEmpty(body)) return Unseen(routine.Span, "a body that is no string");
        var source = SourceText.Read(script.TextOf(routine));
        if (Content(script.Text, routine, source, body) is not { } content) return Unseen(routine.Span, "a body written with escapes");
        if (language == "sql") return new([SqlFunction(content, canvas, source, routine)]);
        SourceText inside;
        try
        {
            inside = SourceText.Read(body);
        }
        catch (SqlInputException unusable)
        {
            return Unseen(routine.Span, unusable.Message);
        }
        var (tree, refusal) = PlPgSqlParser.Parse(source, inside.Tokens.Length);
        if (tree is null) return Unseen(routine.Span, $"a body that PostgreSQL's PL/pgSQL parser refuses ({refusal})");
        using (tree)
        {
            try
            {
                return new(new PlPgSqlLowering(content, inside, new LineIndex(script.Text), canvas).Lower(tree.RootElement));
            }
            catch (PlPgSqlLowering.LostException lost)
            {
                return Unseen(routine.Span, lost.Message);
            }
        }
    }

    /// <summary>A body that is one step which nobody can see.</summary>
    public static RoutineBody Unseen(SourceSpan span, string reason) => new([new UnseenStep(reason) { Span = span }]);

    /// <summary>Whether anything was written onto the canvas.</summary>
    public static bool HasSql(RoutineBody body) => body.Steps.Any(HasSql);

    /// <summary>The body with the statements of the canvas in place of the fragments.</summary>
    public static RoutineBody Finish(RoutineBody body, Script inside, ImmutableArray<RefusedStatement> refused) =>
        new(Finish(body.Steps, inside, refused));

    private static bool HasSql(RoutineStep step) => step switch
    {
        Fragment => true,
        LoopDraft => true,
        LoopStep loop => loop.Body.Any(HasSql),
        BranchStep branch => branch.Arms.Any(arm => arm.Any(HasSql)),
        _ => false,
    };

    private static ImmutableArray<RoutineStep> Finish(ImmutableArray<RoutineStep> steps, Script inside, ImmutableArray<RefusedStatement> refused) =>
        [.. steps.SelectMany(step => Finish(step, inside, refused))];

    private static IEnumerable<RoutineStep> Finish(RoutineStep step, Script inside, ImmutableArray<RefusedStatement> refused) => step switch
    {
        Fragment fragment => Statements(fragment, inside, refused),
        LoopDraft loop => Finish(loop, inside, refused),
        LoopStep loop => [loop with { Body = Finish(loop.Body, inside, refused) }],
        BranchStep branch => [branch with { Arms = [.. branch.Arms.Select(arm => Finish(arm, inside, refused))] }],
        _ => [step],
    };

    private static IEnumerable<RoutineStep> Finish(LoopDraft loop, Script inside, ImmutableArray<RefusedStatement> refused)
    {
        var query = Statements(loop.Query, inside, refused);
        foreach (var step in query) yield return step;
        yield return new LoopStep(LoopKind.Rows, query is [StatementStep { Statement: RowStatement rows }] ? rows : null, Finish(loop.Body, inside, refused)) { Span = loop.Span };
    }

    private static List<RoutineStep> Statements(Fragment fragment, Script inside, ImmutableArray<RefusedStatement> refused)
    {
        var first = FirstAt(inside.Statements, fragment.Start);
        var steps = new List<RoutineStep>();
        for (var i = first; i < inside.Statements.Length && inside.Statements[i].Span.Start < fragment.End; i++)
            steps.Add(inside.Statements[i].Span.End > fragment.End
                ? new UnseenStep("a text that does not end where it is quoted") { Span = inside.Statements[i].Span }
                : new StatementStep(Variables.Understood(inside.Statements[i], fragment.Variables)) { Span = inside.Statements[i].Span });
        foreach (var unread in refused.Where(unread => unread.Span.Start < fragment.End && unread.Span.End > fragment.Start))
            steps.Add(new UnseenStep($"a statement that PostgreSQL refuses ({unread.Reason})") { Span = fragment.Span });
        return steps;
    }

    private static int FirstAt(ImmutableArray<Statement> statements, int start)
    {
        var (low, high) = (0, statements.Length);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (statements[middle].Span.Start < start) low = middle + 1;
            else high = middle;
        }
        return low;
    }

    private static RoutineStep SqlFunction(EmbeddedText content, Canvas canvas, SourceText source, Statement routine) =>
        canvas.Write(content.Text, content.PlaceOf) is var (start, end)
            ? new Fragment(start, end, Variables.None) { Span = routine.Span }
            : new UnseenStep("a body whose places are lost") { Span = routine.Span };

    /// <summary>The literal that is the routine's body.</summary>
    private static EmbeddedText? Content(string script, Statement routine, SourceText source, string body)
    {
        foreach (var token in source.Tokens.Reverse())
        {
            var place = token with { Start = routine.Span.Start + token.Start, End = routine.Span.Start + token.End };
            if (token.Kind == TokenKind.String && EmbeddedText.Read(script, place, at => at) is { } text && text.Text == body) return text;
        }
        return null;
    }
}

/// <summary>SQL on the canvas, not yet parsed.</summary>
internal sealed record Fragment(int Start, int End, Variables Variables) : RoutineStep;

/// <summary>A loop over the rows of a query that is not yet parsed.</summary>
internal sealed record LoopDraft(Fragment Query, ImmutableArray<RoutineStep> Body) : RoutineStep
{
    /// <inheritdoc />
    public override bool EndsTransaction => Body.Any(step => step.EndsTransaction);
}
