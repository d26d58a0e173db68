using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using AgentHost.Sql.Lowering;
using AgentHost.Sql.Parsing;
using AgentHost.Sql.Statements;

namespace AgentHost.Sql.Routines;

/// <summary>
/// Lowers libpg_query's tree of a PL/pgSQL body. The tree tells each statement's text and line; its place is found in the body's tokens, going forward only,
/// for the tree is walked in source order.
/// </summary>
internal sealed class PlPgSqlLowering(EmbeddedText content, SourceText body, LineIndex lines, Canvas canvas)
{
    /// <summary>How deep statements may nest in one another.</summary>
    private const int MaxNesting = 200;

    private readonly List<int> _lineStarts = LineStarts(body.Text);
    private Variables _variables = Variables.None;
    private int _token;
    private int _nesting;

    /// <summary>The steps of a body.</summary>
    /// <exception cref="LostException">The tree does not fit the text.</exception>
    public ImmutableArray<RoutineStep> Lower(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Array || root.GetArrayLength() != 1 || root[0].As("PLpgSQL_function") is not { } function
            || function.Body("action") is not { } block)
            throw new LostException("a body that PostgreSQL's PL/pgSQL parser passes over");
        _variables = new(function.Items("datums").Select(datum => datum.Unwrap().Body.Text("refname")).OfType<string>().ToFrozenSet(StringComparer.Ordinal));
        var steps = ImmutableArray.CreateBuilder<RoutineStep>();
        foreach (var datum in function.Items("datums")) Evaluate(steps, datum.Unwrap().Body, "default_val", 0);
        Block(steps, block);
        return steps.DrainToImmutable();
    }

    private ImmutableArray<RoutineStep> Steps(JsonElement.ArrayEnumerator statements)
    {
        if (++_nesting > MaxNesting) throw new LostException("a body that nests too deeply");
        var steps = ImmutableArray.CreateBuilder<RoutineStep>();
        foreach (var statement in statements)
        {
            var (kind, node) = statement.Unwrap();
            Statement(steps, kind, node);
        }
        _nesting--;
        return steps.DrainToImmutable();
    }

    private void Statement(ImmutableArray<RoutineStep>.Builder steps, string kind, JsonElement node)
    {
        var line = node.Number("lineno");
        switch (kind)
        {
            case "PLpgSQL_stmt_block": Block(steps, node); break;
            case "PLpgSQL_stmt_execsql": steps.Add(Sql(node, "sqlstmt", line)); break;
            case "PLpgSQL_stmt_perform" or "PLpgSQL_stmt_call": steps.Add(Sql(node, "expr", line)); break;
            case "PLpgSQL_stmt_return_query" when node.Field("query") is not null: steps.Add(Sql(node, "query", line)); break;
            case "PLpgSQL_stmt_open" when node.Field("query") is not null: steps.Add(Sql(node, "query", line)); break;
            case "PLpgSQL_stmt_return_query" or "PLpgSQL_stmt_open" when node.Field("dynquery") is not null: steps.Add(Dynamic(node, "dynquery", line)); break;
            case "PLpgSQL_stmt_dynexecute": steps.Add(Dynamic(node, "query", line)); break;
            case "PLpgSQL_stmt_commit" or "PLpgSQL_stmt_rollback":
                steps.Add(new TransactionEndStep(kind.EndsWith("rollback", StringComparison.Ordinal)) { Span = Keyword(line, kind[13..]) });
                break;
            case "PLpgSQL_stmt_if" or "PLpgSQL_stmt_case": Branch(steps, kind[13..], node, line); break;
            case "PLpgSQL_stmt_loop" or "PLpgSQL_stmt_while": Loop(steps, LoopKind.Condition, node, line); break;
            case "PLpgSQL_stmt_fori" or "PLpgSQL_stmt_foreach_a": Loop(steps, LoopKind.Count, node, line); break;
            case "PLpgSQL_stmt_fors":
                var query = Sql(node, "query", line);
                var over = Steps(node.Items("body"));
                steps.Add(query is Fragment fragment ? new LoopDraft(fragment, over) { Span = At(line) } : new LoopStep(LoopKind.Rows, null, over) { Span = At(line) });
                break;
            case "PLpgSQL_stmt_dynfors":
                steps.Add(Dynamic(node, "query", line));
                steps.Add(new LoopStep(LoopKind.Rows, null, Steps(node.Items("body"))) { Span = At(line) });
                break;
            case "PLpgSQL_stmt_forc": Loop(steps, LoopKind.Rows, node, line); break;
            default:
                foreach (var field in Expressions) Evaluate(steps, node, field, line);
                foreach (var parameter in node.Items("params")) Evaluate(steps, parameter, line);
                break;
        }
    }

    /// <summary>The fields that hold an expression of a statement that is no more than that.</summary>
    private static readonly ImmutableArray<string> Expressions = ["expr", "cond", "argquery", "message"];

    private void Block(ImmutableArray<RoutineStep>.Builder steps, JsonElement node)
    {
        steps.AddRange(Steps(node.Items("body")));
        if (node.Body("exceptions") is not { } handlers) return;
        var start = At(0);
        steps.Add(new BranchStep("EXCEPTION", [.. handlers.Items("exc_list").Select(handler => Steps(handler.Unwrap().Body.Items("action")))]) { Span = start });
    }

    private void Branch(ImmutableArray<RoutineStep>.Builder steps, string keyword, JsonElement node, int line)
    {
        Evaluate(steps, node, keyword == "if" ? "cond" : "t_expr", line);
        var span = Keyword(line, keyword);
        var arms = ImmutableArray.CreateBuilder<ImmutableArray<RoutineStep>>();
        if (keyword == "if") arms.Add(Steps(node.Items("then_body")));
        foreach (var arm in node.Items(keyword == "if" ? "elsif_list" : "case_when_list"))
        {
            var fields = arm.Unwrap().Body;
            Evaluate(steps, fields, keyword == "if" ? "cond" : "expr", line);
            arms.Add(Steps(fields.Items("stmts")));
        }
        arms.Add(Steps(node.Items(keyword == "if" ? "else_body" : "else_stmts")));
        steps.Add(new BranchStep(keyword.ToUpperInvariant(), arms.DrainToImmutable()) { Span = span });
    }

    private void Loop(ImmutableArray<RoutineStep>.Builder steps, LoopKind kind, JsonElement node, int line)
    {
        foreach (var field in (ReadOnlySpan<string>)["cond", "lower", "upper", "step", "expr", "argquery"]) Evaluate(steps, node, field, line);
        var span = At(line);
        steps.Add(new LoopStep(kind, null, Steps(node.Items("body"))) { Span = span });
    }

    /// <summary>A static SQL statement, written onto the canvas where it stands.</summary>
    private RoutineStep Sql(JsonElement node, string field, int line)
    {
        var query = node.Body(field)?.Text("query") ?? "";
        var start = Find(query, line);
        if (Is(body.Tokens[body.TokenAt(start)], "perform")) query = "SELECT " + query[6..];
        return canvas.Write(query, i => content.PlaceOf(start + i)) is var (from, to)
            ? new Fragment(from, to, _variables) { Span = Span(start) }
            : new UnseenStep("a statement whose place is lost") { Span = Span(start) };
    }

    /// <summary>EXECUTE of a text: read where the text is one constant.</summary>
    private RoutineStep Dynamic(JsonElement node, string field, int line)
    {
        var query = node.Body(field)?.Text("query") ?? "";
        var start = Find(query, line);
        if (ConstantText.Read(body, content, start, start + query.Length) is not { } text) return new UnseenStep("EXECUTE of computed text") { Span = Span(start) };
        return canvas.Write(text.Text, text.PlaceOf) is var (from, to)
            ? new Fragment(from, to, Variables.None) { Span = Span(start) }
            : new UnseenStep("EXECUTE of a text whose place is lost") { Span = Span(start) };
    }

    private void Evaluate(ImmutableArray<RoutineStep>.Builder steps, JsonElement node, string field, int line)
    {
        if (node.Field(field) is { ValueKind: JsonValueKind.Object } expression) Evaluate(steps, expression, line);
    }

    /// <summary>An expression's functions; one without a bracket calls none.</summary>
    private void Evaluate(ImmutableArray<RoutineStep>.Builder steps, JsonElement expression, int line)
    {
        if (expression.As("PLpgSQL_expr") is not { } node || node.Text("query") is not { } text || !text.Contains('(')) return;
        // parseMode 3 and above: an assignment with as many names before the sign.
        var value = node.Number("parseMode") >= 3 && text.IndexOf('=') is var sign and >= 0 ? text[(sign + 1)..] : text;
        try
        {
            if (SqlParser.Parse("SELECT " + value).Statements is [RowStatement { Functions: [_, ..] functions }])
                steps.Add(new EvaluationStep(functions) { Span = At(line) });
        }
        catch (SqlInputException)
        {
            steps.Add(new UnseenStep("an expression that cannot be read by itself") { Span = At(line) });
        }
    }

    /// <summary>
    /// Where a text of the tree begins in the body. The library writes SELECT for PERFORM, and blanks where INTO and its target stood.
    /// </summary>
    private int Find(string query, int line)
    {
        for (var i = Math.Max(_token, body.TokenAt(LineStart(line))); i < body.Tokens.Length; i++)
        {
            var start = body.Tokens[i].Start;
            var isPerform = Is(body.Tokens[i], "perform");
            if (query.Length == 0 || !Matches(isPerform ? start + 7 : start, isPerform ? query.AsSpan(6) : query)) continue;
            _token = body.TokenAt(start + query.Length);
            return start;
        }
        throw new LostException("a body whose statements cannot be told apart");
    }

    private bool Matches(int at, ReadOnlySpan<char> query)
    {
        if (at + query.Length > body.Text.Length) return false;
        var text = body.Text.AsSpan(at, query.Length);
        for (var i = 0; i < query.Length; i++)
            if (query[i] != text[i] && query[i] != ' ')
                return false;
        return true;
    }

    private bool Is(Token token, string word) => token.Kind == TokenKind.Word && body.Text.AsSpan(token.Start, token.End - token.Start).Equals(word, StringComparison.OrdinalIgnoreCase);

    /// <summary>The span of a keyword on a line.</summary>
    private SourceSpan Keyword(int line, string word)
    {
        for (var i = Math.Max(_token, body.TokenAt(LineStart(line))); i < body.Tokens.Length && body.Tokens[i].Start < LineStart(line + 1); i++)
            if (Is(body.Tokens[i], word))
                return Span(body.Tokens[i].Start);
        return At(line);
    }

    private SourceSpan At(int line) => body.TokenAt(LineStart(line)) is var token && token < body.Tokens.Length ? Span(body.Tokens[token].Start) : Span(0);

    private SourceSpan Span(int start) => lines.Span(content.PlaceOf(start), content.PlaceOf(start));

    private int LineStart(int line) => line <= 1 ? 0 : line > _lineStarts.Count ? body.Text.Length : _lineStarts[line - 1];

    private static List<int> LineStarts(string text)
    {
        var starts = new List<int> { 0 };
        for (var i = 0; i < text.Length; i++)
            if (text[i] == '\n')
                starts.Add(i + 1);
        return starts;
    }

    /// <summary>The tree does not fit the text; the message is the reason that is told.</summary>
    public sealed class LostException(string message) : Exception(message);
}
