using System.Collections.Immutable;
using System.Globalization;
using AgentHost.Postgres.Rows;

namespace AgentHost.Postgres.Synthesis;

/// <summary>Draws values of types between whose values nothing can be told: those that the statistics name, and where they name few of many, made-up ones.</summary>
internal static class PointDraw
{
    /// <summary>A column's values; null where the statistics name none.</summary>
    public static Drawn? Draw(ColumnToDraw column)
    {
        var figures = column.Figures;
        var bounds = figures.Statistics.Histogram.Distinct(StringComparer.Ordinal).ToImmutableArray();
        var rest = figures.RestMass > 0.001 ? figures.RestMass : 0;
        var isMadeUp = rest > 0 && column.Template is not null && figures.Distinct - figures.Common.Length > 3 * Math.Max(1, bounds.Length);
        if (column.IsUnique || (figures.Common.IsEmpty && bounds.IsEmpty && !isMadeUp))
            return null;

        var points = figures.Common.Select(common => (common.Value, common.Mass)).ToList();
        if (!isMadeUp && rest > 0)
            points.AddRange(bounds.Select(bound => (bound, rest / bounds.Length)));
        Sort(points, column.Type);
        var shares = points.ConvertAll(point => new Share(point.Mass, 1));
        if (isMadeUp)
            shares.Add(new Share(rest, Math.Max(1, Math.Round(figures.RestValues(isExact: false)))));
        var found = Found.In(column.Query, shares, column.Place(shares).Sql);
        var known = column.Type.IsArray
            ? $"(({column.Query.Texts(points.Select(point => point.Value))}::text[])[{found.Piece}])::{column.Storage}"
            : $"({column.Query.Values(points.Select(point => point.Value), column.Storage)})[{found.Piece}]";
        if (!isMadeUp)
            return new Drawn(known, found.Place);
        var number = column.Query.Let($"(1 + {found.Value}::int8 % 1000000000)::int");
        var made = $"({TypeValues.At(column.Template!, number)})::{column.Storage}";
        return new Drawn(points.Count == 0 ? made : $"(case when {found.Piece} > {points.Count.ToString(CultureInfo.InvariantCulture)} then {made} else {known} end)", found.Place);
    }

    private static void Sort(List<(string Value, double Mass)> points, RowType type)
    {
        if (type.Kind == 'e')
            points.Sort((one, other) => type.Labels.IndexOf(one.Value).CompareTo(type.Labels.IndexOf(other.Value)));
        else
            points.Sort((one, other) => string.CompareOrdinal(one.Value, other.Value));
    }
}
