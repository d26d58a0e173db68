using AgentHost.Postgres.Rows;

namespace AgentHost.Postgres.Synthesis;

/// <summary>Draws numbers, and whatever is a number of something: between two bounds of the histogram any value may come.</summary>
internal static class NumberDraw
{
    private readonly record struct Stretch(decimal Low, decimal High, double Mass, bool IsPoint);

    /// <summary>A column's values.</summary>
    /// <param name="column">The column.</param>
    /// <param name="line">Its type.</param>
    /// <param name="common">Numbers of the common values.</param>
    /// <param name="bounds">Numbers of the histogram's bounds.</param>
    /// <param name="wanted">Numbers that must come, each once, where no value comes twice.</param>
    public static Drawn? Draw(ColumnToDraw column, NumberLine line, decimal?[] common, decimal?[] bounds, IEnumerable<decimal?> wanted)
    {
        var (query, figures, isUnique) = (column.Query, column.Figures, column.IsUnique);
        var unit = line is { IsWhole: true, HasUnit: true } ? Unit(common.Concat(bounds)) : 1;
        var points = isUnique ? new SortedDictionary<decimal, double>() : [];
        foreach (var (number, entry) in common.Zip(figures.Common))
        {
            if (number is { } known)
                points[known / unit] = points.GetValueOrDefault(known / unit) + entry.Mass;
        }

        if (isUnique && bounds.Length > 1)
        {
            foreach (var number in wanted.OfType<decimal>().Where(number => number % unit == 0))
                points.TryAdd(number / unit, 1.0 / figures.Rows);
        }

        var stretches = Stretches([.. bounds.OfType<decimal>().Select(bound => bound / unit).Order()], points, figures.RestMass, line.IsWhole);
        if (stretches.Count == 0)
            return null;
        if (isUnique)
            return Unique(column, line, stretches, unit);

        var rooms = stretches.ConvertAll(stretch => stretch.IsPoint ? 1.0 : line.IsWhole ? (double)(stretch.High - stretch.Low) : 1e15);
        var shares = Shares(stretches, rooms, figures, isExact: true);
        var (sql, exact) = column.Place(shares);
        return Emit(query, line, stretches, exact ? shares : Shares(stretches, rooms, figures, isExact: false), sql, unit);
    }

    private static List<Share> Shares(List<Stretch> stretches, List<double> rooms, Figures figures, bool isExact)
    {
        var inner = Enumerable.Range(0, stretches.Count).Where(i => !stretches[i].IsPoint).ToList();
        var values = figures.RestValues(isExact);
        // Where nearly every number in between is there, all are.
        if (inner.Sum(i => rooms[i]) <= 1.3 * values)
            values = inner.Sum(i => rooms[i]);
        var spread = Pieces.Spread([.. inner.Select(i => stretches[i].Mass)], [.. inner.Select(i => rooms[i])], values, whole: false);
        var result = stretches.ConvertAll(stretch => new Share(stretch.Mass, 1));
        for (var i = 0; i < inner.Count; i++)
            result[inner[i]] = new Share(stretches[inner[i]].Mass, Math.Max(1, Math.Round(spread[i])));
        return result;
    }

    private static Drawn Unique(ColumnToDraw column, NumberLine line, List<Stretch> stretches, decimal unit)
    {
        var figures = column.Figures;
        // Every row needs a value of its own, also those that came after the statistics.
        double Room(Stretch stretch) => line.IsWhole ? (double)(stretch.High - stretch.Low) : 1e15;
        var missing = figures.Rows - stretches.Sum(Room);
        if (missing > 0)
            stretches[^1] = stretches[^1] with { High = stretches[^1].High + (decimal)missing, IsPoint = false };
        var values = Pieces.Spread(stretches.ConvertAll(stretch => stretch.IsPoint ? 1e9 : stretch.Mass), stretches.ConvertAll(Room), figures.Rows, whole: true);
        var kept = new List<Stretch>();
        var shares = new List<Share>();
        for (var i = 0; i < stretches.Count; i++)
        {
            if (values[i] < 1)
                continue;
            var isDense = line.IsWhole && values[i] >= Room(stretches[i]);
            if (isDense && kept.Count > 0 && kept[^1].High == stretches[i].Low && shares[^1].Values >= Room(kept[^1]))
            {
                kept[^1] = kept[^1] with { High = stretches[i].High };
                shares[^1] = new Share(shares[^1].Mass + (values[i] / figures.Rows), shares[^1].Values + values[i]);
                continue;
            }

            kept.Add(stretches[i] with { IsPoint = false });
            shares.Add(new Share(values[i] / figures.Rows, values[i]));
        }

        return Emit(column.Query, line, kept, shares, column.Place(shares).Sql, unit);
    }

    private static Drawn Emit(RowQuery query, NumberLine line, List<Stretch> stretches, List<Share> shares, string place, decimal unit)
    {
        var found = Found.In(query, shares, place);
        string number;
        if (line.IsWhole)
        {
            var lows = stretches.ConvertAll(stretch => (long)Math.Floor(stretch.Low));
            var steps = stretches.Zip(shares, (stretch, share) => (double)(stretch.High - stretch.Low) / share.Values).ToList();
            var (low, step) = lows.Count == 1
                ? (lows[0].ToString(System.Globalization.CultureInfo.InvariantCulture), steps[0].ToString("R", System.Globalization.CultureInfo.InvariantCulture) + "::float8")
                : ($"({query.Numbers([.. lows])})[{found.Piece}]", $"({query.Numbers([.. steps])})[{found.Piece}]");
            number = steps.TrueForAll(each => each <= 1) && shares.TrueForAll(share => share.Values <= 1) ? low
                : steps.TrueForAll(each => each == 1) ? $"({low} + ({found.Value})::int8)"
                : $"({low} + floor({found.Value} * {step} + 1e-9)::int8)";
            if (unit != 1)
                number = $"({number} * {unit.ToString("0", System.Globalization.CultureInfo.InvariantCulture)}::int8)";
        }
        else
        {
            var low = query.Numbers(stretches.Select(stretch => (double)stretch.Low).ToArray());
            var step = query.Numbers(stretches.Zip(shares, (stretch, share) => stretch.IsPoint ? 0 : (double)(stretch.High - stretch.Low) / share.Values).ToArray());
            number = $"(({low})[{found.Piece}] + {found.Value} * ({step})[{found.Piece}])";
        }

        return new Drawn(line.Write(number), found.Place);
    }

    /// <summary>Points and the room between the histogram's bounds, in order.</summary>
    private static List<Stretch> Stretches(List<decimal> bounds, SortedDictionary<decimal, double> points, double rest, bool isWhole)
    {
        var stretches = new List<Stretch>();
        var left = new Queue<KeyValuePair<decimal, double>>(points);
        decimal step = isWhole ? 1 : 0;
        void Point()
        {
            var (number, mass) = left.Dequeue();
            stretches.Add(new Stretch(number, number + step, mass, true));
        }

        for (var i = 0; i + 1 < bounds.Count && rest > 0; i++)
        {
            while (left.Count > 0 && left.Peek().Key < bounds[i])
                Point();
            var (from, to) = (bounds[i], i + 2 == bounds.Count ? bounds[i + 1] + step : bounds[i + 1]);
            var mass = rest / (bounds.Count - 1);
            if (from >= to)
            {
                stretches.Add(new Stretch(from, from + step, mass, true));
                continue;
            }

            var first = stretches.Count;
            while (left.Count > 0 && left.Peek().Key < to)
            {
                if (left.Peek().Key > from)
                    stretches.Add(new Stretch(from, left.Peek().Key, 0, false));
                from = left.Peek().Key + step;
                Point();
            }

            if (from < to)
                stretches.Add(new Stretch(from, to, 0, false));
            var room = stretches.Skip(first).Where(stretch => !stretch.IsPoint).Sum(stretch => stretch.High - stretch.Low);
            for (var j = first; j < stretches.Count; j++)
            {
                if (!stretches[j].IsPoint)
                    stretches[j] = stretches[j] with { Mass = mass * (double)((stretches[j].High - stretches[j].Low) / room) };
            }
        }

        while (left.Count > 0)
            Point();
        return stretches;
    }

    /// <summary>The largest number of which all are multiples, where that is told by enough of them.</summary>
    private static decimal Unit(IEnumerable<decimal?> numbers)
    {
        const int Enough = 12;
        var (unit, count) = (0m, 0);
        foreach (var number in numbers)
        {
            if (number is not { } known)
                continue;
            count++;
            var (a, b) = (Math.Abs(known), unit);
            while (b != 0)
                (a, b) = (b, a % b);
            unit = a;
            if (unit == 1)
                return 1;
        }

        return count < Enough || unit == 0 ? 1 : unit;
    }
}
