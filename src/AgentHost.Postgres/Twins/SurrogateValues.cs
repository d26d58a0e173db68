using System.Globalization;

namespace AgentHost.Postgres.Twins;

/// <summary>Makes for each of many values of one kind another one; of what has an order, in the same order.</summary>
/// <param name="key">What is random is drawn with it.</param>
/// <param name="known">What stays: it stands in the schema's own text.</param>
internal sealed class SurrogateValues(SurrogateKey key, SchemaConstants known)
{
    private const decimal Cent = 0.01m;

    /// <summary>The surrogates by value; a value that does not read as one of its kind has none.</summary>
    /// <param name="kind">What the values are.</param>
    /// <param name="values">The values, each once.</param>
    public Dictionary<string, string> Of(SurrogateKind kind, IReadOnlyCollection<string> values) => kind switch
    {
        SurrogateKind.Whole => Numbers(values, 0),
        SurrogateKind.Decimal => Numbers(values, Math.Min(15, values.Select(v => v.IndexOf('.', StringComparison.Ordinal) is var point and >= 0 ? v.Length - point - 1 : 0).DefaultIfEmpty().Max())),
        SurrogateKind.Day => Shifted(values, SurrogateKind.Day, TimeSpan.TicksPerDay, Moment),
        SurrogateKind.Moment => Shifted(values, SurrogateKind.Moment, TimeSpan.TicksPerMicrosecond, Moment),
        SurrogateKind.Identifier => Identifiers(values),
        SurrogateKind.Word => new TextSurrogate(key).Of(values),
        SurrogateKind.Lexeme => values.ToDictionary(v => v, new TextSurrogate(key).Lexeme, StringComparer.Ordinal),
        SurrogateKind.Document => values.Select(v => (Value: v, Other: new JsonSurrogate(key, known.Texts).Of(v))).Where(v => v.Other is not null).ToDictionary(v => v.Value, v => v.Other!, StringComparer.Ordinal),
        _ => [],
    };

    /// <summary>A number or a day that has not been replaced, moved as its neighbours were at least, lest it be taken for one of them; null for what is neither.</summary>
    public string? Beside(SurrogateKind kind, string value) => kind switch
    {
        SurrogateKind.Whole when SurrogateKinds.Number(value) is { } number => SchemaConstants.Moved(known.Numbers, number, Steps(kind), 1).ToString("G29", CultureInfo.InvariantCulture),
        SurrogateKind.Day when SurrogateKinds.Ticks(value) is { } ticks => Moment(SchemaConstants.Moved(known.Times, ticks, Steps(kind) * TimeSpan.TicksPerDay, TimeSpan.TicksPerDay), value),
        _ => null,
    };

    private Dictionary<string, string> Numbers(IReadOnlyCollection<string> values, int scale)
    {
        // A float has places enough to hide in; a price is moved by cents.
        var step = 1m;
        for (var i = 0; i < Math.Min(scale, 2); i++)
            step /= 10;
        var format = "F" + scale.ToString(CultureInfo.InvariantCulture);
        return Shifted(values, scale == 0 ? SurrogateKind.Whole : SurrogateKind.Decimal, step, (number, _) => number.ToString(format, CultureInfo.InvariantCulture));
    }

    private static string Moment(decimal ticks, string like)
    {
        var moment = new DateTime((long)ticks, DateTimeKind.Utc);
        if (like.Length <= 10)
            return moment.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return moment.ToString("yyyy-MM-dd HH:mm:ss.ffffff" + (like.AsSpan(10).IndexOfAny('+', '-') >= 0 ? "+00" : ""), CultureInfo.InvariantCulture);
    }

    /// <summary>The fewest steps by which a kind's values move, 1 to 3: where they lie close together, all move as far.</summary>
    private int Steps(SurrogateKind kind) => kind == SurrogateKind.Decimal || kind == SurrogateKind.Moment ? 1 : 1 + (int)(key.Share("steps", kind.ToString()) * 3);

    /// <summary>Each moves by about a hundredth of the way to its neighbour, how far is drawn, by some steps at least: a range still covers the same share.</summary>
    private Dictionary<string, string> Shifted(IEnumerable<string> values, SurrogateKind kind, decimal step, Func<decimal, string, string> write)
    {
        var sorted = values.Select(v => (Text: v, Value: kind is SurrogateKind.Day or SurrogateKind.Moment ? SurrogateKinds.Ticks(v) : SurrogateKinds.Number(v))).Where(v => v.Value is not null).OrderBy(v => v.Value).ToList();
        var (surrogates, least) = (new Dictionary<string, string>(StringComparer.Ordinal), Steps(kind) * step);
        var dividing = kind is SurrogateKind.Day or SurrogateKind.Moment ? known.Times : known.Numbers;
        decimal? next = null;
        for (var i = sorted.Count - 1; i >= 0; i--)
        {
            var value = sorted[i].Value!.Value;
            if (i + 1 < sorted.Count && sorted[i + 1].Value > value) // one value may be written in two ways
                next = sorted[i + 1].Value;
            var part = ((next ?? value) - value) * Cent * (decimal)(0.5 + key.Share("part", value.ToString("G29", CultureInfo.InvariantCulture)));
            surrogates[sorted[i].Text] = write(SchemaConstants.Moved(dividing, value, Math.Max(least, Math.Floor(part / step) * step), step), sorted[i].Text);
        }

        return surrogates;
    }

    /// <summary>An identifier's first half tells its place in the order, the other is drawn.</summary>
    private Dictionary<string, string> Identifiers(IEnumerable<string> values)
    {
        var sorted = values.Where(v => Guid.TryParseExact(v, "D", out _)).Order(StringComparer.Ordinal).ToList();
        var surrogates = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < sorted.Count; i++)
        {
            var digits = ((ulong)((i + 0.5) / sorted.Count * ulong.MaxValue)).ToString("x16", CultureInfo.InvariantCulture) + Convert.ToHexStringLower(key.Draw("identifier", sorted[i]).AsSpan(0, 8));
            surrogates[sorted[i]] = Guid.ParseExact(digits, "N").ToString();
        }

        return surrogates;
    }
}
