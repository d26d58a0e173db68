using System.Globalization;
using AgentHost.Postgres.Rows;

namespace AgentHost.Postgres.Synthesis;

/// <summary>Where a row stands in the order of a column's values, 0 to 1: how that goes with its physical place is the column's correlation.</summary>
internal static class Place
{
    /// <summary>Up to how many rows values are dealt out exactly, in a shuffled order; with more, chance is close enough.</summary>
    public const long ExactRows = 20_000;

    private const double Loose = 0.04, Tight = 0.995;

    /// <summary>A number from 0 (inclusive) to 1 (exclusive) that the row's number and a name decide.</summary>
    public static string Chance(RowQuery query, string name) => query.Let($"({Hash(name)} & 1125899906842623) * 8.8817841970012523e-16::float8");

    /// <summary>A number that the row's number and a name decide, an <c>int8</c> of any sign.</summary>
    public static string Hash(string name) => $"hashint8extended({TypeValues.Row}::int8, {Seed(name).ToString(CultureInfo.InvariantCulture)})";

    /// <summary>The places of a column's rows.</summary>
    /// <param name="query">Where to.</param>
    /// <param name="name">Names the column.</param>
    /// <param name="rows">How many rows there are.</param>
    /// <param name="correlation">-1 to 1, without what ties add (see <see cref="Untied"/>).</param>
    /// <param name="exactRows">Up to how many rows places are dealt out exactly.</param>
    public static string Of(RowQuery query, string name, long rows, double correlation, long exactRows = ExactRows)
    {
        var strength = Math.Abs(correlation);
        if (strength < Loose)
            return rows <= exactRows ? query.Let($"({query.Shuffled(Hash(name))} + 0.5) / {rows}") : Chance(query, name);
        var ordered = query.Let($"({TypeValues.Row} - 0.5::float8) / {rows}");
        if (strength < Tight && rows <= exactRows)
        {
            ordered = query.Let($"({query.Shuffled($"{TypeValues.Row} + {Text(Jitter(strength) * rows)} * {Chance(query, name)}")} + 0.5) / {rows}");
        }
        else if (strength < Tight)
        {
            // A uniform jitter around the row's own place; its distribution's closed form makes the result uniform again.
            var width = Jitter(strength);
            var (a, b) = (Math.Min(1, width), Math.Max(1, width));
            var sum = query.Let($"{ordered} + {Text(width)} * {Chance(query, name)}");
            ordered = query.Let(
                $"least(0.9999999999, case when {sum} < {Text(a)} then {sum} * {sum} / {Text(2 * a * b)} when {sum} <= {Text(b)} then ({sum} - {Text(a / 2)}) / {Text(b)} "
                + $"else 1 - ({Text(a + b)} - {sum}) * ({Text(a + b)} - {sum}) / {Text(2 * a * b)} end)");
        }

        return correlation < 0 ? query.Let($"0.9999999999 - {ordered}") : ordered;
    }

    /// <summary>The places of a column in which no value comes twice: each of <paramref name="rows"/> places once.</summary>
    public static string Unique(RowQuery query, string name, long rows, double correlation)
    {
        var strength = Math.Abs(correlation);
        var row = $"({TypeValues.Row} - 1)";
        string rank;
        if (strength >= Tight || rows < 3)
        {
            rank = row;
        }
        else if (rows <= ExactRows)
        {
            rank = query.Shuffled(strength < Loose ? Hash(name) : $"{TypeValues.Row} + {Text(Jitter(strength) * rows)} * {Chance(query, name)}");
        }
        else
        {
            // Places are exchanged within blocks: the larger these are, the less order is left.
            var block = Math.Clamp((long)(rows * (strength < Loose ? 1 : Math.Sqrt(1 - strength))), 2, rows);
            var step = Coprime((long)(block * 0.6180339887) + (long)((ulong)Seed(name) % (ulong)Math.Max(1, block / 7)), block);
            var whole = rows / block * block;
            var mixed = $"({row}::int8 / {block} * {block} + {row}::int8 % {block} * {step} % {block})";
            rank = whole == rows ? mixed : $"(case when {row} < {whole} then {mixed} else {row} end)";
        }

        return query.Let(correlation < 0 ? $"({rows} - 0.5::float8 - {rank}) / {rows}" : $"({rank} + 0.5::float8) / {rows}");
    }

    /// <summary>
    /// A correlation without what ties add to it. ANALYZE counts rows of equal value as ordered by their place, so that a column of few values has a high one by chance:
    /// the sum of the squares of its values' shares.
    /// </summary>
    public static double Untied(float? measured, IEnumerable<Share> shares)
    {
        if (measured is not { } correlation)
            return 0;
        var ties = shares.Sum(share => share.Mass * share.Mass / Math.Max(1, share.Values));
        return ties > 0.9 ? 0 : Math.Clamp((correlation - ties) / (1 - ties), -1, 1);
    }

    /// <summary>A number that a name decides, the same in every process.</summary>
    public static long Seed(string name)
    {
        var hash = 14695981039346656037UL;
        foreach (var letter in name)
            hash = (hash ^ letter) * 1099511628211UL;
        return (long)(hash >> 1);
    }

    /// <summary>How far, as a share of all rows, a row may lie from its place so that the correlation is so strong.</summary>
    private static double Jitter(double strength) => Math.Sqrt((1 / (strength * strength)) - 1);

    private static long Coprime(long wanted, long to)
    {
        for (var step = Math.Max(1, wanted); ; step++)
        {
            if (Gcd(step, to) == 1)
                return step;
        }
    }

    private static long Gcd(long a, long b) => b == 0 ? a : Gcd(b, a % b);

    private static string Text(double number) => $"{number.ToString("R", CultureInfo.InvariantCulture)}::float8";
}
