using AgentHost.Skills.RecommendIndex.Workloads;
using AgentHost.Sql.Syntax;

namespace AgentHost.Skills.RecommendIndex.Rewrites;

/// <summary>SELECT DISTINCT that takes back what a join multiplied: the joined table only has to have a row, so EXISTS asks for it.</summary>
internal static class DistinctFanOut
{
    private const string What = "Ask EXISTS of the joined table instead of DISTINCT over the join.";

    public static IEnumerable<QueryRewrite> Find(RewriteCase query)
    {
        foreach (var scope in query.Scopes)
        {
            if (scope.Level is { IsDistinct: true, DistinctOn: [], IsUnusual: false, Arms: [] } level && !Aggregates.In(level) && Joined(scope) is { } joined && Rewritten(query, scope, joined) is { } rewrite)
                yield return rewrite;
        }
    }

    // The last table of FROM, joined so that it gives several rows for one of the others.
    private static (FromSyntax Item, RelationFacts Relation, SyntaxNode? On, FromSyntax? Join)? Joined(LevelScope scope)
    {
        var last = scope.Level.From.Length == 0 ? null : scope.Level.From[^1];
        if (last is { Kind: FromKind.Join, JoinKind: "inner", JoinsByName: false, On: { } on, Right: { Kind: FromKind.Table } right } && scope.Tables.FirstOrDefault(t => ReferenceEquals(t.Item, right)).Relation is { } table)
            return (right, table, on, last);
        return last is { Kind: FromKind.Table } && scope.Level.From.Length > 1 && scope.Tables.FirstOrDefault(t => ReferenceEquals(t.Item, last)).Relation is { } plain ? (last, plain, null, null) : null;
    }

    private static QueryRewrite? Rewritten(RewriteCase query, LevelScope scope, (FromSyntax Item, RelationFacts Relation, SyntaxNode? On, FromSyntax? Join) joined)
    {
        var level = scope.Level;
        var outside = level.Targets.Select(t => t.Value).Concat(level.OrderBy.Select(o => o.Key)).Where(n => n.Kind != NodeKind.Constant).ToList();
        bool Mentions(SyntaxNode node) => node.Kind == NodeKind.Star ? node.Path is not [var alias] || alias == joined.Item.Alias : scope.Mentions(node)?.Contains(joined.Item) != false;
        var names = level.Targets.Select(t => t.Alias).OfType<string>().ToHashSet(StringComparer.Ordinal);
        if (outside.Exists(n => !(n is { Kind: NodeKind.Column, Path: [var name] } && names.Contains(name)) && Mentions(n)))
            return null;
        var conditions = level.Conjuncts.ToList();
        if (conditions.Exists(c => scope.Mentions(c) is null))
            return null;
        var moved = conditions.Where(Mentions).ToList();
        var inside = (joined.On?.Conjuncts() ?? []).Concat(moved).ToList();
        if (inside.Count == 0 || !inside.Exists(c => scope.Mentions(c) is { Count: > 1 }) || IsOne(scope, joined, inside) || (!query.Matters(joined.Relation) && !scope.Tables.Any(t => query.Matters(t.Relation))))
            return null;

        string Text(SyntaxNode condition) => condition.Kind == NodeKind.Or ? $"({query.TextOf(condition)})" : query.TextOf(condition);
        var exists = $"EXISTS (SELECT 1 FROM {query.Syntax.TextOf(joined.Item.Range)} WHERE {string.Join(" AND ", inside.Select(Text))})";
        var edits = new List<(TextRange, string)>();
        if (level.Where is { } where)
            edits.Add((where.Range, string.Join(" AND ", conditions.Except(moved).Select(Text).Append(exists))));
        var before = joined.Join is { } join ? join.Left!.Range.End : level.From[^2].Range.End;
        var end = joined.Join?.Range.End ?? joined.Item.Range.End;
        edits.Add((new TextRange(before, end), level.Where is null ? " WHERE " + exists : ""));
        var isKey = Left(scope, joined.Item) is { } left && left.Relation.IsUnique([.. level.Targets.Select(t => scope.Column(t.Value)).OfType<NamedColumn>().Where(c => ReferenceEquals(c.Item, left.Item)).Select(c => c.Column)])
            || (level.Targets.Any(t => t.Value.Kind == NodeKind.Star) && Left(scope, joined.Item) is { } whole && !whole.Relation.PrimaryKey.IsEmpty);
        var distinct = query.Syntax.From("distinct", level.Targets[0].Value.Range);
        if (isKey)
            edits.Add((new TextRange(distinct.Start, level.Targets[0].Value.Range.Start), ""));
        return query.Rewrite(RewriteKind.DistinctFanOut, What,
            $"The join gives a row for each of {joined.Item.Alias}'s {joined.Relation.Rows:N0}, of which nothing is shown, and DISTINCT sorts or hashes them away again; EXISTS stops at the first.", isExact: true, edits);
    }

    // The only other item of FROM: its key among the outputs leaves DISTINCT nothing to do.
    private static (FromSyntax Item, RelationFacts Relation)? Left(LevelScope scope, FromSyntax joined) =>
        scope.Level.From.SelectMany(f => f.Leaves()).Count() == 2 && scope.Tables.Where(t => !ReferenceEquals(t.Item, joined)).ToList() is [var only] ? only : null;

    private static bool IsOne(LevelScope scope, (FromSyntax Item, RelationFacts Relation, SyntaxNode? On, FromSyntax? Join) joined, List<SyntaxNode> conditions)
    {
        var equal = conditions.Where(c => c is { Kind: NodeKind.Operator, Name: "=", Parts.Length: 2 }).SelectMany(c => c.Parts).Select(scope.Column).OfType<NamedColumn>()
            .Where(c => ReferenceEquals(c.Item, joined.Item)).Select(c => c.Column).ToList();
        return joined.Relation.IsUnique(equal);
    }
}
