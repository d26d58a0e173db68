using AgentHost.Postgres.Rows;

namespace AgentHost.Postgres.Synthesis;

/// <summary>Draws ranges: a lower bound from the histogram of bounds and a length from that of lengths.</summary>
internal static class RangeDraw
{
    /// <summary>The lower bounds of ranges as texts; null for one that is empty or has none.</summary>
    public static string? Lower(string range)
    {
        if (range.Length < 3 || range[0] is not ('[' or '('))
            return null;
        var end = range.IndexOf(',', StringComparison.Ordinal);
        var lower = end < 0 ? "" : range[1..end].Trim('"');
        return lower.Length == 0 ? null : lower;
    }

    /// <summary>A column's values.</summary>
    /// <param name="column">The column.</param>
    /// <param name="line">The type of its bounds.</param>
    /// <param name="lowers">Numbers of the lower bounds.</param>
    public static Drawn? Draw(ColumnToDraw column, NumberLine line, decimal?[] lowers)
    {
        var figures = column.Figures;
        var bounds = lowers.OfType<decimal>().Order().ToList();
        if (bounds.Count < 2)
            return null;
        var lower = Through(column, [.. bounds.Select(bound => (double)bound)], Place.Of(column.Query, column.Name, figures.Rows, 0));
        // Lengths are in the units of the subtype's difference function: seconds, days or the numbers themselves.
        var factor = column.Type.Name is "tsrange" or "tstzrange" ? 1e6 : 1;
        var lengths = figures.Statistics.RangeLengths.Select(length => length * factor).Where(double.IsFinite).ToList();
        var length = lengths.Count == 0 ? "1::float8" : Through(column, lengths, Place.Chance(column.Query, column.Name + " length"));
        var from = column.Query.Let($"floor({lower})");
        var to = column.Query.Let($"{from} + greatest(1, round({length}))");
        string Bound(string number) => line.Write(line.IsWhole ? $"{number}::int8" : number);
        var range = $"{column.Type.Sql}({Bound(from)}, {Bound(to)})";
        if (figures.Statistics.EmptyRangeFraction is > 0 and var empty)
            range = $"(case when {Place.Chance(column.Query, column.Name + " empty")} < {empty} then 'empty'::{column.Type.Sql} else {range} end)";
        return new Drawn(range, null);
    }

    /// <summary>A number at a place between equally heavy bounds.</summary>
    private static string Through(ColumnToDraw column, List<double> bounds, string place)
    {
        var numbers = column.Query.Numbers([.. bounds]);
        if (bounds.Count == 1)
            return $"({numbers})[1]";
        var scaled = column.Query.Let($"{place} * {bounds.Count - 1}::float8");
        var piece = column.Query.Let($"least({bounds.Count - 1}, 1 + floor({scaled})::int)");
        return column.Query.Let($"({numbers})[{piece}] + ({scaled} - {piece} + 1) * (({numbers})[{piece} + 1] - ({numbers})[{piece}])");
    }
}
