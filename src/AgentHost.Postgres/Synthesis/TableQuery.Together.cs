using System.Collections.Immutable;
using System.Globalization;
using AgentHost.Postgres.Catalog;
using AgentHost.Postgres.Rows;

namespace AgentHost.Postgres.Synthesis;

/// <content>Columns that are drawn together.</content>
internal sealed partial class TableQuery
{
    /// <summary>From this share of all rows on common combinations tell more than dependences.</summary>
    private const double MostCombined = 0.3;

    /// <summary>Deals common combinations of values out as a whole; the rest of the rows get what then is left of each column's own distribution.</summary>
    private async Task CombineAsync(ExtendedStatistics statistics, List<RowReference> references, CancellationToken ct)
    {
        const double MostOrdered = 0.3;
        var mass = Math.Min(1, statistics.Common.Sum(common => common.Frequency));
        var columns = statistics.Columns.Values.Select(table.Column).OfType<RowColumn>().ToList();
        if (mass < MostCombined || columns.Count < statistics.Columns.Count || statistics.Common.Any(common => common.Values.Length < columns.Count))
            return;
        if (columns.Exists(column => drawn.ContainsKey(column.Name) || simple.Contains(column.Name) || plan.IsUnique(table, column) || references.Exists(reference => reference.Columns.Contains(column.Number))
            || Figures(column.Name) is not { } figures || Math.Abs(Place.Untied(figures.Statistics.Correlation, figures.Common.Select(common => new Share(common.Mass, 1)))) > MostOrdered))
        {
            return; // they follow parents, or the order of rows
        }

        var name = $"{table.Name} {statistics.Name} {attempt.ToString(CultureInfo.InvariantCulture)}";
        var starts = new double[statistics.Common.Length + 1];
        for (var i = 0; i < statistics.Common.Length; i++)
            starts[i + 1] = starts[i] + statistics.Common[i].Frequency;
        var piece = Query.Let($"width_bucket({Place.Of(Query, name, rows, 0)}, {Query.Numbers(starts)})");
        for (var i = 0; i < columns.Count; i++)
        {
            if (await RestAsync(columns[i], statistics, i, mass, ct) is not { } rest)
                continue;
            var (type, _) = plan.Values.Base(columns[i].Type, columns[i].Modifier);
            var storage = plan.Values.StorageSql(columns[i].Type, columns[i].Modifier);
            var values = statistics.Common.Select(common => common.Values[i]);
            var combined = type!.IsArray ? $"(({Query.Texts(values)}::text[])[{piece}])::{storage}" : $"({Query.Values(values, storage)})[{piece}]";
            drawn[columns[i].Name] = new Drawn($"(case when {piece} <= {statistics.Common.Length} then {combined} else {rest} end)", null) { HasNulls = true };
        }
    }

    private async Task<string?> RestAsync(RowColumn column, ExtendedStatistics joint, int place, double mass, CancellationToken ct)
    {
        var left = Math.Max(1e-6, 1 - mass);
        double Taken(string? value) => joint.Common.Where(common => common.Values[place] == value).Sum(common => common.Frequency);
        var own = Figures(column.Name)!.Statistics;
        var common = own.CommonValues.Zip(own.CommonFrequencies, (value, frequency) => (Value: value, Frequency: (frequency - Taken(value)) / left)).Where(entry => entry.Frequency > 1e-4).ToImmutableArray();
        var statistics = own with
        {
            CommonValues = [.. common.Select(entry => entry.Value)], CommonFrequencies = [.. common.Select(entry => (float)Math.Min(1, entry.Frequency))],
            NullFraction = (float)Math.Clamp((own.NullFraction - Taken(null)) / left, 0, 1), Correlation = null,
        };
        var (type, modifier) = plan.Values.Base(column.Type, column.Modifier);
        if (type is null)
            return null;
        // Where all that is common is taken and nothing else is known, the column's own values serve.
        var known = common.IsEmpty && own.Histogram.IsEmpty ? own with { Correlation = null } : statistics;
        if (await ByTypeAsync(new ColumnToDraw(Query, Named(column) + " rest", new Figures(known, rows), type, modifier, plan.Values.StorageSql(column.Type, column.Modifier)), ct) is not { } drawing)
            return null;
        return column.IsNotNull || statistics.NullFraction <= 0 ? drawing.Sql
            : $"case when {Place.Chance(Query, Named(column) + " null")} >= {((double)statistics.NullFraction).ToString("R", CultureInfo.InvariantCulture)} then {drawing.Sql} end";
    }
}
