using AgentHost.Skills.RecommendIndex.Workloads;
using AgentHost.Sql.Syntax;

namespace AgentHost.Skills.RecommendIndex.Rewrites;

/// <summary>A join that compares what two functions give: no index on a column serves it, and the planner knows nothing of their values.</summary>
internal static class FunctionJoin
{
    public static IEnumerable<QueryRewrite> Find(RewriteCase query)
    {
        foreach (var scope in query.Scopes)
        {
            var conditions = scope.Level.Conjuncts.Concat(scope.Level.From.SelectMany(f => f.Joins()).Select(j => j.On).OfType<SyntaxNode>().SelectMany(o => o.Conjuncts()));
            foreach (var condition in conditions)
            {
                if (condition is not { Kind: NodeKind.Operator, Name: "=", Parts: [var left, var right] } || Side(left, query, scope) is not { } a || Side(right, query, scope) is not { } b || ReferenceEquals(a.Item, b.Item))
                    continue;
                yield return query.Template(RewriteKind.FunctionJoin, "Keep what the join compares in a column of its own.",
                    $"{query.TextOf(condition)} computes both sides for {a.Rows:N0} and {b.Rows:N0} rows, and the planner guesses how many agree. Store the compared form "
                    + "(a generated column, or the same type on both sides) and index it, or index the expression on the side that is looked up.");
            }
        }
    }

    // A function or cast over one table's columns, where that table is large.
    private static (FromSyntax Item, double Rows)? Side(SyntaxNode side, RewriteCase query, LevelScope scope) =>
        side.Kind is NodeKind.Call or NodeKind.Cast && scope.Mentions(side) is { Count: 1 } items && items.Single() is var item
        && scope.Tables.FirstOrDefault(t => ReferenceEquals(t.Item, item)).Relation is { } relation && query.Matters(relation) && !ExpressionIndexes.Serve(relation, side, scope)
            ? (item, relation.Rows)
            : null;
}
