using AgentHost.Skills.RecommendIndex.Workloads;
using AgentHost.Sql;
using AgentHost.Sql.Syntax;

namespace AgentHost.Skills.RecommendIndex.Rewrites;

/// <summary>NOT IN (subquery), and IN (subquery) that depends on the outer row: EXISTS, which the planner joins.</summary>
internal static class SubqueryMembership
{
    /// <summary>A list of fewer rows is hashed in no time, and NOT IN runs as well as a join.</summary>
    private const int LeastRows = 10_000;

    /// <summary>From this version on the planner joins IN with a correlated subquery (release notes of PostgreSQL 17, E.1.3.1.1).</summary>
    private const int JoinsCorrelated = 17;

    public static IEnumerable<QueryRewrite> Find(RewriteCase query)
    {
        foreach (var scope in query.Scopes)
        {
            foreach (var condition in scope.Level.Conjuncts)
            {
                if (condition is { Kind: NodeKind.Not, Parts: [{ Kind: NodeKind.InQuery, Name: "=" } notIn] } && NotIn(query, scope, condition, notIn) is { } not)
                    yield return not;
                if (condition is { Kind: NodeKind.InQuery, Name: "=" } && query.Schema.Snapshot.MajorVersion < JoinsCorrelated && In(query, scope, condition) is { } correlated)
                    yield return correlated;
            }
        }
    }

    private static QueryRewrite? NotIn(RewriteCase query, LevelScope scope, SyntaxNode condition, SyntaxNode notIn)
    {
        if (Inner(notIn, scope, query) is not { } inner || notIn.Query!.Targets is not [{ Value: var output }])
            return null;
        var (tested, found) = (scope.Column(notIn.Parts[0]), inner.Column(output));
        var mayBeNull = found is not null && !found.Relation.IsNotNull(found.Column) && !Excludes(inner, output, query) || IsNullable(found?.Item, inner.Level);
        var outerMayBeNull = tested is null || !tested.Relation.IsNotNull(tested.Column) || IsNullable(tested.Item, scope.Level);
        var rows = inner.Tables.Select(t => t.Relation.Rows).DefaultIfEmpty(0).Max();
        var isLarge = scope.Tables.Concat(inner.Tables).Any(t => query.Matters(t.Relation));
        if (!isLarge || (!mayBeNull && rows < LeastRows))
            return null;
        const string what = "Write NOT EXISTS instead of NOT IN (subquery).";
        var why = mayBeNull
            ? $"{query.TextOf(output)} may be null, and a single null makes NOT IN give no row at all; nor can the planner join it: the subquery's rows are searched for each row."
            : $"The planner cannot join NOT IN: it hashes {rows:N0} rows before the first, and searches them one by one where work_mem does not hold them.";
        var isExact = !mayBeNull && !outerMayBeNull;
        if (!isExact)
            why += mayBeNull ? " The rewrite leaves nulls of the subquery out of account." : $" Rows whose {query.TextOf(notIn.Parts[0])} is null come besides; add IS NOT NULL where they must not.";
        return Exists(query, scope, inner, notIn, output) is { } exists
            ? query.Rewrite(RewriteKind.NotInQuery, what, why, isExact, (condition.Range.With(notIn.Range), "NOT " + exists))
            : query.Template(RewriteKind.NotInQuery, what, why);
    }

    private static QueryRewrite? In(RewriteCase query, LevelScope scope, SyntaxNode condition)
    {
        if (Inner(condition, scope, query) is not { } inner || condition.Query!.Targets is not [{ Value: var output }]
            || !scope.Tables.Any(t => query.Matters(t.Relation)) || scope.Mentions(new SyntaxNode(NodeKind.Other, TextRange.None, []) { Query = condition.Query }) is not { Count: > 0 })
            return null;
        const string what = "Write EXISTS instead of IN (correlated subquery).";
        var why = $"The subquery names the outer row, so that PostgreSQL {query.Schema.Snapshot.MajorVersion} runs it for each row instead of joining.";
        return Exists(query, scope, inner, condition, output) is { } exists
            ? query.Rewrite(RewriteKind.CorrelatedIn, what, why, isExact: true, (condition.Range, exists))
            : query.Template(RewriteKind.CorrelatedIn, what, why);
    }

    private static LevelScope? Inner(SyntaxNode test, LevelScope scope, RewriteCase query) =>
        test.Query is { Arms: [], Values: [], IsDistinct: false, Having: null, Limit: null, Offset: null, IsUnusual: false } level && level.GroupBy.IsEmpty && !Aggregates.In(level)
            ? new LevelScope(level, scope, query.Schema)
            : null;

    // What was tested outside is now named inside, where an unqualified name may mean something else.
    private static string? Exists(RewriteCase query, LevelScope scope, LevelScope inner, SyntaxNode test, SyntaxNode output)
    {
        if (scope.Column(test.Parts[0]) is not { } tested || tested.Item.Alias is not { } alias || inner.Level.From.SelectMany(f => f.Leaves()).Any(f => f.Alias == alias) || inner.Level.From.IsEmpty)
            return null;
        var level = inner.Level;
        var equal = $"{query.Operand(output)} = {SqlIdentifier.Quote(alias)}.{SqlIdentifier.Quote(tested.Column)}";
        var text = query.Syntax.TextOf(level.Range);
        var at = level.Range.Start;
        string Between(int start, int end) => text[(start - at)..(end - at)];
        var from = query.Syntax.From("from", level.From[0].Range);
        var behind = level.Where is { } where
            ? Between(from.Start, where.Range.Start) + (where.Kind == NodeKind.Or ? $"({query.TextOf(where)})" : query.TextOf(where)) + $" AND {equal}" + Between(where.Range.End, level.Range.End)
            : Between(from.Start, level.From[^1].Range.End) + $" WHERE {equal}" + Between(level.From[^1].Range.End, level.Range.End);
        return $"EXISTS (SELECT 1 {behind})";
    }

    private static bool Excludes(LevelScope inner, SyntaxNode output, RewriteCase query) =>
        inner.Level.Conjuncts.Any(c => c.Kind == NodeKind.IsNotNull && QuerySyntax.SameExpression(query.TextOf(c.Parts[0]), query.TextOf(output)));

    private static bool IsNullable(FromSyntax? item, SelectSyntax level) =>
        item is not null && level.From.SelectMany(f => f.Joins()).Any(j =>
            (j.JoinKind is "left" or "full" && j.Right!.Leaves().Contains(item)) || (j.JoinKind is "right" or "full" && j.Left!.Leaves().Contains(item)));
}
