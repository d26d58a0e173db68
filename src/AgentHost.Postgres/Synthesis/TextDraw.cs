using System.Collections.Immutable;
using System.Globalization;
using AgentHost.Postgres.Rows;

namespace AgentHost.Postgres.Synthesis;

/// <summary>Draws texts: the common ones and the histogram's bounds as they are, and others that begin and end like the bound before them.</summary>
internal static class TextDraw
{
    private const string Letters = "etaoinshrdlucmfw";

    private sealed record Stretch(string Low, string? High, double Mass);

    /// <summary>A column's values.</summary>
    public static Drawn? Draw(ColumnToDraw column)
    {
        var figures = column.Figures;
        var stretches = Stretches(column);
        var rest = figures.RestValues(isExact: true);
        var isProse = figures.Statistics.Histogram.Length < 2 && figures.RestMass > 0.001 && rest > 1;
        if (isProse)
            stretches.Add(new Stretch("", "", figures.RestMass)); // too wide for a histogram
        if (stretches.Count == 0)
            return null;
        var shares = Shares(column, stretches, figures, rest);
        var (place, exact) = column.Place(shares);
        if (!exact && !column.IsUnique)
            shares = Shares(column, stretches, figures, figures.RestValues(isExact: false));
        var found = Found.In(column.Query, shares, place);
        var full = $"({column.Query.Texts(stretches.Select(stretch => stretch.Low))}::text[])[{found.Piece}]";
        if (shares.TrueForAll(share => share.Values <= 1))
            return new Drawn($"{full}::{column.Storage}", found.Place);

        var starts = new double[shares.Count];
        for (var i = 1; i < starts.Length; i++)
            starts[i] = starts[i - 1] + shares[i - 1].Values;
        var number = column.Query.Let($"(({column.Query.Numbers(starts)})[{found.Piece}] + {found.Value})::int8");
        var between = isProse ? Prose(column, number) : Between(column, stretches, starts[^1] + shares[^1].Values, found.Piece, number);
        var isBound = isProse ? $"{found.Piece} < {stretches.Count}" : $"{found.Value} = 0";
        return new Drawn($"(case when {isBound} then {full} else {between} end)::{column.Storage}", found.Place);
    }

    /// <summary>Texts of a column's width, for one that has no statistics of values.</summary>
    public static string Prose(ColumnToDraw column, string number)
    {
        const int Texts = 100, MostLetters = 8000;
        var limit = column.Modifier > 4 && column.Type.Name is "varchar" or "bpchar" ? column.Modifier - 4 : int.MaxValue;
        var width = Math.Clamp(column.Figures.Statistics.Width - 10, 0, Math.Min(MostLetters, limit - 9));
        var texts = Enumerable.Range(0, Texts).Select(text => Words.Text(text, width));
        return $"left(to_hex({number} * 2654435761 & 4294967295) || ' ' || ({column.Query.Texts(texts)}::text[])[1 + ({number} % {Texts})::int], {Math.Min(limit, 1 << 20)})";
    }

    private static List<Share> Shares(ColumnToDraw column, List<Stretch> stretches, Figures figures, double rest)
    {
        var masses = stretches.ConvertAll(stretch => stretch.High is null && column.IsUnique ? 1e9 : stretch.Mass);
        if (column.IsUnique)
        {
            var whole = Pieces.Spread(masses, stretches.ConvertAll(stretch => stretch.High is null ? 1.0 : 1e15), figures.Rows, whole: true);
            for (var i = stretches.Count - 1; i >= 0; i--)
            {
                if (whole[i] < 1)
                    stretches.RemoveAt(i); // fewer rows than that are made
            }

            return [.. whole.Where(values => values >= 1).Select(values => new Share(values / figures.Rows, values))];
        }

        var inner = stretches.Where(stretch => stretch.High is not null).Sum(stretch => stretch.Mass);
        return stretches.ConvertAll(stretch => new Share(stretch.Mass, stretch.High is null ? 1 : Math.Max(1, Math.Round(rest * stretch.Mass / inner))));
    }

    private static List<Stretch> Stretches(ColumnToDraw column)
    {
        var figures = column.Figures;
        var points = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (var (value, mass) in figures.Common)
            points[value] = mass;
        var bounds = figures.Statistics.Histogram.Order(StringComparer.Ordinal).ToImmutableArray();
        if (column.IsUnique && bounds.Length > 1)
        {
            foreach (var value in column.Wanted)
                points.TryAdd(value, 1.0 / figures.Rows);
        }

        var stretches = new List<Stretch>();
        var left = new Queue<KeyValuePair<string, double>>(points);
        for (var i = 0; i + 1 < bounds.Length && figures.RestMass > 0; i++)
        {
            while (left.Count > 0 && string.CompareOrdinal(left.Peek().Key, bounds[i]) <= 0)
                Point();
            stretches.Add(new Stretch(bounds[i], bounds[i + 1], figures.RestMass / (bounds.Length - 1)));
        }

        if (bounds.Length > 1 && column.IsUnique)
            points.TryAdd(bounds[^1], 1.0 / figures.Rows);
        while (left.Count > 0)
            Point();
        // Of a unique column no value may stand in two pieces.
        return column.IsUnique ? [.. stretches.DistinctBy(stretch => stretch.Low)] : stretches;

        void Point()
        {
            var (value, mass) = left.Dequeue();
            stretches.Add(new Stretch(value, null, mass));
        }
    }

    private static string Between(ColumnToDraw column, List<Stretch> stretches, double values, string piece, string number)
    {
        var limit = column.Modifier > 4 && column.Type.Name is "varchar" or "bpchar" ? column.Modifier - 4 : int.MaxValue;
        var isDigits = true;
        var isHex = true;
        var isUpper = true;
        foreach (var stretch in stretches.Where(stretch => stretch.High is not null))
        {
            foreach (var letter in stretch.Low.AsSpan(Math.Min(stretch.Low.Length, Head(stretch))))
            {
                isDigits &= char.IsAsciiDigit(letter) || !char.IsLetterOrDigit(letter);
                isHex &= char.IsAsciiHexDigitLower(letter) || !char.IsLetterOrDigit(letter);
                isUpper &= !char.IsLower(letter);
            }
        }

        var radix = isDigits ? 10 : 16;
        var length = Math.Min(limit, Math.Max(1, (int)Math.Ceiling(Math.Log(values + 1, radix))));
        var range = (long)Math.Pow(radix, Math.Min(length, isDigits ? 9 : 7));
        var heads = new List<string>();
        var tails = new List<string>();
        foreach (var stretch in stretches)
        {
            var head = Math.Clamp(Head(stretch), 0, Math.Max(0, limit - length));
            heads.Add(stretch.Low[..head]);
            // What separates words stays: an address keeps its @.
            var run = head;
            while (run < stretch.Low.Length && run < head + length && char.IsLetterOrDigit(stretch.Low[run]))
                run++;
            var tail = Whole(stretch.Low[run..]);
            tails.Add(tail[..Math.Min(tail.Length, Math.Max(0, limit - head - length))]);
        }

        var step = isDigits ? 7368787 : 2654435761;
        var mixed = $"({number} % {range} * {step} % {range})";
        var middle = $"lpad({(isDigits ? $"{mixed}::text" : $"to_hex({mixed})")}, {length.ToString(CultureInfo.InvariantCulture)}, '0')";
        if (!isHex)
            middle = $"translate({middle}, '0123456789abcdef', '{(isUpper ? Letters.ToUpperInvariant() : Letters)}')";
        return $"({column.Query.Texts(heads)}::text[])[{piece}] || {middle} || ({column.Query.Texts(tails)}::text[])[{piece}]";
    }

    /// <summary>How many letters of a bound are kept, so that what begins so comes before the next bound.</summary>
    private static int Head(Stretch stretch)
    {
        var (low, high) = (stretch.Low, stretch.High ?? "");
        var common = 0;
        while (common < low.Length && common < high.Length && low[common] == high[common])
            common++;
        var head = Math.Min(low.Length, common + 1);
        return head > 0 && head < low.Length && char.IsHighSurrogate(low[head - 1]) ? head + 1 : head;
    }

    private static string Whole(string tail) => tail.Length > 0 && char.IsLowSurrogate(tail[0]) ? tail[1..] : tail;
}
