using System.Globalization;
using AgentHost.Skills.RecommendIndex.Workloads;
using AgentHost.Sql;
using AgentHost.Sql.Syntax;

namespace AgentHost.Skills.RecommendIndex.Rewrites;

/// <summary>Pages by OFFSET: the next page is found by the last row's keys instead (https://use-the-index-luke.com/no-offset).</summary>
internal static class LargeOffset
{
    /// <summary>Fewer rows are thrown away faster than anybody notices.</summary>
    private const int LeastOffset = 1_000;

    /// <summary>Pages of a smaller table are not worth a word where nobody knows how deep they are read.</summary>
    private const int LeastRows = 100_000;

    private const string What = "Page by the last row's keys (keyset) instead of OFFSET.";

    public static IEnumerable<QueryRewrite> Find(RewriteCase query)
    {
        foreach (var scope in query.Scopes)
        {
            if (scope.Level is not { Offset: { } offset, Arms: [] } level || !Matters(offset.Bare(), query, scope))
                continue;
            var depth = offset.Bare().Kind == NodeKind.Constant
                ? $"OFFSET {Number(offset.Bare()):N0} reads and throws away {Number(offset.Bare()):N0} rows before each page"
                : $"Every page reads and throws away the rows before it, and {query.TextOf(offset)} may grow to {scope.Tables.Max(t => t.Relation.Rows):N0}";
            yield return Rewritten(query, scope, depth) ?? query.Template(RewriteKind.LargeOffset, What, level.OrderBy.IsEmpty
                ? depth + "; without ORDER BY pages overlap besides. Order by a unique key, and ask for the rows behind the last one's."
                : depth + ". Ask for the rows behind the last one's keys, a unique one at their end; keys that may be null or are computed need a condition of their own.");
        }
    }

    private static bool Matters(SyntaxNode offset, RewriteCase query, LevelScope scope) =>
        (offset.Kind == NodeKind.Constant && Number(offset) >= LeastOffset && scope.Tables.Any(t => query.Matters(t.Relation)))
        || (offset.Kind == NodeKind.Parameter && scope.Tables.Any(t => query.Matters(t.Relation) && t.Relation.Rows >= LeastRows));

    private static double Number(SyntaxNode constant) => double.TryParse(constant.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static QueryRewrite? Rewritten(RewriteCase query, LevelScope scope, string depth)
    {
        var level = scope.Level;
        if (level.From is not [{ Kind: FromKind.Table } only] || scope.Tables.ToList() is not [var (_, table)] || level.IsDistinct || !level.GroupBy.IsEmpty || level.OrderBy.IsEmpty)
            return null;
        var keys = level.OrderBy.Select(o => (Column: Key(o.Key, scope), o.Descending)).ToList();
        if (keys.Exists(k => k.Column is null || !table.IsNotNull(k.Column)))
            return null;
        var columns = keys.ConvertAll(k => (Column: k.Column!, k.Descending));
        var breakers = table.IsUnique([.. columns.Select(c => c.Column)]) ? [] : table.PrimaryKey.Where(c => !columns.Exists(k => k.Column == c)).ToList();
        if (breakers.Count == 0 && !table.IsUnique([.. columns.Select(c => c.Column)]))
            return null;
        var descending = columns[^1].Descending;
        columns.AddRange(breakers.Select(b => (b, descending)));

        var prefix = only.HasAlias ? SqlIdentifier.Quote(only.Alias!) + "." : "";
        var values = Enumerable.Range(query.Syntax.ParameterCount + 1, columns.Count).Select(n => $"${n}").ToList();
        var condition = Behind([.. columns.Select(c => (prefix + SqlIdentifier.Quote(c.Column), c.Descending))], values);
        var lastKey = query.Syntax.Through(level.OrderBy[^1].Key.Range, "asc", "desc", "nulls", "first", "last");
        var edits = new List<(TextRange, string)> { (Spaced(query, query.Syntax.Through(query.Syntax.From("offset", level.Offset!.Range), "row", "rows")), "") };
        if (breakers.Count > 0)
            edits.Add((new TextRange(lastKey.End, lastKey.End), string.Concat(breakers.Select(b => $", {prefix}{SqlIdentifier.Quote(b)}{(descending ? " DESC" : "")}"))));
        edits.Add(level.Where is { } where
            ? (where.Range, where.Kind == NodeKind.Or ? $"({query.TextOf(where)}) AND {condition}" : $"{query.TextOf(where)} AND {condition}")
            : (new TextRange(only.Range.End, only.Range.End), $" WHERE {condition}"));
        var bound = string.Join(", ", values.Zip(columns, (v, c) => $"{v} = {c.Column}"));
        return query.Rewrite(RewriteKind.LargeOffset, What, $"{depth}. Bind {bound} of the page before's last row; the first page has no such condition.", isExact: false, edits);
    }

    private static string? Key(SyntaxNode key, LevelScope scope)
    {
        if (key.Kind == NodeKind.Constant && int.TryParse(key.Value, CultureInfo.InvariantCulture, out var position))
            return position >= 1 && position <= scope.Level.Targets.Length ? scope.Column(scope.Level.Targets[position - 1].Value)?.Column : null;
        if (key is { Kind: NodeKind.Column, Path: [var name] } && scope.Level.Targets.FirstOrDefault(t => t.Alias == name) is { } target)
            return scope.Column(target.Value)?.Column;
        return scope.Column(key)?.Column;
    }

    // A row comparison, which a btree answers with one descent, where all keys go the same way.
    private static string Behind(List<(string Column, bool Descending)> keys, List<string> values)
    {
        if (keys.TrueForAll(k => k.Descending == keys[0].Descending))
        {
            var op = keys[0].Descending ? "<" : ">";
            return keys.Count == 1 ? $"{keys[0].Column} {op} {values[0]}" : $"({string.Join(", ", keys.Select(k => k.Column))}) {op} ({string.Join(", ", values)})";
        }
        var arms = Enumerable.Range(0, keys.Count).Select(n =>
            "(" + string.Join(" AND ", keys.Take(n).Select((k, i) => $"{k.Column} = {values[i]}").Append($"{keys[n].Column} {(keys[n].Descending ? "<" : ">")} {values[n]}")) + ")");
        return $"{keys[0].Column} {(keys[0].Descending ? "<=" : ">=")} {values[0]} AND ({string.Join(" OR ", arms)})";
    }

    private static TextRange Spaced(RewriteCase query, TextRange range)
    {
        var start = range.Start;
        while (start > 0 && query.Syntax.Text[start - 1] is ' ' or '\n' or '\t' or '\r')
            start--;
        return new TextRange(start, range.End);
    }
}
