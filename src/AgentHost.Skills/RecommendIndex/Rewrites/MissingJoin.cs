using AgentHost.Skills.RecommendIndex.Workloads;
using AgentHost.Sql;
using AgentHost.Sql.Statements;
using AgentHost.Sql.Syntax;

namespace AgentHost.Skills.RecommendIndex.Rewrites;

/// <summary>Tables side by side in FROM that no condition joins: every row with every row.</summary>
internal static class MissingJoin
{
    /// <summary>Fewer pairs may well be meant.</summary>
    private const double LeastPairs = 1_000_000;

    public static IEnumerable<QueryRewrite> Find(RewriteCase query)
    {
        foreach (var scope in query.Scopes.Where(s => s.Level.From.Length > 1 && query.Syntax.Verb == QueryVerb.Select))
        {
            if (Groups(scope) is not { } groups)
                continue;
            var apart = scope.Tables.Where(t => !IsOneRow(t.Item, t.Relation, scope)).GroupBy(t => groups[t.Item]).Select(g => g.MaxBy(t => t.Relation.Rows)).OrderByDescending(t => t.Relation.Rows).ToList();
            if (apart.Count < 2 || apart[0].Relation.Rows * apart[1].Relation.Rows < LeastPairs)
                continue;
            var (a, b) = (apart[0], apart[1]);
            const string what = "Is a join condition missing? Nothing joins two tables of FROM.";
            var why = $"{a.Item.Alias} and {b.Item.Alias} are paired row by row: {a.Relation.Rows:N0} times {b.Relation.Rows:N0}. Write CROSS JOIN where that is meant.";
            var key = ForeignKey(a, b) ?? ForeignKey(b, a);
            if (key is null)
            {
                yield return query.Template(RewriteKind.MissingJoin, what, why);
                continue;
            }
            var level = scope.Level;
            yield return query.Rewrite(RewriteKind.MissingJoin, what, why + $" A foreign key suggests {key}.", isExact: false, level.Where is { } where
                ? (where.Range, where.Kind == NodeKind.Or ? $"({query.TextOf(where)}) AND {key}" : $"{query.TextOf(where)} AND {key}")
                : (new TextRange(level.From[^1].Range.End, level.From[^1].Range.End), $" WHERE {key}"));
        }
    }

    /// <summary>A number for each item; items that conditions or explicit joins bind have the same. Null where a name cannot be told.</summary>
    private static Dictionary<FromSyntax, int>? Groups(LevelScope scope)
    {
        var groups = new Dictionary<FromSyntax, int>(ReferenceEqualityComparer.Instance);
        foreach (var item in scope.Level.From)
        {
            // Whoever wrote JOIN or LATERAL meant it.
            foreach (var leaf in item.Leaves())
                groups[leaf] = groups.Count == 0 || !ReferenceEquals(leaf, item.Leaves().First()) ? groups.GetValueOrDefault(item.Leaves().First(), groups.Count) : groups.Count;
        }
        void Bind(IEnumerable<FromSyntax> bound)
        {
            var numbers = bound.Where(groups.ContainsKey).Select(b => groups[b]).ToHashSet();
            foreach (var item in groups.Keys.Where(k => numbers.Contains(groups[k])).ToList())
                groups[item] = numbers.Min();
        }
        foreach (var lateral in scope.Level.From.SelectMany(f => f.Leaves()).Where(l => l.IsLateral || l.Kind == FromKind.Other))
            Bind(groups.Keys.ToList());
        foreach (var condition in scope.Level.Conjuncts)
        {
            if (scope.Mentions(condition) is not { } mentioned)
                return null;
            Bind(mentioned);
        }
        return groups;
    }

    private static bool IsOneRow(FromSyntax item, RelationFacts relation, LevelScope scope)
    {
        var equal = scope.Level.Conjuncts.Select(Comparison.Of).OfType<Comparison>().Where(c => c.Operator == "=" && scope.Mentions(c.Other) is { Count: 0 })
            .Select(c => scope.Column(c.Side)).OfType<NamedColumn>().Where(c => ReferenceEquals(c.Item, item)).Select(c => c.Column).ToList();
        return equal.Count > 0 && relation.IsUnique(equal);
    }

    private static string? ForeignKey((FromSyntax Item, RelationFacts Relation) from, (FromSyntax Item, RelationFacts Relation) to)
    {
        var key = from.Relation.Model.Constraints.FirstOrDefault(c => c.Kind == ConstraintKind.ForeignKey && c.References is { } r && from.Relation.Schema.Table(r)?.Name == to.Relation.Name);
        if (key is null)
            return null;
        var referenced = key.ReferencedColumns.IsEmpty ? to.Relation.PrimaryKey : key.ReferencedColumns;
        return string.Join(" AND ", key.Columns.Zip(referenced, (f, t) => $"{SqlIdentifier.Quote(from.Item.Alias!)}.{SqlIdentifier.Quote(f)} = {SqlIdentifier.Quote(to.Item.Alias!)}.{SqlIdentifier.Quote(t)}"));
    }
}
