using System.Collections.Frozen;
using System.Collections.Immutable;
using AgentHost.Sql.Statements;

namespace AgentHost.Sql.Routines;

/// <summary>
/// The SQL inside the DO blocks, functions and procedures of a script: PL/pgSQL read by PostgreSQL's own parser (libpg_query), SQL functions as scripts,
/// EXECUTE of a constant text included. No body ends the process; one that cannot be read says why.
/// </summary>
public sealed class EmbeddedCode
{
    /// <summary>How deep code in the text of other code is read.</summary>
    private const int MaxDepth = 4;

    private readonly FrozenDictionary<int, RoutineBody> _bodies;
    private readonly EmbeddedCode? _deeper;
    private readonly FrozenSet<int> _starts;

    private EmbeddedCode(Script script, FrozenDictionary<int, RoutineBody> bodies, EmbeddedCode? deeper) =>
        (Script, _bodies, _deeper, _starts) = (script, bodies, deeper, deeper is null ? [] : script.Statements.Select(statement => statement.Span.Start).ToFrozenSet());

    /// <summary>The statements inside, all at their places in the text of the script that holds the routines.</summary>
    public Script Script { get; }

    /// <summary>Reads all routines of a script.</summary>
    /// <exception cref="ParserUnavailableException">The parser library is not installed.</exception>
    public static EmbeddedCode Read(Script script) => Read(script, MaxDepth);

    /// <summary>The body of a DO block, CREATE FUNCTION or CREATE PROCEDURE of the script, or of one inside another; null for any other statement.</summary>
    public RoutineBody? BodyOf(Statement routine) => routine is DoBlock or CreateFunction
        ? _bodies.GetValueOrDefault(routine.Span.Start) ?? _deeper?.BodyOf(routine)
        : null;

    /// <summary>The script that a statement inside the routines was parsed from, for its text.</summary>
    public Script SourceOf(Statement inside) => _deeper is null || _starts.Contains(inside.Span.Start) ? Script : _deeper.SourceOf(inside);

    private static EmbeddedCode Read(Script script, int depth)
    {
        var routines = script.Statements.Where(statement => statement is DoBlock or CreateFunction).ToList();
        var canvas = new Canvas(script.Text);
        var drafts = routines.Select(routine => (routine.Span.Start, Body: depth > 0
            ? RoutineReader.Read(script, routine, canvas)
            : RoutineReader.Unseen(routine.Span, "code too deep inside other code"))).ToList();
        if (!drafts.Exists(draft => RoutineReader.HasSql(draft.Body)))
            return new(new Script(script.Text, []), drafts.ToFrozenDictionary(draft => draft.Start, draft => draft.Body), null);
        var inside = Parse(canvas.Text, out var refused);
        var deeper = inside.Statements.Any(statement => statement is DoBlock or CreateFunction) ? Read(inside, depth - 1) : null;
        inside = inside with { Text = canvas.Text };
        return new(inside, drafts.ToFrozenDictionary(draft => draft.Start, draft => RoutineReader.Finish(draft.Body, inside, refused)), deeper);
    }

    private static Script Parse(string text, out ImmutableArray<RefusedStatement> refused)
    {
        try
        {
            var read = PartialScript.Parse(text);
            refused = read.Refused;
            return read.Script;
        }
        catch (SqlInputException unreadable)
        {
            refused = [new RefusedStatement(new SourceSpan(0, text.Length, 1, 1), unreadable.Message, unreadable.Span)];
            return new Script(text, []);
        }
    }
}
