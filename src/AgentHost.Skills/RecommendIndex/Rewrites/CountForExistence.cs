using AgentHost.Skills.RecommendIndex.Workloads;
using AgentHost.Sql;
using AgentHost.Sql.Syntax;

namespace AgentHost.Skills.RecommendIndex.Rewrites;

/// <summary>Rows that are counted to learn whether there is any: EXISTS stops at the first.</summary>
internal static class CountForExistence
{
    private const string What = "Ask EXISTS instead of counting.";

    private const string Why = "count(*) reads every row that matches to compare it with 0; EXISTS stops at the first.";

    public static IEnumerable<QueryRewrite> Find(RewriteCase query)
    {
        if (query.Syntax.Top is { Targets: [{ Value: { Kind: NodeKind.Operator } asked, Alias: var alias }], From: not [] } top && Counts(top, query, query.Scopes[0])
            && Answer(asked, n => IsCount(n, query.Scopes[0])) is { } whole)
        {
            var from = query.Syntax.From("from", top.From[0].Range);
            yield return query.Rewrite(RewriteKind.CountForExistence, What, Why, isExact: true,
                (top.Range, $"SELECT {whole}EXISTS (SELECT 1 {query.Syntax.Text[from.Start..top.Range.End]}){(alias is null ? "" : " AS " + SqlIdentifier.Quote(alias))}"));
        }
        foreach (var scope in query.Scopes)
        {
            foreach (var node in scope.Level.Expressions().SelectMany(e => e.All()).Where(n => n.Kind == NodeKind.Operator))
            {
                if (Answer(node, n => n.Kind == NodeKind.ScalarQuery) is not { } answer || node.Parts.First(p => p.Kind == NodeKind.ScalarQuery).Query is not { From: not [] } level)
                    continue;
                var inner = new LevelScope(level, scope, query.Schema);
                if (!Counts(level, query, inner) || level.Targets is not [{ Value: var counted }] || !IsCount(counted, inner))
                    continue;
                var from = query.Syntax.From("from", level.From[0].Range);
                yield return query.Rewrite(RewriteKind.CountForExistence, What, Why, isExact: true, (node.Range, $"{answer}EXISTS (SELECT 1 {query.Syntax.Text[from.Start..level.Range.End]})"));
            }
        }
    }

    private static bool Counts(SelectSyntax level, RewriteCase query, LevelScope scope) =>
        level is { Arms: [], GroupBy: [], Having: null, Limit: null, Offset: null, IsDistinct: false, IsUnusual: false, OrderBy: [] } && scope.Tables.Any(t => query.Matters(t.Relation));

    private static bool IsCount(SyntaxNode node, LevelScope scope) =>
        node is { Kind: NodeKind.Call, Name: "count", IsModified: false }
        && (node.IsOverStar || node.Parts is [{ Kind: NodeKind.Constant, Constant: not ConstantKind.Null }] || (node.Parts is [var column] && scope.Column(column) is { } c && c.Relation.IsNotNull(c.Column)
            && scope.Level.From.SelectMany(f => f.Joins()).All(j => j.JoinKind == "inner")));

    /// <summary>"" or "NOT " where the comparison asks whether there is a row, else null.</summary>
    private static string? Answer(SyntaxNode comparison, Func<SyntaxNode, bool> isCount)
    {
        if (comparison.Parts is not [var left, var right])
            return null;
        var op = comparison.Name;
        if (isCount(right))
            (left, right, op) = (right, left, op switch { ">" => "<", "<" => ">", ">=" => "<=", "<=" => ">=", _ => op });
        if (!isCount(left) || right is not { Kind: NodeKind.Constant, Constant: ConstantKind.Whole })
            return null;
        return (op, right.Value) switch
        {
            (">" or "<>" or "!=", "0") or (">=", "1") => "",
            ("=" or "<=", "0") or ("<", "1") => "NOT ",
            _ => null,
        };
    }
}
