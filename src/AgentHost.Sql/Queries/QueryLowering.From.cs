using System.Text.Json;
using AgentHost.Sql.Lowering;

namespace AgentHost.Sql.Queries;

/// <content>FROM: relations, joins, subqueries and functions.</content>
internal sealed partial class QueryLowering
{
    public void AddFrom(JsonElement node, Scope scope)
    {
        Descend();
        var (type, body) = node.Unwrap();
        switch (type)
        {
            case "RangeVar":
                if (body.Text("schemaname") is null && scope.Cte(body.Text("relname")!) is { } cte)
                    scope.Items.Add(cte with { Alias = body.Get("alias")?.Text("aliasname") ?? body.Text("relname")! });
                else
                    Store(body, scope);
                break;
            case "JoinExpr":
                AddJoin(body, scope);
                break;
            case "RangeSubselect":
                // Only LATERAL lets a subquery see its siblings; the others see what is outside of this level.
                var outer = body.Flag("lateral") ? scope : scope.Outside();
                var select = body.GetProperty("subquery").Get("SelectStmt");
                var alias = body.Get("alias")?.Text("aliasname") ?? "";
                var names = body.Get("alias")?.Strings("colnames").ToList() ?? [];
                if (select is { } inner)
                    scope.Items.Add(Renamed(LowerSelect(inner, outer, alias), names));
                break;
            case "RangeTableSample":
                if (body.Get("relation") is { } sampled)
                    AddFrom(sampled, scope);
                break;
            case "RangeFunction":
                AddFunction(body, scope);
                break;
            default:
                scope.Items.Add(new RangeItem(body.Get("alias")?.Text("aliasname") ?? "", null, Outputs: null));
                break;
        }
        Ascend();
    }

    private void AddFunction(JsonElement body, Scope scope)
    {
        foreach (var call in body.Items("functions"))
            Walk(call, scope);
        var alias = body.Get("alias")?.Text("aliasname") ?? "";
        // A function's columns are nobody's: its alias serves as the name of a single column, a column list names the rest.
        var names = body.Get("alias")?.Strings("colnames")
            .Concat(body.Items("coldeflist").Select(c => c.Get("ColumnDef").Get("colname")?.GetString()).OfType<string>())
            .Append(alias) ?? [];
        scope.Items.Add(new RangeItem(alias, null, names.Distinct().ToDictionary(n => n, _ => (ResolvedColumn?)null)));
    }

    private void AddJoin(JsonElement body, Scope scope)
    {
        var start = scope.Items.Count;
        AddFrom(body.GetProperty("larg"), scope);
        var middle = scope.Items.Count;
        AddFrom(body.GetProperty("rarg"), scope);
        var left = scope.Items.GetRange(start, middle - start);
        var right = scope.Items.GetRange(middle, scope.Items.Count - middle);
        var predicates = new PredicateLowering(this, scope);
        foreach (var column in body.Strings("usingClause"))
        {
            var (a, b) = (left.Find(i => i.Knows(column)) ?? left.Find(i => i.IsOpaque), right.Find(i => i.Knows(column)) ?? right.Find(i => i.IsOpaque));
            PredicateLowering.Joined(a?.Column(column), b?.Column(column));
        }
        if (body.Get("quals") is { } quals)
        {
            // ON of an outer join filters only the side that may be missing.
            predicates.Preserved = body.Text("jointype") switch
            {
                "JOIN_LEFT" => Stored(left),
                "JOIN_RIGHT" => Stored(right),
                "JOIN_FULL" => Stored([.. left, .. right]),
                _ => [],
            };
            predicates.Conjunction(quals);
        }
    }

    private static HashSet<RelationBuilder> Stored(List<RangeItem> items) => [.. items.Select(i => i.Stored).OfType<RelationBuilder>()];

    private RelationBuilder Store(JsonElement rangeVar, Scope scope)
    {
        var name = new QualifiedName(rangeVar.Text("schemaname"), rangeVar.Text("relname")!);
        var alias = rangeVar.Get("alias")?.Text("aliasname");
        var relation = new RelationBuilder(name, alias ?? name.Name, columnsOf(name));
        relations.Add(relation);
        scope.Items.Add(new RangeItem(relation.Alias, relation, null) { NameWithoutAlias = alias is null ? name : null });
        return relation;
    }
}
