using System.Globalization;
using AgentHost.Skills.RecommendIndex.Workloads;
using AgentHost.Sql;
using AgentHost.Sql.Syntax;

namespace AgentHost.Skills.RecommendIndex.Rewrites;

/// <summary>OR between conditions on different tables, or with a subquery: no index serves it, but one serves each arm of a UNION ALL.</summary>
internal static class OrAcrossTables
{
    private const int MaxArms = 4;

    private const string What = "Write one query an arm, joined by UNION ALL.";

    public static IEnumerable<QueryRewrite> Find(RewriteCase query)
    {
        var scope = query.Scopes[0];
        if (scope.Level is not { Arms: [], Where: not null } level || !scope.Tables.Any(t => query.Matters(t.Relation)))
            yield break;
        foreach (var or in level.Conjuncts.Where(c => c.Kind == NodeKind.Or && c.Parts.Length <= MaxArms))
        {
            var arms = or.Parts.Select(scope.Mentions).ToList();
            if (arms.Contains(null) || !arms.TrueForAll(a => a!.Count > 0))
                continue;
            var acrossTables = arms.Exists(a => !a!.SetEquals(arms[0]!)) && arms.TrueForAll(a => a!.Count < scope.Tables.Count() + 1);
            var hasQuery = or.Parts.Any(p => p.Kind is NodeKind.Exists or NodeKind.InQuery);
            if (!acrossTables && !hasQuery)
                continue;
            var why = $"{query.TextOf(or)} is true by {(acrossTables ? "one table or another" : "the row or by a subquery")}, so that every row is joined before any is left out; an index serves each arm by itself.";
            yield return Union(query, scope, or) is { } sql
                ? query.Template(RewriteKind.OrAcrossTables, What, why) with { Sql = sql, IsExact = true }
                : query.Template(RewriteKind.OrAcrossTables, What, why + " Each further arm says that those before it are not true (IS NOT TRUE), so that no row comes twice.");
            yield break;
        }
    }

    private static string? Union(RewriteCase query, LevelScope scope, SyntaxNode or)
    {
        var level = scope.Level;
        if (level.IsUnusual || level.IsDistinct || Aggregates.In(level) || query.Syntax.Verb != QueryVerb.Select || Order(query, level) is not { } order)
            return null;
        var first = level.OrderBy.Select(o => o.Key.Range).Append(level.Limit?.Range ?? TextRange.None).Append(level.Offset?.Range ?? TextRange.None).Where(r => !r.IsNone).ToList();
        var tail = first.Count == 0 ? level.Range.End : Tail(query, level);
        // With a limit each arm needs no more rows than the whole.
        var isLimited = level is { Limit: not null, Offset: null };
        var arms = or.Parts.Select((arm, i) =>
        {
            var condition = string.Join(" AND ", or.Parts.Take(i).Select(before => $"({query.TextOf(before)}) IS NOT TRUE").Prepend(i == 0 && arm.Kind != NodeKind.Or ? query.TextOf(arm) : $"({query.TextOf(arm)})"));
            var end = isLimited ? level.Range.End : tail;
            var place = query.Syntax.WithBrackets(or.Range);
            return query.Syntax.Text[level.Range.Start..place.Start] + condition + query.Syntax.Text[place.End..end].TrimEnd();
        }).ToList();
        var limits = string.Concat(new[] { level.Limit is { } l ? $" LIMIT {query.TextOf(l)}" : "", level.Offset is { } o ? $" OFFSET {query.TextOf(o)}" : "" });
        return query.Syntax.Text[..level.Range.Start]
            + string.Join("\nUNION ALL\n", isLimited ? arms.Select(a => $"({a})") : arms) + (order.Length > 0 ? "\nORDER BY " + order : "") + limits + query.Syntax.Text[level.Range.End..];
    }

    private static int Tail(RewriteCase query, SelectSyntax level)
    {
        var starts = new List<int>();
        if (!level.OrderBy.IsEmpty)
            starts.Add(query.Syntax.From("order", level.OrderBy[0].Key.Range).Start);
        if (level.Limit is { } limit)
            starts.Add(Math.Min(query.Syntax.From("limit", limit.Range).Start, query.Syntax.From("fetch", limit.Range).Start));
        if (level.Offset is { } offset)
            starts.Add(query.Syntax.From("offset", offset.Range).Start);
        return starts.Min();
    }

    /// <summary>ORDER BY as the whole of a UNION ALL may say it: by its outputs alone. Null where it cannot.</summary>
    private static string? Order(RewriteCase query, SelectSyntax level)
    {
        var keys = new List<string>();
        foreach (var sort in level.OrderBy)
        {
            var direction = (sort.Descending ? " DESC" : "") + (sort.NullsFirst == sort.Descending ? "" : sort.NullsFirst ? " NULLS FIRST" : " NULLS LAST");
            var at = sort.Key.Kind == NodeKind.Constant ? int.Parse(sort.Key.Value, CultureInfo.InvariantCulture) - 1 : level.Targets.ToList().FindIndex(t =>
                (sort.Key.Kind == NodeKind.Column && sort.Key.Path.Length == 1 && t.Alias == sort.Key.Path[0])
                || (t.Value.Kind != NodeKind.Star && query.TextOf(t.Value) == query.TextOf(sort.Key)));
            if (at < 0 || level.Targets.Any(t => t.Value.Kind == NodeKind.Star))
                return null;
            keys.Add((at + 1).ToString(CultureInfo.InvariantCulture) + direction);
        }
        return string.Join(", ", keys);
    }
}
