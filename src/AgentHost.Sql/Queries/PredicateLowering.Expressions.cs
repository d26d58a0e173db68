using System.Collections.Immutable;
using System.Text.Json;

namespace AgentHost.Sql.Queries;

/// <content>Conditions on expressions, and patterns with a fixed beginning.</content>
internal sealed partial class PredicateLowering
{
    /// <summary>Notes a condition on an expression over one relation where the other side does not mention that relation.</summary>
    private bool Express(JsonElement side, PredicateKind kind, JsonElement other)
    {
        if (IndexExpression.Of(side, scope) is not { } expression || Preserved.Contains(expression.Relation))
            return false;
        var values = Mentioned(other);
        if (values.Exists(v => v.Relation == expression.Relation))
            return false;
        var operand = values.Count > 0 ? JoinTo(values[0]) : OperandOf(other);
        expression.Relation.Expressions.Add(new ExpressionPredicate(expression.Sql, expression.Columns, kind, operand));
        return true;
    }

    /// <summary>Notes a condition by an operator on a column or an expression of one relation, where the other side does not mention that relation.</summary>
    private void Operate(string op, JsonElement? left, JsonElement? right, bool ofAnyElement = false)
    {
        if (left is not { } l || right is not { } r)
            return;
        if (KeyOf(l) is { } key && !Mentioned(r).Exists(c => c.Relation == key.Relation))
            Note(key, op, r);
        else if (Commuted(op) is { } commuted && KeyOf(r) is { } other && !Mentioned(l).Exists(c => c.Relation == other.Relation))
            Note(other, commuted, l);

        void Note((RelationBuilder Relation, string Sql, ImmutableArray<string> Columns, bool IsExpression) side, string by, JsonElement value)
        {
            if (!Preserved.Contains(side.Relation))
            {
                var operand = Mentioned(value) is [var joined, ..] ? JoinTo(joined) : OperandOf(value);
                side.Relation.Operators.Add(new OperatorPredicate(side.Sql, side.Columns, by, operand) { IsExpression = side.IsExpression, OfAnyElement = ofAnyElement });
            }
        }
    }

    private (RelationBuilder Relation, string Sql, ImmutableArray<string> Columns, bool IsExpression)? KeyOf(JsonElement node) =>
        QueryLowering.ColumnOf(node, scope) is { } column ? (column.Relation, column.Column, [column.Column], false)
        : IndexExpression.Of(node, scope) is { } expression ? (expression.Relation, expression.Sql, expression.Columns, true)
        : null;

    private static string? Commuted(string op) => op switch
    {
        "@>" => "<@",
        "<@" => "@>",
        "<%" => "%>",
        "%>" => "<%",
        "&&" or "@@" or "%" or "-|-" => op,
        "<<" => ">>",
        ">>" => "<<",
        _ => null,
    };

    /// <summary>The pattern, where it is a literal that begins with something fixed.</summary>
    private Operand? Prefix(string op, JsonElement? pattern)
    {
        if (pattern is not { } written || OperandOf(written) is not { Literals: [var literal] } operand)
            return null;
        var text = literal.Value;
        var start = op == "~" ? text.StartsWith('^') ? 1 : -1 : 0;
        // What follows the first letter may make it optional (regular expressions) and decides nothing in LIKE.
        var isFixed = start >= 0 && start < text.Length && (char.IsLetterOrDigit(text[start]) || (op == "~~" && text[start] is not ('%' or '_' or '\\')))
            && (op == "~~" || text.Length == start + 1 || text[start + 1] is not ('?' or '*' or '{' or '|'));
        return isFixed && !(op == "~" && text.Contains('|', StringComparison.Ordinal)) ? operand : null;
    }

    // The columns of this level; those in subqueries were noted when the whole condition was walked.
    private List<ResolvedColumn> Mentioned(JsonElement node)
    {
        var found = new List<ResolvedColumn>();
        var pending = new Stack<JsonElement>([node]);
        while (pending.TryPop(out var next))
        {
            if (next.ValueKind == JsonValueKind.Object && QueryLowering.ColumnOf(next, scope) is { } column)
                found.Add(column);
            else if (next.ValueKind == JsonValueKind.Object)
                next.EnumerateObject().Where(p => p.Name != "SelectStmt").ToList().ForEach(p => pending.Push(p.Value));
            else if (next.ValueKind == JsonValueKind.Array)
                next.EnumerateArray().ToList().ForEach(pending.Push);
        }
        return found;
    }
}
