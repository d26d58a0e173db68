using System.Collections.Immutable;
using System.Text.Json;
using AgentHost.Sql.Parsing;
using AgentHost.Sql.Statements;

namespace AgentHost.Sql.Lowering;

/// <summary>Expressions: their text and what they name.</summary>
internal static class ExpressionLowering
{
    /// <summary>Lowers a wrapped expression node that the tokens spell.</summary>
    public static Expression Lower(JsonElement node, TokenRange tokens)
    {
        var functions = new List<(int At, QualifiedName Name)>();
        var columns = new List<(int At, string Name)>();
        var isConstant = true;
        var walk = new TreeWalk("", node);
        while (walk.Next(out var name, out var fields, out _))
        {
            if (name.Length == 0 || !char.IsAsciiLetterUpper(name[0])) continue;
            isConstant &= IsPartOfConstant(name, fields);
            if (Function(name, fields) is { } function) functions.Add((fields.Number("location"), function));
            else if (name == "ColumnRef" && fields.Items("fields").LastOrDefault() is { ValueKind: JsonValueKind.Object } last && last.As("String") is { } column)
                columns.Add((fields.Number("location"), column.Text("sval") ?? ""));
        }
        return new Expression(tokens.Text, tokens.Span, InSourceOrder(functions), InSourceOrder(columns), isConstant)
        {
            ImpliedName = ImpliedName(node),
            IsNull = IsNullConstant(node),
            NotNullColumns = isConstant ? [] : NotNullColumns(node),
            Comparisons = isConstant ? [] : ComparisonLowering.Lower(node),
        };
    }

    /// <summary>The name under which a node calls a function, or null where it calls none.</summary>
    public static QualifiedName? Function(string kind, JsonElement fields) => kind switch
    {
        "FuncCall" => NameLowering.Builtin(fields.Strings("funcname")),
        "SQLValueFunction" => new QualifiedName(null, ValueFunction(fields.Text("op") ?? "")),
        _ => null,
    };

    /// <summary>PostgreSQL prefers a name from deep inside to that of a type or of CASE around it.</summary>
    private static string? ImpliedName(JsonElement node)
    {
        string? weak = null;
        while (true)
        {
            var (kind, body) = node.Unwrap();
            switch (kind)
            {
                case "ColumnRef": return body.Strings("fields") is [.., var column] ? column : weak;
                case "FuncCall" or "SQLValueFunction": return Function(kind, body)!.Name;
                case "A_ArrayExpr": return "array";
                case "RowExpr": return "row";
                case "CoalesceExpr": return "coalesce";
                case "MinMaxExpr": return body.Text("op") == "IS_LEAST" ? "least" : "greatest";
                case "A_Expr" when body.Text("kind") == "AEXPR_NULLIF": return "nullif";
                case "TypeCast":
                    weak ??= body.GetProperty("typeName").Strings("names") is [.., var type] ? type : null;
                    node = body.GetProperty("arg");
                    break;
                case "CollateClause" or "A_Indirection" when body.Field("arg") is { } inner:
                    if (body.Items("indirection").Select(i => i.As("String")?.Text("sval")).LastOrDefault(i => i is not null) is { } field) return field;
                    node = inner;
                    break;
                case "CaseExpr":
                    weak ??= "case";
                    if (body.Field("defresult") is not { } otherwise) return weak;
                    node = otherwise;
                    break;
                default: return weak;
            }
        }
    }

    /// <summary><c>SVFOP_CURRENT_TIMESTAMP_N</c> is current_timestamp with a precision.</summary>
    private static string ValueFunction(string op)
    {
        var name = op.StartsWith("SVFOP_", StringComparison.Ordinal) ? op[6..] : op;
        return (name.EndsWith("_N", StringComparison.Ordinal) ? name[..^2] : name).ToLowerInvariant();
    }

    private static bool IsPartOfConstant(string kind, JsonElement fields) => kind switch
    {
        "A_Const" or "TypeCast" or "TypeName" or "String" or "Integer" or "A_ArrayExpr" or "CollateClause" or "RowExpr" or "List" => true,
        "A_Expr" => fields.Text("kind") == "AEXPR_OP" && fields.Field("lexpr") is null && fields.Strings("name") is ["-" or "+"],
        _ => false,
    };

    private static bool IsNullConstant(JsonElement node)
    {
        while (node.As("TypeCast")?.Field("arg") is { } inner) node = inner;
        return node.As("A_Const")?.Flag("isnull") == true;
    }

    /// <summary>The columns of <c>a IS NOT NULL</c> and of conjunctions of such tests.</summary>
    private static ImmutableArray<string> NotNullColumns(JsonElement node)
    {
        var columns = ImmutableArray.CreateBuilder<string>();
        var pending = new Stack<JsonElement>([node]);
        while (pending.TryPop(out var next))
        {
            if (next.As("BoolExpr") is { } and && and.Text("boolop") == "AND_EXPR")
                foreach (var argument in and.Items("args"))
                    pending.Push(argument);
            else if (next.As("NullTest") is { } test && test.Text("nulltesttype") == "IS_NOT_NULL" && test.Field("arg")?.As("ColumnRef") is { } column &&
                column.Strings("fields") is [.., var name])
                columns.Add(name);
        }
        return columns.DrainToImmutable();
    }

    public static ImmutableArray<T> InSourceOrder<T>(List<(int At, T Name)> named)
    {
        if (named.Count == 0) return [];
        return [.. named.OrderBy(n => n.At).Select(n => n.Name).Distinct()];
    }
}
