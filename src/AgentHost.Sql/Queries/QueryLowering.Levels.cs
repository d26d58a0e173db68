using System.Text.Json;
using AgentHost.Sql.Lowering;

namespace AgentHost.Sql.Queries;

/// <content>Query levels: SELECT, common table expressions, and what output columns stand for.</content>
internal sealed partial class QueryLowering
{
    /// <summary>Lowers a query level and says what its output columns stand for.</summary>
    public RangeItem LowerSelect(JsonElement body, Scope? parent, string alias = "")
    {
        Descend();
        var result = LowerLevel(body, parent, alias);
        Ascend();
        return result;
    }

    private RangeItem LowerLevel(JsonElement body, Scope? parent, string alias)
    {
        var scope = LevelWithCtes(body, parent);
        if (body.Get("larg") is { } left && body.Get("rarg") is { } right)
        {
            var first = LowerSelect(left.Get("SelectStmt") ?? left, scope);
            LowerSelect(right.Get("SelectStmt") ?? right, scope);
            // The arms' columns answer to the first arm's names, but stand for two relations at once.
            return new RangeItem(alias, null, first.Outputs?.ToDictionary(o => o.Key, _ => (ResolvedColumn?)null));
        }

        foreach (var item in body.Items("fromClause"))
            AddFrom(item, scope);
        Where(body, scope);
        if (body.Get("havingClause") is { } having)
            Walk(having, scope);
        var outputs = Outputs(body, scope);
        foreach (var part in new[] { "distinctClause", "windowClause", "valuesLists" })
        {
            foreach (var item in body.Items(part))
                Walk(item, scope);
        }
        OrderAndGroup(body, scope);
        return new RangeItem(alias, null, body.Get("limitCount") is null ? outputs : Hidden(outputs));
    }

    // A condition outside of LIMIT does not reach the rows inside.
    private static Dictionary<string, ResolvedColumn?>? Hidden(IReadOnlyDictionary<string, ResolvedColumn?>? outputs) =>
        outputs?.ToDictionary(o => o.Key, _ => (ResolvedColumn?)null);

    private Scope LevelWithCtes(JsonElement body, Scope? parent)
    {
        var scope = new Scope(parent);
        if (body.Get("withClause") is not { } with)
            return scope;
        foreach (var item in with.Items("ctes"))
        {
            if (item.Get("CommonTableExpr") is not { } cte || cte.Text("ctename") is not { } name)
                continue;
            if (with.Flag("recursive"))
                scope.DefineCte(name, new RangeItem(name, null, Outputs: null));
            var query = cte.GetProperty("ctequery");
            var (type, inner) = query.Unwrap();
            RangeItem result;
            if (type == "SelectStmt")
            {
                result = LowerSelect(inner, scope, name);
            }
            else
            {
                LowerStatement(query, scope);
                result = new RangeItem(name, null, Outputs: null);
            }
            scope.DefineCte(name, Renamed(result, [.. cte.Strings("aliascolnames")]));
        }
        return scope;
    }

    private static RangeItem Renamed(RangeItem item, List<string> names) =>
        names.Count == 0 || item.Outputs is null
            ? item
            : item with
            {
                Outputs = item.Outputs.Values
                    .Select((column, i) => (Name: i < names.Count ? names[i] : item.Outputs.Keys.ElementAt(i), column))
                    .DistinctBy(o => o.Name)
                    .ToDictionary(o => o.Name, o => o.column),
            };

    private void Where(JsonElement body, Scope scope)
    {
        if (body.Get("whereClause") is { } where)
            new PredicateLowering(this, scope).Conjunction(where);
    }

    private Dictionary<string, ResolvedColumn?>? Outputs(JsonElement body, Scope scope)
    {
        var outputs = new Dictionary<string, ResolvedColumn?>(StringComparer.Ordinal);
        var opaque = false;
        foreach (var item in body.Items("targetList"))
        {
            Walk(item, scope);
            if (item.Get("ResTarget") is not { } target || target.Get("val") is not { } value)
                continue;
            if (Star(value, scope) is { } starred)
            {
                foreach (var source in starred)
                {
                    var columns = source.Stored?.Columns ?? source.Outputs?.Keys.ToList();
                    opaque |= columns is null;
                    foreach (var column in columns ?? [])
                        outputs.TryAdd(column, source.Column(column));
                }
                continue;
            }
            var resolved = ColumnOf(value, scope);
            var name = target.Text("name") ?? resolved?.Column ?? FunctionName(value);
            if (name is not null)
                outputs.TryAdd(name, resolved);
        }
        return opaque ? null : outputs;
    }

    private static string? FunctionName(JsonElement value) => value.Get("FuncCall")?.Strings("funcname").LastOrDefault();

    private static List<RangeItem>? Star(JsonElement value, Scope scope) =>
        value.Get("ColumnRef") is { } reference ? StarOf(reference, scope) : null;

    private static List<RangeItem>? StarOf(JsonElement reference, Scope scope)
    {
        var fields = reference.Items("fields").ToList();
        if (fields.Count == 0 || fields[^1].Get("A_Star") is null)
            return null;
        if (fields.Count == 1)
            return scope.Items;
        return scope.Item(reference.Strings("fields").Last()) is { } item ? [item] : [];
    }

    /// <summary>The stored column that a bare column reference stands for; null for anything else.</summary>
    public static ResolvedColumn? ColumnOf(JsonElement node, Scope scope) =>
        node.Get("ColumnRef") is { } reference && reference.Items("fields").All(f => f.Get("String") is not null)
            ? scope.Resolve([.. reference.Strings("fields")]).Column
            : null;
}
