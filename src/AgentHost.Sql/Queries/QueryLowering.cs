using System.Text.Json;
using AgentHost.Sql.Lowering;

namespace AgentHost.Sql.Queries;

/// <summary>Walks a statement's tree level by level, resolves names with scopes and collects what each stored relation is asked.</summary>
internal sealed partial class QueryLowering(Func<QualifiedName, IReadOnlyCollection<string>?> columnsOf)
{
    private const int MaxDepth = 1_000;

    private readonly List<RelationBuilder> relations = [];
    private readonly SortedSet<string> unresolved = new(StringComparer.Ordinal);
    private readonly SortedSet<string> assigned = new(StringComparer.Ordinal);
    private int parameterCount;
    private int depth;

    public QueryAnalysis Lower(JsonElement statement)
    {
        var kind = LowerStatement(statement, parent: null);
        return new QueryAnalysis(kind, [.. relations.Select(r => r.Build())], parameterCount)
        {
            UnresolvedColumns = [.. unresolved],
            AssignedColumns = [.. assigned],
            Target = statement.Unwrap() is (not "SelectStmt", var body) && body.Get("relation") is { } target && kind != QueryKind.Other
                ? new QualifiedName(target.Text("schemaname"), target.Text("relname")!)
                : null,
        };
    }

    /// <summary>Counts a level of recursion.</summary>
    /// <exception cref="InsufficientExecutionStackException">Subqueries, joins or conditions nest deeper than any plan could.</exception>
    public void Descend()
    {
        if (++depth > MaxDepth)
            throw new InsufficientExecutionStackException();
    }

    /// <summary>Ends what <see cref="Descend"/> began.</summary>
    public void Ascend() => depth--;

    private QueryKind LowerStatement(JsonElement node, Scope? parent)
    {
        var (type, body) = node.Unwrap();
        switch (type)
        {
            case "SelectStmt":
                LowerSelect(body, parent);
                return QueryKind.Select;
            case "InsertStmt":
                var insert = LevelWithCtes(body, parent);
                if (body.Get("selectStmt").Get("SelectStmt") is { } source)
                    LowerSelect(source, insert);
                return QueryKind.Insert;
            case "UpdateStmt":
                LowerWrite(body, "fromClause", parent);
                return QueryKind.Update;
            case "DeleteStmt":
                LowerWrite(body, "usingClause", parent);
                return QueryKind.Delete;
            case "MergeStmt":
                LowerMerge(body, parent);
                return QueryKind.Merge;
            default:
                return QueryKind.Other;
        }
    }

    private void LowerWrite(JsonElement body, string from, Scope? parent)
    {
        var scope = LevelWithCtes(body, parent);
        AddTarget(body.GetProperty("relation"), scope);
        foreach (var item in body.Items(from))
            AddFrom(item, scope);
        foreach (var target in body.Items("targetList"))
        {
            if (target.Get("ResTarget") is { } set && set.Text("name") is { } column)
            {
                assigned.Add(column);
                Walk(set, scope);
            }
        }
        Where(body, scope);
        foreach (var output in body.Items("returningList"))
            Walk(output, scope);
    }

    private void LowerMerge(JsonElement body, Scope? parent)
    {
        var scope = LevelWithCtes(body, parent);
        AddTarget(body.GetProperty("relation"), scope);
        if (body.Get("sourceRelation") is { } source)
            AddFrom(source, scope);
        if (body.Get("joinCondition") is { } condition)
            new PredicateLowering(this, scope).Conjunction(condition);
        foreach (var clause in body.Items("mergeWhenClauses"))
            Walk(clause, scope);
    }

    private void AddTarget(JsonElement rangeVar, Scope scope)
    {
        var target = Store(rangeVar, scope);
        target.IsTarget = true;
    }

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
