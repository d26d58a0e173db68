using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using AgentHost.Sql.Lowering;
using AgentHost.Sql.Parsing;

namespace AgentHost.Sql.Syntax;

/// <summary>Turns libpg_query's tree into <see cref="QuerySyntax"/>; this part reads expressions.</summary>
internal sealed partial class SyntaxReader(SourceText source)
{
    private readonly TokenExtents tokens = new(source);

    private SyntaxNode Read(JsonElement node)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        var (type, body) = node.Unwrap();
        switch (type)
        {
            case "ColumnRef":
                var isStar = body.Items("fields").Any(f => f.As("A_Star") is not null);
                return Leaf(isStar ? NodeKind.Star : NodeKind.Column, body, tokens.Name) with { Path = body.Strings("fields") };
            case "ParamRef":
                return Leaf(NodeKind.Parameter, body, t => t) with { Number = body.Number("number") };
            case "A_Const":
                return Constant(body);
            case "TypeCast":
                var typeName = body.GetProperty("typeName");
                return Node(NodeKind.Cast, body, t => t, [Read(body.GetProperty("arg"))], Own(typeName, tokens.Type)) with { Name = TypeOf(typeName) };
            case "FuncCall":
                return Call(body);
            case "A_Expr":
                return Expression(body);
            case "BoolExpr":
                var kind = body.Text("boolop") switch { "AND_EXPR" => NodeKind.And, "OR_EXPR" => NodeKind.Or, _ => NodeKind.Not };
                return Node(kind, body, t => t, Parts(body, "args"));
            case "NullTest":
                return Node(body.Text("nulltesttype") == "IS_NULL" ? NodeKind.IsNull : NodeKind.IsNotNull, body, Test, [Read(body.GetProperty("arg"))]);
            case "BooleanTest":
                return Node(NodeKind.Other, body, Test, [Read(body.GetProperty("arg"))]);
            case "SubLink":
                return SubLink(body);
            case "CoalesceExpr":
                return Node(NodeKind.Coalesce, body, tokens.WithBrackets, Parts(body, "args"));
            case "RowExpr":
                return Node(NodeKind.Row, body, t => tokens.IsSymbol(t, '(') ? tokens.Close(t) : tokens.WithBrackets(t), Parts(body, "args"));
            case "A_ArrayExpr":
                return Node(NodeKind.Array, body, tokens.WithBrackets, Parts(body, "elements"));
            case "CaseExpr":
                return Node(NodeKind.Other, body, tokens.Case, Loose(body));
            case "A_Indirection":
                return Indirection(body);
            case "CollateClause":
                return Node(NodeKind.Other, body, t => tokens.IsWord(t, "collate") ? tokens.Name(t + 1) : t, [Read(body.GetProperty("arg"))]);
            default:
                return Node(NodeKind.Other, body, tokens.WithBrackets, Loose(body));
        }
    }

    private SyntaxNode Constant(JsonElement body)
    {
        var node = Leaf(NodeKind.Constant, body, t => tokens.IsSymbol(t, '-') || tokens.IsSymbol(t, '+') ? t + 1 : t) with { Value = body.ConstantText() ?? "", Constant = KindOf(body) };
        // The field of EXTRACT is a text to the tree, but a keyword in the query.
        return node.Constant == ConstantKind.Text && !node.Range.IsNone && tokens.IsWord(tokens.FirstOf(node.Range), node.Value) ? node with { Range = TextRange.None } : node;
    }

    private SyntaxNode Expression(JsonElement body)
    {
        var parts = new List<SyntaxNode>();
        if (body.Field("lexpr") is { } left)
            parts.Add(Read(left));
        if (body.Field("rexpr") is { } right)
            parts.AddRange(right.As("List") is { } list ? list.Items("items").Select(Read) : [Read(right)]);
        var kind = body.Text("kind") switch
        {
            "AEXPR_OP" => NodeKind.Operator,
            "AEXPR_IN" => NodeKind.In,
            "AEXPR_OP_ANY" => NodeKind.AnyOf,
            "AEXPR_BETWEEN" => NodeKind.Between,
            "AEXPR_LIKE" or "AEXPR_ILIKE" => NodeKind.Like,
            _ => NodeKind.Other,
        };
        return Node(kind, body, t => t, [.. parts]) with { Name = body.Strings("name").LastOrDefault() ?? "" };
    }

    private SyntaxNode Call(JsonElement body)
    {
        var parts = Parts(body, "args").AddRange(body.Items("agg_order").Select(Read));
        var filter = body.Field("agg_filter") is { } f ? Read(f) : null;
        var over = body.Field("over") is { } window ? Loose(window) : [];
        // AT TIME ZONE and its kin have their arguments before and behind their keyword.
        var range = tokens.IsBetweenArguments(body.Number("location")) ? Own(body, t => t) : Own(body, tokens.Call);
        return Node(NodeKind.Call, range, [.. parts, .. filter is null ? [] : new[] { filter }, .. over]) with
        {
            Name = string.Join('.', body.Strings("funcname").Where(n => n != "pg_catalog")),
            IsOverStar = body.Flag("agg_star"),
            IsModified = filter is not null || body.Field("over") is not null || body.Flag("agg_distinct") || body.Flag("agg_within_group") || body.Flag("func_variadic") || body.Items("agg_order").Any(),
        };
    }

    private SyntaxNode SubLink(JsonElement body)
    {
        var query = body.Body("subselect") is { } select ? Level(select) : null;
        ImmutableArray<SyntaxNode> tested = body.Field("testexpr") is { } test ? [Read(test)] : [];
        var kind = body.Text("subLinkType") switch
        {
            "EXISTS_SUBLINK" => NodeKind.Exists,
            "ANY_SUBLINK" => NodeKind.InQuery,
            "EXPR_SUBLINK" => NodeKind.ScalarQuery,
            _ => NodeKind.Other,
        };
        return Node(kind, body, tokens.Bracketed, tested) with { Query = query, Name = body.Strings("operName").LastOrDefault() ?? "=" };
    }

    private SyntaxNode Indirection(JsonElement body)
    {
        var node = Node(NodeKind.Other, TextRange.None, Loose(body));
        if (node.Range.IsNone)
            return node;
        var (first, last) = (tokens.FirstOf(node.Range), tokens.LastOf(node.Range));
        while (tokens.IsSymbol(first - 1, '(') && tokens.IsSymbol(last + 1, ')'))
            (first, last) = (first - 1, last + 1);
        while (tokens.IsSymbol(last + 1, '.') || tokens.IsSymbol(last + 1, '['))
            last = tokens.IsSymbol(last + 1, '.') ? last + 2 : tokens.Close(last + 1);
        return node with { Range = tokens.Range(first, last) };
    }

    private int Test(int token)
    {
        if (!tokens.IsWord(token, "is"))
            return token;
        token++;
        return tokens.IsWord(token, "not") ? token + 1 : token;
    }

    private ImmutableArray<SyntaxNode> Parts(JsonElement body, string name) => [.. body.Items(name).Select(Read)];

    // Whatever expressions are below a node whose own meaning does not matter.
    private ImmutableArray<SyntaxNode> Loose(JsonElement body)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        var found = ImmutableArray.CreateBuilder<SyntaxNode>();
        foreach (var property in body.EnumerateObject())
        {
            foreach (var item in property.Value.ValueKind == JsonValueKind.Array ? [.. property.Value.EnumerateArray()] : new[] { property.Value })
            {
                if (item.ValueKind != JsonValueKind.Object)
                    continue;
                if (property.NameEquals("SelectStmt"))
                    found.Add(new SyntaxNode(NodeKind.Other, TextRange.None, []) { Query = Level(item) });
                else if (item.EnumerateObject().ToList() is [var single] && char.IsAsciiLetterUpper(single.Name[0]) && single.Name is not ("String" or "Integer" or "List" or "SelectStmt"))
                    found.Add(Read(item));
                else
                    found.AddRange(Loose(item));
            }
        }
        return found.DrainToImmutable();
    }

    private SyntaxNode Leaf(NodeKind kind, JsonElement body, Func<int, int> end) => new(kind, Own(body, end), []);

    private SyntaxNode Node(NodeKind kind, JsonElement body, Func<int, int> end, ImmutableArray<SyntaxNode> parts, TextRange also = default) =>
        Node(kind, also == default ? Own(body, end) : Own(body, end).With(also), parts);

    private SyntaxNode Node(NodeKind kind, TextRange own, ImmutableArray<SyntaxNode> parts) =>
        new(kind, tokens.Balanced(parts.Aggregate(own, (range, part) => range.With(part.Range))), parts);

    private TextRange Own(JsonElement body, Func<int, int> end)
    {
        if (!body.TryGetProperty("location", out var place) || place.GetInt32() < 0)
            return TextRange.None;
        var first = tokens.At(place.GetInt32());
        return first >= tokens.Count ? TextRange.None : tokens.Range(first, end(first));
    }

    private static ConstantKind KindOf(JsonElement body) =>
        body.Field("sval") is not null ? ConstantKind.Text
        : body.Field("ival") is not null ? ConstantKind.Whole
        : body.Field("fval") is not null ? ConstantKind.Numeric
        : body.Field("boolval") is not null ? ConstantKind.Boolean
        : body.Flag("isnull") ? ConstantKind.Null : ConstantKind.None;

    private static string TypeOf(JsonElement type) =>
        string.Join('.', type.Strings("names").Where(n => n != "pg_catalog")) + string.Concat(type.Items("arrayBounds").Select(_ => "[]"));

    /// <summary>The tree as text without places and without ways to write the same call.</summary>
    public static string Fingerprint(string sql)
    {
        using var tree = LibPgQuery.Parse(SourceText.Read(sql));
        var text = new StringBuilder();
        Write(tree.RootElement.GetProperty("stmts"), text);
        return text.ToString();
    }

    private static void Write(JsonElement element, StringBuilder text)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        if (element.ValueKind == JsonValueKind.Array)
        {
            text.Append('[');
            foreach (var item in element.EnumerateArray())
                Write(item, text);
            text.Append(']');
        }
        else if (element.ValueKind == JsonValueKind.Object)
        {
            text.Append('{');
            foreach (var property in element.EnumerateObject().Where(p => p.Name is not ("location" or "stmt_len" or "stmt_location")))
            {
                text.Append(property.Name).Append(':');
                Write(property.Value, text);
            }
            text.Append('}');
        }
        else
        {
            text.Append(element.GetRawText()).Append(' ');
        }
    }
}
