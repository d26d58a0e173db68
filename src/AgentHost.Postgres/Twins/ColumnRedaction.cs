using System.Collections.Immutable;
using System.Globalization;
using AgentHost.Postgres.Catalog;

namespace AgentHost.Postgres.Twins;

/// <summary>Replaces the values in a column's statistics by surrogates of the same order.</summary>
internal sealed class ColumnRedaction(ColumnStatistics column, IReadOnlySet<string> known, Func<string, string> hash)
{
    /// <summary>The statistics without the column's values.</summary>
    public ColumnStatistics Redact()
    {
        var elements = Surrogates(column.CommonElements, column.Type == "tsvector" ? "text" : column.Type.TrimStart('_'));
        var stripped = column with
        {
            // What elements have no surrogates of the same order has none of the same meaning: words of texts.
            CommonElements = elements is null ? [] : [.. column.CommonElements.Select(e => elements[e])],
            CommonElementFrequencies = elements is null ? [] : column.CommonElementFrequencies,
            CommonElementHashes = elements is null ? [] : [.. column.CommonElements.Select(hash)],
            RangeBounds = [],
        };
        return Surrogates([.. column.CommonValues.Concat(column.Histogram)], column.Type) is { } values
            ? stripped with { CommonValues = [.. column.CommonValues.Select(v => values[v])], CommonHashes = [.. column.CommonValues.Select(hash)], Histogram = [.. column.Histogram.Select(v => values[v])] }
            : stripped with { CommonValues = [], CommonFrequencies = [], Histogram = [] };
    }

    /// <summary>A surrogate for each value; null where the values are of a type that has none: documents, ranges, arrays, addresses would not read as theirs any more.</summary>
    private Dictionary<string, string>? Surrogates(ImmutableArray<string> values, string type)
    {
        var distinct = values.Distinct(StringComparer.Ordinal).ToList();
        if (distinct.TrueForAll(known.Contains))
            return distinct.ToDictionary(v => v, v => v, StringComparer.Ordinal);
        return type switch
        {
            "int2" or "int4" or "int8" or "numeric" or "float4" or "float8" => Numbers(distinct),
            "date" or "timestamp" or "timestamptz" => Moments(distinct),
            "uuid" => Identifiers(distinct),
            "text" or "varchar" or "bpchar" or "name" or "citext" => Words(distinct),
            _ => null,
        };
    }

    /// <summary>Numbers move by a hundredth of the way to their neighbour, whole ones by one where that is less: a range still covers the same share.</summary>
    private static Dictionary<string, string>? Numbers(List<string> values)
    {
        var parsed = values.Select(v => (Text: v, Ok: decimal.TryParse(v, NumberStyles.Float, CultureInfo.InvariantCulture, out var number), Number: number)).ToList();
        if (parsed.Exists(p => !p.Ok))
            return null;
        var scale = values.Max(v => v.Contains('.', StringComparison.Ordinal) ? v.Length - v.IndexOf('.', StringComparison.Ordinal) - 1 : 0);
        var step = scale == 0 ? 1m : 1m / (decimal)Math.Pow(10, Math.Min(scale, 15));
        return Shifted([.. parsed.OrderBy(p => p.Number).Select(p => (p.Text, p.Number))], step, number => number.ToString(scale == 0 ? "F0" : "F" + Math.Min(scale, 15).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture));
    }

    private static Dictionary<string, string>? Moments(List<string> values)
    {
        const string Day = "yyyy-MM-dd";
        var days = values.TrueForAll(v => v.Length == Day.Length);
        var parsed = values.Select(v => (Text: v, Ok: DateTimeOffset.TryParse(v, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var moment), Moment: moment)).ToList();
        if (parsed.Exists(p => !p.Ok || !p.Text.Contains('-', StringComparison.Ordinal)))
            return null;
        var zoned = values.Exists(v => v.Length > 10 && v[10..].AsSpan().IndexOfAny('+', '-') >= 0);
        var step = (decimal)(days ? TimeSpan.TicksPerDay : TimeSpan.TicksPerMicrosecond);
        return Shifted([.. parsed.OrderBy(p => p.Moment).Select(p => (p.Text, (decimal)p.Moment.UtcTicks))], step,
            ticks => new DateTime((long)ticks, DateTimeKind.Utc).ToString(days ? Day : "yyyy-MM-dd HH:mm:ss.ffffff" + (zoned ? "+00" : ""), CultureInfo.InvariantCulture));
    }

    private static Dictionary<string, string> Shifted(List<(string Text, decimal Value)> sorted, decimal step, Func<decimal, string> write)
    {
        const decimal Part = 0.01m;
        var surrogates = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < sorted.Count; i++)
        {
            var gap = i + 1 < sorted.Count ? sorted[i + 1].Value - sorted[i].Value : i > 0 ? sorted[i].Value - sorted[i - 1].Value : step;
            // Where neighbours touch, all move by one step together.
            surrogates[sorted[i].Text] = write(sorted[i].Value + Math.Max(step, Math.Floor(gap * Part / step) * step));
        }

        return surrogates;
    }

    /// <summary>Identifiers keep their first half, by which they are ordered.</summary>
    private Dictionary<string, string>? Identifiers(List<string> values)
    {
        const int Kept = 18; // of xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx
        return values.TrueForAll(v => Guid.TryParseExact(v, "D", out _))
            ? values.ToDictionary(v => v, v => v[..Kept] + "-" + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(hash(v))).AsSpan(0, 8)).Insert(4, "-"), StringComparer.Ordinal)
            : null;
    }

    /// <summary>Words become their place in the order.</summary>
    private static Dictionary<string, string> Words(List<string> values)
    {
        const int Letters = 26;
        var surrogates = new Dictionary<string, string>(StringComparer.Ordinal);
        var code = new char[(int)Math.Ceiling(Math.Log(Math.Max(2, values.Count), Letters)) + 1];
        foreach (var (value, place) in values.OrderBy(v => v, StringComparer.Ordinal).Select((v, i) => (v, i)))
        {
            // Spread over the whole alphabet, as words are.
            var rest = (long)((place + 0.5) / values.Count * Math.Pow(Letters, code.Length));
            for (var i = code.Length - 1; i >= 0; i--, rest /= Letters)
                code[i] = (char)('a' + rest % Letters);
            surrogates[value] = new string(code);
        }

        return surrogates;
    }
}
