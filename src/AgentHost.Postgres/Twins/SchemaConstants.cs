using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace AgentHost.Postgres.Twins;

/// <summary>The constants in a schema's text: they are nobody's data.</summary>
/// <param name="Texts">All that stand between quotes.</param>
/// <param name="Numbers">Numbers in predicates of indexes and bounds of partitions, in order.</param>
/// <param name="Times">Times in these, in ticks, in order.</param>
internal sealed partial record SchemaConstants(FrozenSet<string> Texts, ImmutableArray<decimal> Numbers, ImmutableArray<decimal> Times)
{
    /// <summary>Those of a schema.</summary>
    public static SchemaConstants Of(string ddl)
    {
        var dividing = Dividing().Matches(ddl).SelectMany(m => Constants().Matches(m.Value)).Select(m => m.Groups["text"].Success ? m.Groups["text"].Value : m.Value).ToList();
        return new SchemaConstants(
            Strings().Matches(ddl).Select(m => m.Groups["text"].Value.Replace("''", "'", StringComparison.Ordinal)).Concat(["t", "f", ""]).ToFrozenSet(StringComparer.Ordinal),
            [.. dividing.Select(SurrogateKinds.Number).OfType<decimal>().Distinct().Order()], [.. dividing.Select(SurrogateKinds.Ticks).OfType<long>().Distinct().Order().Select(t => (decimal)t)]);
    }

    /// <summary>
    /// A value moved by some amount, but not across what divides the rows: a predicate's or a partition's constant stays, what lies between two that are near stays, and nothing passes one.
    /// </summary>
    /// <param name="dividing">What divides: <see cref="Numbers"/> or <see cref="Times"/>.</param>
    /// <param name="value">The value.</param>
    /// <param name="amount">By how much it is to move, upwards.</param>
    /// <param name="step">The least by which values of the kind differ.</param>
    public static decimal Moved(ImmutableArray<decimal> dividing, decimal value, decimal amount, decimal step)
    {
        const int Near = 20;
        var place = dividing.BinarySearch(value);
        if (place >= 0)
            return value;
        var next = ~place;
        if (next == dividing.Length)
            return value + amount;
        return next > 0 && dividing[next] - dividing[next - 1] < Near * step ? value : Math.Max(value, Math.Min(value + amount, dividing[next] - step));
    }

    [GeneratedRegex("'(?<text>(?:[^']|'')*)'", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Strings();

    /// <summary>From WHERE of an index or from the bounds of a partition to the statement's end.</summary>
    [GeneratedRegex(@"(?<=^CREATE (UNIQUE )?INDEX [^\n]*) WHERE [^\n]*|\bFOR VALUES [^\n]*", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.Multiline, 5000)]
    private static partial Regex Dividing();

    [GeneratedRegex(@"'(?<text>(?:[^']|'')*)'|(?<![\w.])-?\d+(\.\d+)?", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Constants();
}
