using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using AgentHost.Postgres.Catalog;
using Npgsql;

namespace AgentHost.Postgres.Synthesis;

/// <summary>That a column's value follows from another's in so many of the rows.</summary>
internal sealed record Dependence(string Column, string By, double Degree);

/// <summary>What extended statistics say of columns that belong together.</summary>
internal static partial class JointColumns
{
    /// <summary>From this degree on a dependence is worth keeping.</summary>
    private const double Least = 0.6;

    /// <summary>The statistics of each table.</summary>
    public static async Task<ILookup<uint, ExtendedStatistics>> ReadAsync(NpgsqlConnection connection, CatalogSnapshot snapshot, CancellationToken ct)
    {
        var tables = new Dictionary<(string, string), uint>();
        if (!snapshot.ExtendedStatistics.IsEmpty)
        {
            await using var command = new NpgsqlCommand("select n.nspname::text, s.stxname::text, s.stxrelid from pg_catalog.pg_statistic_ext s join pg_catalog.pg_namespace n on n.oid = s.stxnamespace", connection);
            await using var reader = await command.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct))
                tables[(reader.GetString(0), reader.GetString(1))] = reader.GetFieldValue<uint>(2);
        }

        return snapshot.ExtendedStatistics.Where(statistics => tables.ContainsKey((statistics.Schema, statistics.Name))).ToLookup(statistics => tables[(statistics.Schema, statistics.Name)]);
    }

    /// <summary>For columns that another one decides, which; that other one is never decided by them in turn.</summary>
    /// <param name="statistics">The statistics of a table.</param>
    /// <param name="distinct">How many values a column has.</param>
    public static IReadOnlyDictionary<string, Dependence> Of(IEnumerable<ExtendedStatistics> statistics, Func<string, double> distinct)
    {
        var found = new List<Dependence>();
        foreach (var one in statistics)
        {
            foreach (Match match in Rule().Matches(one.Dependencies ?? ""))
            {
                if (Column(one, match.Groups["by"].Value) is { } by && Column(one, match.Groups["column"].Value) is { } column)
                    found.Add(new Dependence(column, by, double.Parse(match.Groups["degree"].ValueSpan, CultureInfo.InvariantCulture)));
            }

            foreach (Match match in Pair().Matches(one.Distinct ?? ""))
            {
                if (Column(one, match.Groups["one"].Value) is not { } first || Column(one, match.Groups["other"].Value) is not { } second)
                    continue;
                var count = double.Parse(match.Groups["count"].ValueSpan, CultureInfo.InvariantCulture);
                var (by, column) = distinct(first) >= distinct(second) ? (first, second) : (second, first);
                if (distinct(column) > 1 && count < 1.2 * distinct(by))
                    found.Add(new Dependence(column, by, 1));
            }
        }

        var decided = new Dictionary<string, Dependence>(StringComparer.Ordinal);
        foreach (var dependence in found.Where(dependence => dependence.Degree >= Least).OrderByDescending(dependence => dependence.Degree).ThenByDescending(dependence => distinct(dependence.By)).ThenBy(dependence => dependence.Column, StringComparer.Ordinal))
        {
            var root = dependence.By;
            while (root != dependence.Column && decided.TryGetValue(root, out var next))
                root = next.By;
            if (root != dependence.Column)
                decided.TryAdd(dependence.Column, dependence);
        }

        return decided;
    }

    private static string? Column(ExtendedStatistics statistics, string number) => int.TryParse(number, CultureInfo.InvariantCulture, out var key) ? statistics.Columns.GetValueOrDefault(key) : null;

    [GeneratedRegex("\"(?<by>-?[0-9]+) => (?<column>-?[0-9]+)\": (?<degree>[0-9.]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Rule();

    [GeneratedRegex("\"(?<one>-?[0-9]+), (?<other>-?[0-9]+)\": (?<count>[0-9.]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Pair();
}
