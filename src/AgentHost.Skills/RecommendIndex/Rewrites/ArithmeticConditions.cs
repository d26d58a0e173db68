using AgentHost.Skills.RecommendIndex.Workloads;
using AgentHost.Sql.Syntax;

namespace AgentHost.Skills.RecommendIndex.Rewrites;

/// <summary>Sums and differences: what is added to the column is taken from the other side.</summary>
internal static class ArithmeticConditions
{
    public static BareCondition? Bare(Comparison comparison, RewriteCase query, LevelScope scope)
    {
        if (comparison.Side is not { Kind: NodeKind.Operator, Name: "+" or "-", Parts: [var left, var right] } || comparison.Operator == Comparison.Between)
            return null;
        var (column, other) = (scope.Column(left), right);
        var isLeft = column is not null;
        if (!isLeft)
            (column, other) = (scope.Column(right), left);
        if (column?.Type is not { } type || scope.Mentions(other) is not { Count: 0 })
            return null;
        var name = query.TextOf(isLeft ? left : right);
        var isSum = comparison.Side.Name == "+";
        if (type is "bigint" or "integer" or "smallint" or "numeric")
            return IsNumber(other, type) && (IsNumber(comparison.Other, type) || comparison.Other.Kind == NodeKind.Parameter) ? Moved(comparison, column, name, query.Operand(comparison.Other), other, isSum, isLeft, query) : null;
        if (!DateConditions.IsPoint(type))
            return null;
        if (isLeft && IsInterval(other, out var steady) && Point(comparison.Other, type, query) is { } point)
        {
            // Days and months are of different lengths where clocks change or by the calendar.
            return steady is null ? null : Moved(comparison, column, name, point, other, isSum, isLeft, query) with
            {
                IsExact = steady.Value || type != "timestamp with time zone",
                Note = steady.Value || type != "timestamp with time zone" ? "" : "The two differ by an hour on days when clocks change.",
            };
        }
        if (!isLeft && !isSum && IsInterval(comparison.Other, out var span) && span is { } isSteady && Point(other, type, query) is { } from)
        {
            return new BareCondition(column, $"{name} {Comparison.Flip(comparison.Operator)} {from} - {query.Operand(comparison.Other)}")
            {
                IsExact = isSteady || type != "timestamp with time zone",
                Note = isSteady || type != "timestamp with time zone" ? "" : "The two differ by an hour on days when clocks change.",
            };
        }
        return null;
    }

    private static BareCondition Moved(Comparison comparison, NamedColumn column, string name, string value, SyntaxNode other, bool isSum, bool isLeft, RewriteCase query) =>
        isLeft || isSum
            ? new BareCondition(column, $"{name} {comparison.Operator} {value} {(isSum ? "-" : "+")} {query.Operand(other)}")
            : new BareCondition(column, $"{name} {Comparison.Flip(comparison.Operator)} {query.Operand(other)} - {value}");

    private static bool IsNumber(SyntaxNode node, string type) =>
        node is { Kind: NodeKind.Constant, Constant: ConstantKind.Whole } || (type == "numeric" && node is { Kind: NodeKind.Constant, Constant: ConstantKind.Numeric });

    /// <summary>Whether it is an interval's literal; <paramref name="steady"/> is null where months are in it, false for days.</summary>
    private static bool IsInterval(SyntaxNode node, out bool? steady)
    {
        steady = null;
        if (node is not { Kind: NodeKind.Cast, Name: "interval", Parts: [{ Kind: NodeKind.Constant, Value: var text }] })
            return false;
        var words = text.ToLowerInvariant();
        if (words.Contains("mon", StringComparison.Ordinal) || words.Contains('y', StringComparison.Ordinal) && !words.Contains("day", StringComparison.Ordinal) || words.Contains("year", StringComparison.Ordinal)
            || words.Contains("dec", StringComparison.Ordinal) || words.Contains("cent", StringComparison.Ordinal) || words.StartsWith('p'))
        {
            return true;
        }
        steady = !(words.Contains('d', StringComparison.Ordinal) && !words.EndsWith("second", StringComparison.Ordinal) && !words.EndsWith("seconds", StringComparison.Ordinal) || words.Contains('w', StringComparison.Ordinal));
        return true;
    }

    private static string? Point(SyntaxNode node, string type, RewriteCase query) => node switch
    {
        { Kind: NodeKind.Constant, Constant: ConstantKind.Text } or { Kind: NodeKind.Parameter } => DateConditions.Typed(node, type, query),
        { Kind: NodeKind.Cast, Name: "timestamptz" or "timestamp" } or { Kind: NodeKind.Call, Name: "now" or "clock_timestamp" or "date_trunc" or "statement_timestamp" } => query.TextOf(node),
        { Kind: NodeKind.Other } when query.TextOf(node).ToLowerInvariant() is "current_timestamp" or "localtimestamp" => query.TextOf(node),
        _ => null,
    };
}
