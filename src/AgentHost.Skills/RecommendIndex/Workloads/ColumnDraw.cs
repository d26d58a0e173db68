using System.Globalization;
using System.Text.Json;
using AgentHost.Postgres.Catalog;

namespace AgentHost.Skills.RecommendIndex.Workloads;

/// <summary>Values of a column as its statistics tell them: a common one, one between, a rare one. The same statistics give the same values.</summary>
internal static class ColumnDraw
{
    /// <summary>So many values are drawn.</summary>
    public const int Draws = 3;

    /// <summary>Where a range's bounds lie among the rows: a narrow window at the end, as of recent rows, a wider one, and a third of all.</summary>
    private static readonly (double Low, double High)[] Windows = [(0.98, 0.99), (0.80, 0.90), (0.30, 0.63)];

    /// <summary>A value to compare with, as its type writes it; null where the statistics tell none.</summary>
    public static string? Value(ColumnStatistics statistics, ParameterRole role, int draw, bool hasLower, bool hasUpper) => role switch
    {
        ParameterRole.Equal => Equal(statistics, draw),
        ParameterRole.Lower => Quantile(statistics, hasUpper ? Windows[draw].Low : Windows[draw].High switch { 0.99 => 0.99, 0.90 => 0.90, _ => 0.67 }),
        ParameterRole.Upper => Quantile(statistics, hasLower ? Windows[draw].High : Windows[draw].High switch { 0.99 => 0.01, 0.90 => 0.10, _ => 0.33 }),
        ParameterRole.Pattern => Equal(statistics, draw) is { } text ? Pattern(text, draw) : null,
        ParameterRole.AnyOf => Array([.. Enumerable.Range(0, Draws).Select(i => Equal(statistics, i)).OfType<string>().Distinct(StringComparer.Ordinal).Skip(draw == 0 ? 0 : draw - 1)]),
        ParameterRole.Element => Element(statistics, draw),
        ParameterRole.Contained => Element(statistics, draw) is { } element ? Array([element]) : Bound(statistics, draw) ?? Document(statistics, draw),
        ParameterRole.Search => Element(statistics, draw),
        _ => null,
    };

    private static string? Equal(ColumnStatistics statistics, int draw)
    {
        var (common, histogram) = (statistics.CommonValues, statistics.Histogram);
        if (common.IsEmpty)
            return Quantile(statistics, draw switch { 0 => 0.5, 1 => 0.25, _ => 0.75 });
        return draw switch
        {
            0 => common[0],
            1 => common[common.Length / 2],
            // What is not among the common values is rarer than all of them.
            _ => histogram.IsEmpty ? common[^1] : histogram[histogram.Length / 3],
        };
    }

    private static string? Quantile(ColumnStatistics statistics, double at)
    {
        if (!statistics.Histogram.IsEmpty)
            return statistics.Histogram[Math.Clamp((int)Math.Round(at * (statistics.Histogram.Length - 1)), 0, statistics.Histogram.Length - 1)];
        if (statistics.CommonValues.IsEmpty)
            return null;
        var numbers = statistics.CommonValues.Select(v => (Value: v, Number: double.TryParse(v, NumberStyles.Float, CultureInfo.InvariantCulture, out var n) ? n : double.NaN)).ToList();
        var ordered = numbers.TrueForAll(n => !double.IsNaN(n.Number)) ? numbers.OrderBy(n => n.Number).ToList() : numbers.OrderBy(n => n.Value, StringComparer.Ordinal).ToList();
        return ordered[Math.Clamp((int)Math.Round(at * (ordered.Count - 1)), 0, ordered.Count - 1)].Value;
    }

    // A beginning, something in the middle, a longer beginning: nobody knows where the wildcards are.
    private static string Pattern(string text, int draw)
    {
        string Escaped(int start, int length) => string.Concat(text.Skip(start).Take(length).Select(c => c is '%' or '_' or '\\' ? $"\\{c}" : c.ToString()));
        return draw switch { 0 => Escaped(0, 4) + "%", 1 => $"%{Escaped(text.Length > 5 ? 1 : 0, 4)}%", _ => Escaped(0, 8) + "%" };
    }

    private static string? Element(ColumnStatistics statistics, int draw)
    {
        var (elements, shares) = (statistics.CommonElements, statistics.CommonElementFrequencies);
        if (elements.IsEmpty)
            return null;
        // They are kept in their own order: the most frequent first.
        var ranked = elements.Select((e, i) => (Element: e, Share: i < shares.Length ? shares[i] : 0)).OrderByDescending(e => e.Share).ThenBy(e => e.Element, StringComparer.Ordinal).ToList();
        return ranked[draw switch { 0 => 0, 1 => ranked.Count / 2, _ => ranked.Count - 1 }].Element;
    }

    private static string? Bound(ColumnStatistics statistics, int draw) =>
        statistics.RangeBounds.IsEmpty ? null : statistics.RangeBounds[draw switch { 0 => statistics.RangeBounds.Length - 2 > 0 ? statistics.RangeBounds.Length - 2 : 0, 1 => statistics.RangeBounds.Length / 2, _ => statistics.RangeBounds.Length / 4 }];

    /// <summary>A document of one key that a known document has.</summary>
    private static string? Document(ColumnStatistics statistics, int draw)
    {
        if (Equal(statistics, draw) is not { } known || !known.StartsWith('{'))
            return null;
        try
        {
            using var document = JsonDocument.Parse(known);
            var keys = document.RootElement.EnumerateObject().ToList();
            return keys.Count == 0 ? null : $"{{{JsonSerializer.Serialize(keys[draw % keys.Count].Name)}: {keys[draw % keys.Count].Value.GetRawText()}}}";
        }
        catch (JsonException)
        {
            return null; // an array's text looks alike
        }
    }

    private static string Array(IReadOnlyList<string> values) =>
        $"{{{string.Join(",", values.Select(v => $"\"{v.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\""))}}}";
}
