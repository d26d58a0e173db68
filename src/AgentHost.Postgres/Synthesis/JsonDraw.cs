using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace AgentHost.Postgres.Synthesis;

/// <summary>
/// Draws JSON documents: those of the statistics as a whole, so that what stands together stays together. Where there are more different ones, members that
/// nearly every document has a value of its own for get others like them.
/// </summary>
internal static class JsonDraw
{
    private const int MostVaried = 6, FewestSamples = 8;

    /// <summary>A column's values; null where the statistics name no document.</summary>
    public static Drawn? Draw(ColumnToDraw column)
    {
        var figures = column.Figures;
        var bounds = figures.Statistics.Histogram.Distinct(StringComparer.Ordinal).ToImmutableArray();
        if (bounds.IsEmpty && figures.Common.IsEmpty)
            return null;
        var points = figures.Common.Select(common => (common.Value, common.Mass)).ToList();
        var isMore = !bounds.IsEmpty && figures.RestMass > 0.001;
        if (isMore)
            points.AddRange(bounds.Select(bound => (bound, figures.RestMass / bounds.Length)));
        var shares = points.ConvertAll(point => new Share(point.Mass, 1));
        var found = Found.In(column.Query, shares, column.Place(shares).Sql);
        var type = column.Type.Name == "json" ? "json" : "jsonb";
        var document = $"({column.Query.Values(points.Select(point => point.Value), type)})[{found.Piece}]";
        var varied = isMore && type == "jsonb" && figures.Distinct > 1.5 * points.Count ? Vary(column, document, bounds) : document;
        if (varied == document)
            return new Drawn(document, found.Place);
        return new Drawn(figures.Common.IsEmpty ? varied : $"(case when {found.Piece} > {figures.Common.Length.ToString(CultureInfo.InvariantCulture)} then {varied} else {document} end)", null);
    }

    private static string Vary(ColumnToDraw column, string document, ImmutableArray<string> samples)
    {
        var leaves = new SortedDictionary<string, List<JsonElement>>(StringComparer.Ordinal);
        try
        {
            foreach (var sample in samples)
            {
                using var parsed = JsonDocument.Parse(sample);
                Collect(parsed.RootElement.Clone(), [], leaves);
            }
        }
        catch (JsonException)
        {
            return document; // a number or a depth that only PostgreSQL reads
        }

        var varied = 0;
        foreach (var (path, values) in leaves)
        {
            var different = values.Select(value => value.GetRawText()).Distinct(StringComparer.Ordinal).Count();
            if (values.Count < FewestSamples || different < 0.7 * values.Count || varied >= MostVaried || Value(column, path, values) is not { } value)
                continue;
            varied++;
            document = $"jsonb_set({document}, {column.Query.Texts(path.Split('\u0001'))}::text[], to_jsonb({value}), false)";
        }

        return document;
    }

    private static void Collect(JsonElement element, ImmutableArray<string> path, SortedDictionary<string, List<JsonElement>> leaves)
    {
        const int Deepest = 3;
        if (element.ValueKind == JsonValueKind.Object && path.Length < Deepest)
        {
            foreach (var member in element.EnumerateObject())
                Collect(member.Value, path.Add(member.Name), leaves);
        }
        else if (path.Length > 0 && element.ValueKind is JsonValueKind.Number or JsonValueKind.String)
        {
            var key = string.Join('\u0001', path);
            if (!leaves.TryGetValue(key, out var values))
                leaves.Add(key, values = []);
            values.Add(element);
        }
    }

    /// <summary>Other values like a member's: numbers between its own, texts of its own with another end.</summary>
    private static string? Value(ColumnToDraw column, string path, List<JsonElement> values)
    {
        var chance = Place.Chance(column.Query, $"{column.Name} {path}");
        if (values.TrueForAll(value => value.ValueKind == JsonValueKind.Number))
        {
            var numbers = values.Select(value => value.GetDouble()).Order().ToArray();
            var scaled = column.Query.Let($"{chance} * {numbers.Length - 1}::float8");
            var piece = column.Query.Let($"1 + floor({scaled})::int");
            var all = column.Query.Numbers(numbers);
            var number = $"(({all})[{piece}] + ({scaled} - {piece} + 1) * (({all})[{piece} + 1] - ({all})[{piece}]))";
            if (Array.TrueForAll(numbers, each => each == Math.Floor(each) && Math.Abs(each) < 1e15))
                return $"{number}::int8";
            var decimals = values.Max(value => value.GetRawText() is var text && text.IndexOf('.', StringComparison.Ordinal) is var point and >= 0 ? text.Length - point - 1 : 0);
            return $"round({number}::numeric, {Math.Min(decimals, 8)})";
        }

        if (!values.TrueForAll(value => value.ValueKind == JsonValueKind.String))
            return null;
        const int Changed = 6;
        var texts = column.Query.Texts(values.Select(value => value.GetString()!).Select(text => text[..Math.Max(0, text.Length - Changed)]));
        return $"({texts}::text[])[1 + floor({chance} * {values.Count})::int] || right(to_hex({Place.Hash($"{column.Name} {path} end")} & 2147483647), {Changed})";
    }
}
