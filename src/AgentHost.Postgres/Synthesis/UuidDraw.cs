using System.Collections.Immutable;
using System.Globalization;

namespace AgentHost.Postgres.Synthesis;

/// <summary>Draws UUIDs: random ones lie everywhere, those of versions 6 and 7 in the order of time, as the histogram's bounds tell.</summary>
internal static class UuidDraw
{
    private const int Digits = 15;

    private sealed record Stretch(string Low, long From, long To, double Mass, bool IsPoint);

    /// <summary>A column's values; null where nothing is known of them.</summary>
    public static Drawn? Draw(ColumnToDraw column)
    {
        var figures = column.Figures;
        var points = figures.Common.Select(common => new Stretch(common.Value, Front(common.Value), 0, common.Mass, true)).ToList();
        var bounds = figures.Statistics.Histogram.Order(StringComparer.Ordinal).ToImmutableArray();
        if (column.IsUnique && bounds.Length > 1)
            points.AddRange(column.Wanted.Except(bounds, StringComparer.Ordinal).Select(value => new Stretch(value, Front(value), 0, 1.0 / figures.Rows, true)));
        var stretches = points.Concat(bounds.Zip(bounds.Skip(1), (low, high) => new Stretch(low, Front(low), Front(high), figures.RestMass / (bounds.Length - 1), false)))
            .OrderBy(stretch => stretch.Low, StringComparer.Ordinal).ToList();
        if (stretches.Count == 0)
            return null;

        var masses = stretches.ConvertAll(stretch => stretch.IsPoint && column.IsUnique ? 1e9 : stretch.Mass);
        var values = column.IsUnique
            ? Pieces.Spread(masses, stretches.ConvertAll(stretch => stretch.IsPoint ? 1.0 : 1e15), figures.Rows, whole: true)
            : Pieces.Spread(stretches.ConvertAll(stretch => stretch.IsPoint ? 0 : stretch.Mass), stretches.ConvertAll(stretch => stretch.IsPoint ? 1.0 : 1e15), figures.RestValues(isExact: false) + points.Count, whole: false);
        var shares = new List<Share>();
        for (var i = stretches.Count - 1; i >= 0; i--)
        {
            if (column.IsUnique && values[i] < 1)
                stretches.RemoveAt(i);
            else
                shares.Insert(0, new Share(column.IsUnique ? values[i] / figures.Rows : stretches[i].Mass, stretches[i].IsPoint ? 1 : Math.Max(1, Math.Round(values[i]))));
        }

        var found = Found.In(column.Query, shares, column.Place(shares).Sql);
        var full = $"({column.Query.Values(stretches.Select(stretch => stretch.Low), "uuid")})[{found.Piece}]";
        if (stretches.TrueForAll(stretch => stretch.IsPoint))
            return new Drawn(full, found.Place);
        var from = $"({column.Query.Numbers(stretches.Select(stretch => stretch.From).ToArray())})[{found.Piece}]";
        var step = $"({column.Query.Numbers(stretches.Zip(shares, (stretch, share) => stretch.IsPoint ? 0 : (stretch.To - stretch.From) / share.Values).ToArray())})[{found.Piece}]";
        var front = $"lpad(to_hex({from} + ({found.Value} * {step})::int8), {Digits.ToString(CultureInfo.InvariantCulture)}, '0')";
        return new Drawn($"(case when {found.Value} = 0 then {full} else ({front} || left(md5({found.Piece} || ' ' || {found.Value}), {32 - Digits}))::uuid end)", found.Place);
    }

    private static long Front(string uuid) => long.TryParse(uuid.Replace("-", "", StringComparison.Ordinal).AsSpan(0, Digits), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
