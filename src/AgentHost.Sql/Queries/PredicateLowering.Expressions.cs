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
