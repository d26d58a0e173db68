using System.Collections.Immutable;
using System.Text.Json;
using AgentHost.Sql.Statements;

namespace AgentHost.Sql.Lowering;

/// <summary>Finds what a condition says about columns and constants.</summary>
internal static class ComparisonLowering
{
    /// <summary>The comparisons that hold where the condition is true.</summary>
    public static ImmutableArray<Comparison> Lower(JsonElement node)
    {
        var found = new List<Comparison>();
        var pending = new Stack<JsonElement>([node]);
        while (pending.TryPop(out var next))
        {
            if (next.As("BoolExpr") is { } and && and.Text("boolop") == "AND_EXPR")
                foreach (var argument in and.Items("args"))
                    pending.Push(argument);
            else if (next.As("A_Expr") is { } expression)
                found.AddRange(Compare(expression));
        }
        return [.. found];
    }

    private static Comparison[] Compare(JsonElement expression)
    {
        if (expression.Field("lexpr") is not { } left || expression.Field("rexpr") is not { } right) return [];
        var name = expression.Strings("name") is [var only] ? only : "";
        var column = Column(left);
        return expression.Text("kind") switch
        {
            "AEXPR_OP" when left.As("RowExpr") is { } columns && right.As("RowExpr") is { } row => Rows(columns.Items("args"), name, row.Items("args")),
            "AEXPR_OP" when name is "=" or "<" or "<=" or ">" or ">=" => Compare(column, name, right) ?? Compare(Column(right), Mirrored(name), left) ?? [],
            "AEXPR_IN" when name == "=" && column is not null && Constants(right.As("List")?.Items("items")) is { } values => [new(column, "=", values)],
            "AEXPR_OP_ANY" when name == "=" && column is not null && (Constant(right) is { } array ? [array] : Constants(Bare(right).As("A_ArrayExpr")?.Items("elements"))) is { } values =>
                [new(column, "=", values)],
            "AEXPR_BETWEEN" when column is not null && Constants(right.As("List")?.Items("items")) is [var low, var high] =>
                [new(column, ">=", [low]), new(column, "<=", [high])],
            _ => [],
        };
    }

    /// <summary>What a comparison of rows says about their columns: (a, b) > (1, 2) that a >= 1, (a, b) = (1, 2) that each is equal.</summary>
    private static Comparison[] Rows(JsonElement.ArrayEnumerator columns, string name, JsonElement.ArrayEnumerator values)
    {
        var pairs = columns.Zip(values).Select(pair => Compare(Column(pair.First), name switch { "<" => "<=", ">" => ">=", _ => name }, pair.Second)?[0]);
        return name switch
        {
            "=" => [.. pairs.OfType<Comparison>()],
            "<" or "<=" or ">" or ">=" => [.. pairs.Take(1).OfType<Comparison>()],
            _ => [],
        };
    }

    private static Comparison[]? Compare(string? column, string comparison, JsonElement constant) =>
        column is not null && Constant(constant) is { } value ? [new(column, comparison, [value])] : null;

    private static string Mirrored(string comparison) => comparison switch { "<" => ">", "<=" => ">=", ">" => "<", ">=" => "<=", _ => comparison };

    private static string? Column(JsonElement node) => Bare(node).As("ColumnRef")?.Strings("fields") is [.., var name] ? name : null;

    private static string? Constant(JsonElement node)
    {
        var bare = Bare(node);
        if (bare.As("ParamRef") is { } parameter) return "$" + parameter.Number("number");
        if (bare.As("A_Expr") is { } sign && sign.Field("lexpr") is null && sign.Strings("name") is ["-"] && sign.Field("rexpr")?.As("A_Const")?.ConstantText() is { } negative)
            return "-" + negative;
        return bare.As("A_Const")?.ConstantText();
    }

    private static ImmutableArray<string>? Constants(JsonElement.ArrayEnumerator? nodes)
    {
        if (nodes is not { } items) return null;
        var values = items.Select(Constant).ToList();
        return values.Contains(null) ? null : [.. values.OfType<string>()];
    }

    /// <summary>Without casts around it.</summary>
    private static JsonElement Bare(JsonElement node)
    {
        while (node.As("TypeCast")?.Field("arg") is { } inner) node = inner;
        return node;
    }
}
