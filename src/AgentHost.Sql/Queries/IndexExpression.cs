using System.Collections.Immutable;
using System.Text.Json;
using AgentHost.Sql.Lowering;

namespace AgentHost.Sql.Queries;

/// <summary>
/// Writes an expression over one relation's columns as a key of an index would be: casts, calls, operators, constants. Whether its functions are
/// immutable only the database knows.
/// </summary>
internal sealed class IndexExpression(Scope scope)
{
    private const int MaxDepth = 20;

    private readonly SortedSet<string> columns = new(StringComparer.Ordinal);
    private RelationBuilder? relation;

    /// <summary>The expression, or null where it is a bare column, a constant, or holds anything else (parameters, subqueries, other relations).</summary>
    public static (RelationBuilder Relation, string Sql, ImmutableArray<string> Columns)? Of(JsonElement node, Scope scope)
    {
        var writer = new IndexExpression(scope);
        return node.Get("ColumnRef") is null && writer.Write(node, 0) is { } sql && writer.relation is { } relation
            ? (relation, sql, [.. writer.columns])
            : null;
    }

    private string? Write(JsonElement node, int depth)
    {
        if (depth > MaxDepth)
            return null;
        var (type, body) = node.Unwrap();
        return type switch
        {
            "ColumnRef" => Column(node),
            "A_Const" => PredicateLowering.LiteralOf(body)?.Sql,
            "TypeCast" => Write(body.GetProperty("arg"), depth + 1) is { } inner && TypeOf(body.GetProperty("typeName")) is { } name ? $"({inner}::{name})" : null,
            "FuncCall" => Call(body, depth),
            "CoalesceExpr" => List(body, depth) is { } items ? $"COALESCE({items})" : null,
            "A_Expr" when body.Text("kind") == "AEXPR_OP" && body.Strings("name") is [var op] => Operation(body, op, depth),
            _ => null,
        };
    }

    private string? Column(JsonElement node)
    {
        if (QueryLowering.ColumnOf(node, scope) is not { } column || (relation is not null && relation != column.Relation))
            return null;
        relation = column.Relation;
        columns.Add(column.Column);
        return SqlIdentifier.Quote(column.Column);
    }

    private string? Call(JsonElement call, int depth)
    {
        if (call.EnumerateObject().Any(p => p.Name is not ("funcname" or "args" or "funcformat" or "location")))
            return null;
        var name = string.Join('.', call.Strings("funcname").Select(SqlIdentifier.Quote));
        return List(call, depth) is { } arguments ? $"{name}({arguments})" : null;
    }

    private string? List(JsonElement body, int depth)
    {
        var items = body.Items("args").Select(a => Write(a, depth + 1)).ToList();
        return items.Contains(null) ? null : string.Join(", ", items);
    }

    private string? Operation(JsonElement body, string op, int depth)
    {
        if (body.Get("rexpr") is not { } r || Write(r, depth + 1) is not { } right)
            return null;
        if (body.Get("lexpr") is not { } l)
            return $"({op} {right})";
        return Write(l, depth + 1) is { } left ? $"({left} {op} {right})" : null;
    }

    private static string? TypeOf(JsonElement type)
    {
        var names = type.Strings("names");
        if (names.Length > 0 && names[0] == "pg_catalog")
            names = names.RemoveAt(0);
        var modifiers = type.Items("typmods").Select(m => m.Get("A_Const").Get("ival")?.Number("ival")).ToList();
        if (names.IsEmpty || names is ["char"] || modifiers.Contains(null))
            return null;
        return string.Join('.', names.Select(SqlIdentifier.Quote))
            + (modifiers.Count > 0 ? $"({string.Join(", ", modifiers)})" : "") + string.Concat(type.Items("arrayBounds").Select(_ => "[]"));
    }
}
