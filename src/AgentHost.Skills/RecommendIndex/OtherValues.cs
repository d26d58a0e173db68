using System.Collections.Immutable;
using System.Globalization;
using AgentHost.Skills.RecommendIndex.Workloads;
using AgentHost.Sql;
using AgentHost.Sql.Queries;

namespace AgentHost.Skills.RecommendIndex;

/// <summary>
/// A query as its next call may ask it: the constants for which it looks among a column's few values are replaced by others that as many rows hold. A text
/// with constants does not tell which of them are the program's and which the moment's; an index that is cut to one of them must be worth it all the same.
/// </summary>
internal static class OtherValues
{
    /// <summary>So many other values are tried …</summary>
    private const int Most = 2;

    /// <summary>… of those that are at most so many times as frequent, or as rare: a queue's one rare status stays what it is.</summary>
    private const double MostTimes = 3;

    /// <summary>The text as it is and with other values; empty where it has none of the kind.</summary>
    public static ImmutableArray<BoundQuery> Of(AnalysedQuery query)
    {
        var others = new Dictionary<(QualifiedName Table, string Column, string Value), ImmutableArray<string>>();
        foreach (var (use, table) in query.Uses)
        {
            foreach (var predicate in use.Predicates.Where(p => p.Operand.Literals is [_]))
            {
                if (table.Columns.GetValueOrDefault(predicate.Column) is { IsStatus: true } column && Near(column, predicate) is { IsEmpty: false } near)
                    others.TryAdd((use.Table, predicate.Column, predicate.Operand.Literals[0].Value), near);
            }
        }
        if (others.Count == 0)
            return [];
        var columns = query.Uses.DistinctBy(u => u.Use.Table).ToDictionary(u => u.Use.Table, u => (IReadOnlyCollection<string>)[.. u.Table.Columns.Keys]);
        var texts = Enumerable.Range(0, Most).Select(draw => QueryConstants.Replace(query.Sql, columns.GetValueOrDefault,
            (table, column, value) => column is not null && others.TryGetValue((table, column, value), out var near) && draw < near.Length ? near[draw] : null));
        return [.. texts.Prepend(query.Sql).Distinct(StringComparer.Ordinal).Select((sql, i) => new BoundQuery(sql, i == 0 ? "as it is written" : "other values as frequent"))];
    }

    private static ImmutableArray<string> Near(ColumnFacts column, ColumnPredicate predicate)
    {
        var value = predicate.Operand.Literals[0].Value;
        return predicate switch
        {
            { Kind: PredicateKind.Equality } when column.Common.FirstOrDefault(c => c.Value == value) is { Frequency: > 0 and var own } =>
            [
                .. column.Common.Where(c => c.Value != value && Times(c.Frequency, own) <= MostTimes).OrderBy(c => Times(c.Frequency, own)).ThenBy(c => c.Value, StringComparer.Ordinal).Take(Most).Select(c => c.Value),
            ],
            { Kind: PredicateKind.Range, Operator: not null } when Number(value) is { } bound => Neighbours(column, bound),
            _ => [],
        };
    }

    // The value below and the one above.
    private static ImmutableArray<string> Neighbours(ColumnFacts column, double bound)
    {
        var known = column.Common.Select(c => (c.Value, Number: Number(c.Value))).Where(c => c.Number is not null).OrderBy(c => c.Number).ToList();
        return [.. known.Where(c => c.Number < bound).TakeLast(1).Concat(known.Where(c => c.Number > bound).Take(1)).Select(c => c.Value)];
    }

    private static double Times(double a, double b) => a > b ? a / b : b / a;

    private static double? Number(string value) => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
}
