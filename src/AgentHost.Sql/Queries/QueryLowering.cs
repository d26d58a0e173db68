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

    /// <summary>The stored relations that were met so far.</summary>
    public IReadOnlyList<RelationBuilder> Relations => relations;

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
}
