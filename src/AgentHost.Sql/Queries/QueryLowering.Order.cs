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
        var keys = sorts.Select(s => (Column: KeyColumn(s.GetProperty("node"), targets, scope), Sort: s)).ToList();
        if (keys.Count > 0 && keys[0].Column?.Relation is { } sorted && keys.TrueForAll(k => k.Column?.Relation == sorted)
            && sorts.TrueForAll(s => s.Text("sortby_dir") != "SORTBY_USING") && sorted.OrderBy.Count == 0)
        {
            sorted.OrderBy.AddRange(keys.Select(k => Key(k.Column!.Column, k.Sort)).DistinctBy(k => k.Column));
        }
        else if (keys.Count == 0 && groups.Count == 0 && MinOrMax(targets, scope) is { } extreme && extreme.Column.Relation.OrderBy.Count == 0)
        {
            extreme.Column.Relation.OrderBy.Add(new SortKey(extreme.Column.Column, extreme.Max, extreme.Max));
            extreme.Column.Relation.HasLimit = true;
        }
    }

    private static SortKey Key(string column, JsonElement sort)
    {
        var descending = sort.Text("sortby_dir") == "SORTBY_DESC";
        var nullsFirst = sort.Text("sortby_nulls") switch { "SORTBY_NULLS_FIRST" => true, "SORTBY_NULLS_LAST" => false, _ => descending };
        return new SortKey(column, descending, nullsFirst);
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
        if (node.Get("A_Const").Get("ival") is { } position)
        {
            var index = position.Get("ival")?.GetInt32() ?? 0;
            return index >= 1 && index <= targets.Count && targets[index - 1].Get("val") is { } value ? ColumnOf(value, scope) : null;
        }
        if (node.Get("ColumnRef")?.Strings("fields").ToList() is [var name]
            && targets.Find(t => t.Text("name") == name) is { ValueKind: JsonValueKind.Object } target)
        {
            return ColumnOf(target.GetProperty("val"), scope);
        }
        Walk(node, scope);
        return ColumnOf(node, scope);
    }
}
