using System.Collections.Immutable;
using System.Globalization;
using AgentHost.Postgres.Rows;

namespace AgentHost.Postgres.Synthesis;

/// <summary>
/// Draws arrays and documents of text search from the shares of values that contain each common element: frequent elements are dealt out to a pool of
/// values, of which each row takes one, and rare ones are added by chance.
/// </summary>
internal static class ElementDraw
{
    private const int Pool = 256, MostDraws = 24;

    /// <summary>From this share on an element is dealt out to the pool.</summary>
    private const double Frequent = 0.04;

    /// <summary>A column's values; null where nothing is known of its elements, or whole values are known well enough.</summary>
    /// <param name="column">The column.</param>
    /// <param name="element">The type of the elements; null for a document.</param>
    public static Drawn? Draw(ColumnToDraw column, RowType? element)
    {
        var statistics = column.Figures.Statistics;
        var elements = statistics.CommonElements.Zip(statistics.CommonElementFrequencies, (value, share) => (Value: value, Share: (double)share)).ToImmutableArray();
        if (elements.IsEmpty || column.IsUnique || column.Figures.RestMass < 0.1)
            return null;

        var frequent = elements.Where(entry => entry.Share >= Frequent).OrderByDescending(entry => entry.Share).ToImmutableArray();
        var rare = elements.Where(entry => entry.Share < Frequent).OrderByDescending(entry => entry.Share).ThenBy(entry => entry.Value, StringComparer.Ordinal).ToImmutableArray();
        var average = statistics.ElementCounts.IsEmpty ? elements.Sum(entry => entry.Share) : statistics.ElementCounts[^1];
        // What is not common enough for the list occurs, too; there are many of those, each hardly ever.
        var unseen = Math.Max(0, average - elements.Sum(entry => entry.Share));
        var lengths = Lengths(statistics.ElementCounts);
        var dealt = Deal(frequent, lengths);
        var place = column.Query.Let($"1 + ({Place.Hash(column.Name)} & {Pool - 1})::int");
        var pooled = $"({(element is null ? column.Query.Values(dealt.Select(Document), "tsvector") : column.Query.Texts(dealt.Select(Array)) + "::text[]")})[{place}]";
        var pool = element is null ? pooled : $"({pooled})::{column.Storage}";
        var expected = rare.Sum(entry => entry.Share) + unseen;
        if (expected < 0.001)
            return new Drawn(pool, null);

        // How many rare ones each of the pool's values still needs to be as long as values are.
        var needs = dealt.Zip(lengths, (values, length) => (double)Math.Clamp(length - values.Count, 0, MostDraws)).ToArray();
        var isExact = needs.Average() is var needed && needed > 0.7 * expected && needed < 1.5 * expected;
        var draws = isExact ? (int)needs.Max() : Math.Clamp((int)Math.Ceiling(expected * 1.5) + 1, 2, MostDraws);
        var need = column.Query.Numbers(needs);
        var made = new List<string>();
        var starts = new double[rare.Length + 2];
        for (var i = 0; i < rare.Length; i++)
            starts[i + 1] = starts[i] + (rare[i].Share / (isExact ? expected : draws));
        starts[^1] = Math.Min(1, starts[^2] + (unseen / (isExact ? expected : draws)));
        var start = column.Query.Numbers(starts);
        var values = element is null ? column.Query.Texts(rare.Select(entry => entry.Value)) + "::text[]" : column.Query.Values(rare.Select(entry => entry.Value), element.Sql);
        var others = Math.Max(100, column.Figures.Statistics.Distinct > 0 ? column.Figures.Statistics.Distinct : column.Figures.Rows / 20.0);
        for (var draw = 0; draw < draws; draw++)
        {
            var chance = Place.Chance(column.Query, $"{column.Name} element {draw}");
            var piece = column.Query.Let($"width_bucket({chance}, {start})");
            // One of those behind the list: any number of them, told by where in its piece the chance lies.
            var other = Other(element, $"(({chance} - {starts[^2].ToString("R", CultureInfo.InvariantCulture)}) * {(others * draws / Math.Max(unseen, 1e-9)).ToString("R", CultureInfo.InvariantCulture)})::int8");
            var isNeeded = isExact ? $"({need})[{place}] <= {draw} then null when " : "";
            made.Add($"case when {isNeeded}{piece} <= {rare.Length} then ({values})[{piece}]" + (other is null || unseen < 0.001 ? " end" : $" when {piece} = {rare.Length + 1} then {other} end"));
        }

        var added = $"array_remove(array[{string.Join(", ", made)}], null)";
        return new Drawn(element is null ? $"{pool} || array_to_tsvector({added})" : $"({pool} || {added})::{column.Storage}", null);
    }

    private static string? Other(RowType? element, string number) => element?.Name switch
    {
        null => $"'w' || {number}",
        "text" or "varchar" => $"('e' || {number})::{element.Sql}",
        "int2" or "int4" or "int8" => $"(10000 + {number} % 20000)::{element.Sql}",
        "uuid" => $"md5({number}::text)::uuid",
        _ => null,
    };

    /// <summary>How many elements each of the pool's values has.</summary>
    private static int[] Lengths(ImmutableArray<float> counts) =>
        [.. Enumerable.Range(0, Pool).Select(place => counts.Length < 2 ? 0 : (int)counts[(int)((place + 0.5) / Pool * (counts.Length - 1))])];

    /// <summary>The pool's values, each element in as many as its share asks for, rather in those with room left.</summary>
    private static List<string>[] Deal(ImmutableArray<(string Value, double Share)> frequent, int[] lengths)
    {
        var pool = Enumerable.Range(0, Pool).Select(_ => new List<string>()).ToArray();
        foreach (var (value, share) in frequent)
        {
            var order = Enumerable.Range(0, Pool).OrderByDescending(place =>
            {
                var chance = ((ulong)Place.Seed($"{value} {place}") * 0x9E3779B97F4A7C15UL >> 40) / (double)(1 << 24);
                return Math.Pow(chance, 1 / Math.Max(0.02, lengths[place] - pool[place].Count));
            });
            foreach (var place in order.Take((int)Math.Round(share * Pool)))
                pool[place].Add(value);
        }

        return pool;
    }

    private static string Document(List<string> values) =>
        string.Join(' ', values.Select((value, position) => $"'{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}':{position + 1}"));

    private static string Array(List<string> values) =>
        "{" + string.Join(',', values.Select(value => '"' + value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + '"')) + "}";
}
