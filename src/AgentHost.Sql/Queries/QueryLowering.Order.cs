using System.Text.Json;
using AgentHost.Sql.Lowering;

namespace AgentHost.Sql.Queries;

/// <content>ORDER BY, GROUP BY, LIMIT.</content>
internal sealed partial class QueryLowering
{
    private void OrderAndGroup(JsonElement body, Scope scope)
    {
        var targets = body.Items("targetList").Select(t => t.Get("ResTarget")).OfType<JsonElement>().ToList();
        var limit = body.Get("limitCount") is not null;
        if (limit)
        {
            foreach (var item in scope.Items)
            {
                if (item.Stored is { } table)
                    table.HasLimit = true;
            }
        }

        var groups = body.Items("groupClause").Select(g => KeyColumn(g, targets, scope)).ToList();
        if (groups.Count > 0 && groups[0]?.Relation is { } grouped && groups.TrueForAll(g => g?.Relation == grouped))
            grouped.GroupBy.AddRange(groups.Select(g => g!.Column).Distinct());

        var sorts = body.Items("sortClause").Select(s => s.GetProperty("SortBy")).ToList();
        var keys = sorts.Select(s => SortKeyOf(s, targets, scope)).ToList();
        if (keys.Count > 0 && sorts[0].Text("sortby_dir") is "SORTBY_DEFAULT" or "SORTBY_ASC" && Nearest(sorts[0].GetProperty("node"), targets, scope) is { } nearest)
            nearest.Relation.Nearest ??= nearest.Key;
        else if (keys.Count > 0 && keys[0]?.Relation is { } sorted && keys.TrueForAll(k => k?.Relation == sorted)
            && sorts.TrueForAll(s => s.Text("sortby_dir") != "SORTBY_USING") && sorted.OrderBy.Count == 0)
        {
            sorted.OrderBy.AddRange(keys.Select(k => k!.Value.Key).DistinctBy(k => k.Column));
        }
        else if (keys.Count == 0 && groups.Count == 0 && MinOrMax(targets, scope) is { } extreme && extreme.Column.Relation.OrderBy.Count == 0)
        {
            extreme.Column.Relation.OrderBy.Add(new SortKey(extreme.Column.Column, extreme.Max, extreme.Max));
            extreme.Column.Relation.HasLimit = true;
        }
    }

    private static string? Distance(JsonElement value) =>
        value.Get("A_Expr") is { } operation && operation.Text("kind") == "AEXPR_OP"
            && operation.Strings("name").LastOrDefault() is "<->" or "<#>" or "<=>" or "<+>" or "<~>" or "<%>" or "<<->" or "<->>" or "<<<->" or "<->>>"
            ? operation.Strings("name").Last()
            : null;

    // A column, or an expression over one relation's columns.
    private (RelationBuilder Relation, SortKey Key)? SortKeyOf(JsonElement sort, List<JsonElement> targets, Scope scope)
    {
        var descending = sort.Text("sortby_dir") == "SORTBY_DESC";
        var nullsFirst = sort.Text("sortby_nulls") switch { "SORTBY_NULLS_FIRST" => true, "SORTBY_NULLS_LAST" => false, _ => descending };
        var node = sort.GetProperty("node");
        if (KeyColumn(node, targets, scope) is { } column)
            return (column.Relation, new SortKey(column.Column, descending, nullsFirst));
        return Target(node, targets) is { } value && Distance(value) is null && IndexExpression.Of(value, scope) is { } expression
            ? (expression.Relation, new SortKey(expression.Sql, descending, nullsFirst) { ExpressionColumns = expression.Columns })
            : null;
    }

    // ORDER BY column <-> value: what GiST and vector indexes give in order (manual, 64.2 and 11.2).
    private static (RelationBuilder Relation, OperatorPredicate Key)? Nearest(JsonElement node, List<JsonElement> targets, Scope scope)
    {
        if (Target(node, targets) is not { } value || Distance(value) is not { } op || value.Get("A_Expr") is not { } distance
            || distance.Get("lexpr") is not { } left || distance.Get("rexpr") is not { } right)
        {
            return null;
        }
        foreach (var (side, other) in ((JsonElement, JsonElement)[])[(left, right), (right, left)])
        {
            if (ColumnOf(side, scope) is { } column && ColumnOf(other, scope) is null)
                return (column.Relation, new OperatorPredicate(column.Column, [column.Column], op, new Operand(OperandKind.Expression)));
            if (IndexExpression.Of(side, scope) is { } key)
                return (key.Relation, new OperatorPredicate(key.Sql, key.Columns, op, new Operand(OperandKind.Expression)) { IsExpression = true });
        }
        return null;
    }

    // min(c) and max(c) are planned as the first row in order of c (manual, chapter 66; planagg.c).
    private static (ResolvedColumn Column, bool Max)? MinOrMax(List<JsonElement> targets, Scope scope)
    {
        if (targets.Count != 1 || targets[0].Get("val").Get("FuncCall") is not { } call)
            return null;
        var name = call.Strings("funcname").LastOrDefault();
        var arguments = call.Items("args").ToList();
        return name is "min" or "max" && arguments.Count == 1 && ColumnOf(arguments[0], scope) is { } column ? (column, name == "max") : null;
    }

    // ORDER BY and GROUP BY name an output column by position or alias, or an input column.
    private ResolvedColumn? KeyColumn(JsonElement node, List<JsonElement> targets, Scope scope)
    {
        if (Target(node, targets) is not { } value)
            return null;
        // Output columns were walked before.
        if (JsonElement.DeepEquals(value, node))
            Walk(value, scope);
        return ColumnOf(value, scope);
    }

    // The expression that a key stands for; null for a position that is none.
    private static JsonElement? Target(JsonElement node, List<JsonElement> targets)
    {
        if (node.Get("A_Const").Get("ival") is { } position)
        {
            var index = position.Get("ival")?.GetInt32() ?? 0;
            return index >= 1 && index <= targets.Count ? targets[index - 1].Get("val") : null;
        }
        return node.Get("ColumnRef")?.Strings("fields").ToList() is [var name] && targets.Find(t => t.Text("name") == name) is { ValueKind: JsonValueKind.Object } target
            ? target.GetProperty("val")
            : node;
    }
}
