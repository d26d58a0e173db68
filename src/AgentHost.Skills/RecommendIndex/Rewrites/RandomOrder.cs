using System.Globalization;
using AgentHost.Sql.Syntax;

namespace AgentHost.Skills.RecommendIndex.Rewrites;

/// <summary>A few rows at random, for which the whole table is read and sorted.</summary>
internal static class RandomOrder
{
    /// <summary>So many times the wanted rows are sampled, so that pages that are fuller or emptier do not matter.</summary>
    private const int Margin = 50;

    public static IEnumerable<QueryRewrite> Find(RewriteCase query)
    {
        foreach (var scope in query.Scopes)
        {
            if (scope.Level is not { Limit: { } limit, OrderBy: [{ Key: { Kind: NodeKind.Call, Name: "random", Parts: [] } }, ..] } level || scope.Tables.All(t => !query.Matters(t.Relation)))
                continue;
            const string what = "Draw the rows before sorting them.";
            var rows = scope.Tables.Max(t => t.Relation.Rows);
            var why = $"ORDER BY random() reads {rows:N0} rows and sorts them for a few.";
            if (level is { Where: null, From: [{ Kind: FromKind.Table } only] } && int.TryParse(limit.Value, CultureInfo.InvariantCulture, out var wanted) && wanted * (double)Margin < rows)
            {
                var percent = Math.Max(0.01, wanted * 100.0 * Margin / rows).ToString("0.##", CultureInfo.InvariantCulture);
                yield return query.Rewrite(RewriteKind.RandomOrder, what, why + $" TABLESAMPLE reads {percent} % of its pages; rows of one page come together more often than by chance.", isExact: false,
                    (new TextRange(only.Range.End, only.Range.End), $" TABLESAMPLE SYSTEM ({percent})"));
            }
            else
            {
                yield return query.Template(RewriteKind.RandomOrder, what, why + " Draw random keys (id >= a random one, ORDER BY id LIMIT), or keep a column of random numbers with an index.");
            }
        }
    }
}
