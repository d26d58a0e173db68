using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace AgentHost.Postgres.Twins;

/// <summary>Makes for each of many values of one kind another one, in the same order.</summary>
internal static class SurrogateValues
{
    /// <summary>The surrogates by value; a value that does not read as one of its kind has none.</summary>
    /// <param name="kind">What the values are.</param>
    /// <param name="values">The values, each once.</param>
    /// <param name="key">Makes what is random the same for the same value.</param>
    public static Dictionary<string, string> Of(SurrogateKind kind, IReadOnlyCollection<string> values, byte[] key) => kind switch
    {
        SurrogateKind.Whole => Numbers(values, 0),
        SurrogateKind.Decimal => Numbers(values, Math.Min(15, values.Select(v => v.IndexOf('.', StringComparison.Ordinal) is var point and >= 0 ? v.Length - point - 1 : 0).DefaultIfEmpty().Max())),
        SurrogateKind.Day => Moments(values, TimeSpan.TicksPerDay, (ticks, _) => new DateTime(ticks, DateTimeKind.Utc).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
        SurrogateKind.Moment => Moments(values, TimeSpan.TicksPerMicrosecond,
            (ticks, zoned) => new DateTime(ticks, DateTimeKind.Utc).ToString("yyyy-MM-dd HH:mm:ss.ffffff" + (zoned ? "+00" : ""), CultureInfo.InvariantCulture)),
        SurrogateKind.Identifier => values.Where(v => Guid.TryParseExact(v, "D", out _)).ToDictionary(v => v, v => Identifier(v, key), StringComparer.Ordinal),
        SurrogateKind.Word => Words(values),
        _ => [],
    };

    private static Dictionary<string, string> Numbers(IEnumerable<string> values, int scale)
    {
        var step = 1m;
        for (var i = 0; i < scale; i++)
            step /= 10;
        var format = "F" + scale.ToString(CultureInfo.InvariantCulture);
        return Shifted(values.Select(v => (Text: v, Value: SurrogateKinds.Number(v))), step, (number, _) => number.ToString(format, CultureInfo.InvariantCulture));
    }

    private static Dictionary<string, string> Moments(IEnumerable<string> values, long step, Func<long, bool, string> write) =>
        Shifted(values.Select(v => (Text: v, Value: (decimal?)SurrogateKinds.Ticks(v))), step, (ticks, text) => write((long)ticks, text.Length > 10 && text[10..].AsSpan().IndexOfAny('+', '-') >= 0));

    /// <summary>Each moves by a hundredth of the way to its neighbour, by one step at least: a range still covers the same share.</summary>
    private static Dictionary<string, string> Shifted(IEnumerable<(string Text, decimal? Value)> values, decimal step, Func<decimal, string, string> write)
    {
        const decimal Part = 0.01m;
        var sorted = values.Where(v => v.Value is not null).OrderBy(v => v.Value).ToList();
        var surrogates = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = sorted.Count - 1; i >= 0; i--)
        {
            var value = sorted[i].Value!.Value;
            var next = sorted.FindIndex(i, v => v.Value > value); // one value may be written in two ways
            var gap = next > 0 ? sorted[next].Value!.Value - value : step;
            surrogates[sorted[i].Text] = write(value + Math.Max(step, Math.Floor(gap * Part / step) * step), sorted[i].Text);
        }

        return surrogates;
    }

    /// <summary>An identifier keeps its first half, by which it is ordered.</summary>
    private static string Identifier(string value, byte[] key)
    {
        const int Kept = 18; // of xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx
        return value[..Kept] + "-" + Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(value)).AsSpan(0, 8)).Insert(4, "-");
    }

    /// <summary>A word becomes its place in the order, spread over the whole alphabet as words are.</summary>
    private static Dictionary<string, string> Words(IReadOnlyCollection<string> values)
    {
        const int Letters = 26;
        var surrogates = new Dictionary<string, string>(StringComparer.Ordinal);
        var code = new char[(int)Math.Ceiling(Math.Log(Math.Max(2, values.Count), Letters)) + 1];
        foreach (var (value, place) in values.Order(StringComparer.Ordinal).Select((v, i) => (v, i)))
        {
            var rest = (long)((place + 0.5) / values.Count * Math.Pow(Letters, code.Length));
            for (var i = code.Length - 1; i >= 0; i--, rest /= Letters)
                code[i] = (char)('a' + rest % Letters);
            surrogates[value] = new string(code);
        }

        return surrogates;
    }
}
