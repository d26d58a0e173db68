using System.Text.RegularExpressions;
using AgentHost.Postgres.Rows;

namespace AgentHost.Postgres.Synthesis;

/// <content>Columns of which a check says that one is not above the other.</content>
internal sealed partial class TableQuery
{
    /// <summary>
    /// Where the values drawn for two columns are the wrong way round, the upper one is drawn again at the place of the lower: as their own distributions lie one above
    /// the other, so do the values at one place of them.
    /// </summary>
    private async Task RaiseAsync(CancellationToken ct)
    {
        foreach (var (lower, upper, compare) in table.Checks.SelectMany(Comparisons))
        {
            if (Figures(upper.Name) is not { } figures || figures.IsDistinct || !drawn.TryGetValue(lower.Name, out var low) || !drawn.TryGetValue(upper.Name, out var high) || low.Place is null || high.Place is null
                || links.Exists(entry => entry.Link.Has(upper)) || plan.IsUnique(table, upper) || apart.ContainsKey(upper.Name) || apart.Values.Any(others => others.Contains(upper)))
            {
                continue;
            }

            var (type, modifier) = plan.Values.Base(upper.Type, upper.Modifier);
            if (type is null || await ByTypeAsync(new ColumnToDraw(Query, Named(upper) + " above", figures, type, modifier, plan.Values.StorageSql(upper.Type, upper.Modifier)) { SharedPlace = Query.Let(low.Place) }, ct) is not { } again)
                continue;
            var own = Query.Let(high.Sql);
            drawn[upper.Name] = new Drawn($"(case when {own} {compare} {Query.Let(low.Sql)} then {own} else {again.Sql} end)", null) { HasNulls = high.HasNulls };
        }
    }

    private IEnumerable<(RowColumn Lower, RowColumn Upper, string Compare)> Comparisons(string check)
    {
        foreach (Match match in Comparison().Matches(check))
        {
            if (table.Column(match.Groups["one"].Value) is { } one && table.Column(match.Groups["other"].Value) is { } other && one != other)
                yield return match.Groups["sign"].Value is ['<', ..] ? (one, other, match.Groups["sign"].Value.Replace('<', '>')) : (other, one, match.Groups["sign"].Value);
        }
    }

    [GeneratedRegex("\\b(?<one>[a-z_][a-z0-9_]*) (?<sign><=|<|>=|>) (?<other>[a-z_][a-z0-9_]*)\\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Comparison();
}
