using AgentHost.Skills.RecommendIndex.Workloads;
using AgentHost.Sql.Syntax;

namespace AgentHost.Skills.RecommendIndex.Rewrites;

/// <summary>
/// Columns inside of a function, a cast or arithmetic, where the same can be asked of the bare column. Where it cannot (<c>lower(email)</c>), an
/// index on the expression is the way, and nothing is said here.
/// </summary>
internal static class WrappedColumns
{
    public static IEnumerable<QueryRewrite> Find(RewriteCase query)
    {
        var found = new List<(SyntaxNode Condition, BareCondition Bare, NamedColumn Column)>();
        foreach (var scope in query.Scopes)
        {
            foreach (var condition in Conditions(scope))
            {
                if (Comparison.Of(condition) is not { } comparison || Bare(comparison, query, scope) is not { } bare)
                    continue;
                if (query.Matters(bare.Column.Relation) && !IsPinned(bare.Column, scope, condition) && !ExpressionIndexes.Serve(bare.Column.Relation, comparison.Side, scope))
                    found.Add((condition, bare, bare.Column));
            }
        }
        foreach (var group in found.GroupBy(f => f.Bare.Kind))
        {
            var conditions = group.DistinctBy(g => g.Condition.Range).ToList();
            var notes = conditions.Select(c => c.Bare.Note).Where(n => n.Length > 0).Distinct().ToList();
            var what = group.Key == RewriteKind.CastColumn ? "Compare the column in its own type." : "Compare the bare column.";
            var why = $"{string.Join(", ", conditions.Select(c => query.TextOf(c.Condition)).Take(2))} computes for every row before it compares, so that no index on {string.Join(", ", conditions.Select(c => c.Column.Column).Distinct())} serves"
                + $" and the planner guesses how many rows match.{(notes.Count > 0 ? " " + string.Join(" ", notes) : "")}";
            yield return query.Rewrite(group.Key, what, why, conditions.TrueForAll(c => c.Bare.IsExact), conditions.Select(c => (c.Condition.Range, c.Bare.Sql)));
        }
    }

    private static IEnumerable<SyntaxNode> Conditions(LevelScope scope) =>
        scope.Level.Conjuncts.Concat(scope.Level.From.SelectMany(f => f.Joins()).Select(j => j.On).OfType<SyntaxNode>().SelectMany(o => o.Conjuncts()));

    private static BareCondition? Bare(Comparison comparison, RewriteCase query, LevelScope scope)
    {
        // What depends on another row of this level is a join, and stays one.
        if (comparison.Others.Any(o => scope.Mentions(o) is not { Count: 0 }))
            return null;
        return DateConditions.Bare(comparison, query, scope) ?? ArithmeticConditions.Bare(comparison, query, scope) ?? ValueConditions.Bare(comparison, query, scope);
    }

    // One row is found by its key already.
    private static bool IsPinned(NamedColumn column, LevelScope scope, SyntaxNode besides)
    {
        var equal = scope.Level.Conjuncts.Where(c => !ReferenceEquals(c, besides)).Select(Comparison.Of).OfType<Comparison>().Where(c => c.Operator == "=" && c.Others.All(o => scope.Mentions(o) is { Count: 0 }))
            .Select(c => scope.Column(c.Side)).OfType<NamedColumn>().Where(c => ReferenceEquals(c.Item, column.Item)).Select(c => c.Column).ToList();
        return equal.Count > 0 && column.Relation.IsUnique(equal);
    }
}

/// <summary>A condition on the bare column that says what another says of an expression over it.</summary>
/// <param name="Column">The column.</param>
/// <param name="Sql">The condition.</param>
internal sealed record BareCondition(NamedColumn Column, string Sql)
{
    public RewriteKind Kind { get; init; } = RewriteKind.WrappedColumn;

    public bool IsExact { get; init; } = true;

    /// <summary>Where the two differ.</summary>
    public string Note { get; init; } = "";
}

/// <summary>A comparison of an expression with one value, or two for BETWEEN; the operator as it reads from the expression's side.</summary>
internal sealed record Comparison(SyntaxNode Side, string Operator, params SyntaxNode[] Others)
{
    public const string Between = "between";

    public SyntaxNode Other => Others[0];

    public static Comparison? Of(SyntaxNode condition)
    {
        if (condition is { Kind: NodeKind.Between, Parts: [var bounded, var low, var high] })
            return new Comparison(bounded, Between, low, high);
        if (condition is not { Kind: NodeKind.Operator, Name: "=" or "<" or "<=" or ">" or ">=", Parts: [var left, var right] })
            return null;
        return HasColumn(left) || !HasColumn(right) ? new Comparison(left, condition.Name, right) : new Comparison(right, Flip(condition.Name), left);
    }

    public static string Flip(string op) => op switch { "<" => ">", "<=" => ">=", ">" => "<", ">=" => "<=", _ => op };

    private static bool HasColumn(SyntaxNode node) => node.All().Any(n => n.Kind == NodeKind.Column);
}
