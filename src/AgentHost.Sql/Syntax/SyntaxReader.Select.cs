using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json;
using AgentHost.Sql.Lowering;

namespace AgentHost.Sql.Syntax;

/// <content>Query levels and FROM.</content>
internal sealed partial class SyntaxReader
{
    private readonly Stack<string> commonTables = new();

    public QuerySyntax? Statement(JsonElement statement)
    {
        var (type, body) = statement.Unwrap();
        return type switch
        {
            "SelectStmt" => new QuerySyntax(source.Text, Level(body)),
            "UpdateStmt" => new QuerySyntax(source.Text, Written(body, "fromClause")) { Verb = QueryVerb.Update },
            "DeleteStmt" => new QuerySyntax(source.Text, Written(body, "usingClause")) { Verb = QueryVerb.Delete },
            "InsertStmt" => new QuerySyntax(source.Text, Inserted(body)) { Verb = QueryVerb.Insert },
            _ => null,
        };
    }

    private SelectSyntax Written(JsonElement body, string from)
    {
        var ctes = CommonTables(body);
        var level = new SelectSyntax
        {
            CommonTables = ctes,
            From = [Relation(body.GetProperty("relation")), .. body.Items(from).Select(From)],
            Targets = [.. body.Items("targetList").Concat(body.Items("returningList")).Select(Target)],
            Where = body.Field("whereClause") is { } where ? Read(where) : null,
            IsUnusual = true,
        };
        Forget(ctes);
        return level with { Range = new TextRange(0, source.Text.Length) };
    }

    private SelectSyntax Inserted(JsonElement body)
    {
        var ctes = CommonTables(body);
        var level = body.Body("selectStmt") is { } select ? Level(select) : new SelectSyntax();
        Forget(ctes);
        return level with { CommonTables = ctes.AddRange(level.CommonTables) };
    }

    private SelectSyntax Level(JsonElement body)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        var ctes = CommonTables(body);
        var distinct = body.Items("distinctClause").ToList();
        var level = new SelectSyntax
        {
            CommonTables = ctes,
            From = [.. body.Items("fromClause").Select(From)],
            Targets = [.. body.Items("targetList").Select(Target)],
            Where = body.Field("whereClause") is { } where ? Read(where) : null,
            GroupBy = Parts(body, "groupClause"),
            Having = body.Field("havingClause") is { } having ? Read(having) : null,
            OrderBy = [.. body.Items("sortClause").Select(s => Sort(s.GetProperty("SortBy")))],
            Limit = body.Field("limitCount") is { } limit ? Read(limit) : null,
            Offset = body.Field("limitOffset") is { } offset ? Read(offset) : null,
            IsDistinct = distinct.Count > 0,
            DistinctOn = [.. distinct.Where(d => d.EnumerateObject().Any()).Select(Read)],
            IsUnusual = body.Items("lockingClause").Any() || body.Field("intoClause") is not null || body.Items("windowClause").Any() || body.Text("limitOption") == "LIMIT_OPTION_WITH_TIES",
            Values = [.. body.Items("valuesLists").SelectMany(v => Loose(v))],
        };
        if (body.Field("larg") is { } left && body.Field("rarg") is { } right)
            level = level with { Arms = [Level(left.As("SelectStmt") ?? left), Level(right.As("SelectStmt") ?? right)] };
        Forget(ctes);
        return level with { Range = Extent(level) };
    }

    private ImmutableArray<CommonTable> CommonTables(JsonElement body)
    {
        if (body.Field("withClause") is not { } with)
            return [];
        var found = ImmutableArray.CreateBuilder<CommonTable>();
        foreach (var item in with.Items("ctes"))
        {
            if (item.As("CommonTableExpr") is not { } cte || cte.Text("ctename") is not { } name)
                continue;
            if (with.Flag("recursive"))
                commonTables.Push(name);
            var query = cte.GetProperty("ctequery").As("SelectStmt") is { } select ? Level(select) : null;
            if (!with.Flag("recursive"))
                commonTables.Push(name);
            found.Add(new CommonTable(name, query, cte.Strings("aliascolnames")));
        }
        return found.DrainToImmutable();
    }

    private void Forget(ImmutableArray<CommonTable> ctes)
    {
        for (var i = 0; i < ctes.Length; i++)
            commonTables.Pop();
    }

    // What a level's expressions do not say: its keyword before them, and behind them directions, locks and the like.
    private TextRange Extent(SelectSyntax level)
    {
        var hull = level.Arms.Aggregate(TextRange.None, (r, a) => r.With(a.Range));
        hull = level.Expressions().Aggregate(hull, (r, e) => r.With(e.Range));
        hull = tokens.Balanced(level.From.Aggregate(hull, (r, f) => r.With(f.Range)));
        if (hull.IsNone)
            return hull;
        var (first, last) = (tokens.FirstOf(hull), tokens.LastOf(hull));
        var depth = tokens.Depth(first);
        while (level.Arms.IsEmpty && first > 0 && !(tokens.Depth(first) == depth && tokens.IsWord(first, "select", "values")))
            first--;
        while (last + 1 < tokens.Count && tokens.Depth(last + 1) >= depth && !(tokens.Depth(last + 1) == depth && Ends(last + 1)))
            last++;
        return tokens.Range(first, last);
    }

    // A comma ends nothing here: what follows a level in brackets is less deep.
    private bool Ends(int token) => tokens.IsWord(token, "union", "intersect", "except") || tokens.IsSymbol(token, ';') || tokens.IsSymbol(token, ')');

    private TargetSyntax Target(JsonElement item)
    {
        var target = item.GetProperty("ResTarget");
        return new TargetSyntax(target.Field("val") is { } value ? Read(value) : new SyntaxNode(NodeKind.Other, TextRange.None, []), target.Text("name"));
    }

    private SortSyntax Sort(JsonElement sort)
    {
        var descending = sort.Text("sortby_dir") == "SORTBY_DESC";
        var nulls = sort.Text("sortby_nulls") switch { "SORTBY_NULLS_FIRST" => true, "SORTBY_NULLS_LAST" => false, _ => descending };
        return new SortSyntax(Read(sort.GetProperty("node")), descending, nulls);
    }

    private FromSyntax From(JsonElement item)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        var (type, body) = item.Unwrap();
        switch (type)
        {
            case "RangeVar":
                return Relation(body);
            case "JoinExpr":
                return Join(body);
            case "RangeSubselect":
                var query = body.Body("subquery") is { } select ? Level(select) : null;
                return Aliased(new FromSyntax(FromKind.Subquery, Bracket(query?.Range ?? TextRange.None)) { Query = query, IsLateral = body.Flag("lateral") }, body);
            default:
                var arguments = Loose(body);
                var range = tokens.Balanced(arguments.Aggregate(TextRange.None, (r, a) => r.With(a.Range)));
                return Aliased(new FromSyntax(FromKind.Other, range) { Arguments = arguments, IsLateral = body.Flag("lateral") }, body);
        }
    }

    private FromSyntax Relation(JsonElement body)
    {
        var name = new QualifiedName(body.Text("schemaname"), body.Text("relname")!);
        var range = Own(body, tokens.Name);
        if (!range.IsNone && tokens.IsWord(tokens.FirstOf(range) - 1, "only"))
            range = tokens.Range(tokens.FirstOf(range) - 1, tokens.LastOf(range));
        var isCommon = name.Schema is null && commonTables.Contains(name.Name);
        return Aliased(new FromSyntax(isCommon ? FromKind.CommonTable : FromKind.Table, range) { Table = name, Alias = name.Name }, body);
    }

    private FromSyntax Join(JsonElement body)
    {
        var (left, right) = (From(body.GetProperty("larg")), From(body.GetProperty("rarg")));
        var on = body.Field("quals") is { } quals ? Read(quals) : null;
        var range = tokens.Balanced(left.Range.With(right.Range).With(on?.Range ?? TextRange.None));
        if (!range.IsNone && tokens.IsWord(tokens.LastOf(range) + 1, "using"))
            range = tokens.Range(tokens.FirstOf(range), tokens.Close(tokens.LastOf(range) + 2));
        return new FromSyntax(FromKind.Join, range)
        {
            Left = left,
            Right = right,
            On = on,
            JoinKind = body.Text("jointype") switch { "JOIN_LEFT" => "left", "JOIN_RIGHT" => "right", "JOIN_FULL" => "full", _ => "inner" },
            JoinsByName = body.Flag("isNatural") || body.Items("usingClause").Any(),
        };
    }

    private TextRange Bracket(TextRange inner)
    {
        if (inner.IsNone)
            return inner;
        var (first, last) = (tokens.FirstOf(inner) - 1, tokens.LastOf(inner) + 1);
        while (first > 0 && !tokens.IsSymbol(first, '('))
            first--;
        var range = tokens.Range(first, last);
        return tokens.IsWord(first - 1, "lateral") ? tokens.Range(first - 1, last) : range;
    }

    private FromSyntax Aliased(FromSyntax item, JsonElement body)
    {
        if (body.Field("alias") is not { } alias || alias.Text("aliasname") is not { } name)
            return item;
        item = item with { Alias = name, HasAlias = true, ColumnNames = alias.Strings("colnames") };
        if (item.Range.IsNone)
            return item;
        var last = tokens.LastOf(item.Range) + 1;
        if (tokens.IsSymbol(last, '*'))
            last++;
        if (tokens.IsWord(last, "as"))
            last++;
        if (!item.ColumnNames.IsEmpty && tokens.IsSymbol(last + 1, '('))
            last = tokens.Close(last + 1);
        return item with { Range = tokens.Range(tokens.FirstOf(item.Range), last) };
    }
}
