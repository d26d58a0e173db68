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

    private static IEnumerable<Comparison> Compare(JsonElement expression)
    {
        if (expression.Field("lexpr") is not { } left || expression.Field("rexpr") is not { } right) return [];
        var name = expression.Strings("name") is [var only] ? only : "";
        switch (expression.Text("kind"))
        {
            case "AEXPR_OP" when name is "=" or "<" or "<=" or ">" or ">=":
                if (Column(left) is { } column) return Constant(right) is { } value ? [new(column, name, [value])] : [];
                return Column(right) is { } other && Constant(left) is { } constant ? [new(other, Mirrored(name), [constant])] : [];
            case "AEXPR_IN" when name == "=" && Column(left) is { } column:
                return Constants(right.As("List")?.Items("items")) is { } values ? [new(column, "=", values)] : [];
            case "AEXPR_OP_ANY" when name == "=" && Column(left) is { } column:
                return Constant(right) is { } array ? [new(column, "=", [array])]
                    : Constants(Bare(right).As("A_ArrayExpr")?.Items("elements")) is { } elements ? [new(column, "=", elements)] : [];
            case "AEXPR_BETWEEN" when Column(left) is { } column:
                return Constants(right.As("List")?.Items("items")) is [var low, var high] ? [new(column, ">=", [low]), new(column, "<=", [high])] : [];
            default:
                return [];
        }
    }

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
