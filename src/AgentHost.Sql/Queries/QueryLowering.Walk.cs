using System.Text.Json;
using AgentHost.Sql.Lowering;

namespace AgentHost.Sql.Queries;

/// <content>Expressions: the columns, parameters and subqueries in them.</content>
internal sealed partial class QueryLowering
{
    /// <summary>Notes the columns, parameters and subqueries of an expression, in source order; returns the columns.</summary>
    public List<ResolvedColumn> Walk(JsonElement node, Scope scope)
    {
        // Without recursion: a chain of operators nests as deep as it is long.
        var found = new List<ResolvedColumn>();
        var pending = new Stack<JsonElement>([node]);
        while (pending.TryPop(out var next))
        {
            if (next.ValueKind == JsonValueKind.Array)
            {
                foreach (var item in next.EnumerateArray().Reverse())
                    pending.Push(item);
            }
            if (next.ValueKind != JsonValueKind.Object)
                continue;
            foreach (var property in next.EnumerateObject().Reverse())
            {
                if (property.NameEquals("ColumnRef"))
                    Reference(property.Value, scope, found);
                else if (property.NameEquals("ParamRef"))
                    parameterCount = Math.Max(parameterCount, property.Value.Number("number"));
                else if (property.NameEquals("SelectStmt"))
                    LowerSelect(property.Value, scope);
                else
                    pending.Push(property.Value);
            }
        }
        return found;
    }

    private void Reference(JsonElement reference, Scope scope, List<ResolvedColumn> found)
    {
        if (StarOf(reference, scope) is { } starred)
        {
            foreach (var item in starred)
                WholeRow(item);
            return;
        }
        var parts = reference.Strings("fields").ToList();
        if (parts.Count == 0)
            return;
        var (known, column) = scope.Resolve(parts);
        if (column is not null)
        {
            column.Relation.ColumnsUsed.Add(column.Column);
            column.Relation.References[column.Column] = column.Relation.References.GetValueOrDefault(column.Column) + 1;
            found.Add(column);
        }
        else if (!known)
        {
            if (parts.Count == 1 && scope.Item(parts[0]) is { } row)
                WholeRow(row);
            else
                unresolved.Add(string.Join('.', parts));
        }
    }

    private static void WholeRow(RangeItem item)
    {
        if (item.Stored is { } table)
        {
            table.AllColumns = true;
            return;
        }
        foreach (var column in item.Outputs?.Values.OfType<ResolvedColumn>() ?? [])
            column.Relation.ColumnsUsed.Add(column.Column);
    }
}
