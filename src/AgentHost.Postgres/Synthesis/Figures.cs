using System.Collections.Immutable;
using AgentHost.Postgres.Catalog;

namespace AgentHost.Postgres.Synthesis;

/// <summary>A column's statistics as shares of the rows that are not null, for a table that has so many rows.</summary>
/// <param name="Statistics">What ANALYZE knows.</param>
/// <param name="Rows">The rows to make.</param>
internal sealed record Figures(ColumnStatistics Statistics, long Rows)
{
    /// <summary>Rows that are not null.</summary>
    public double Given => Math.Max(1, Rows * (1 - Statistics.NullFraction));

    /// <summary>The common values with their shares of what is not null.</summary>
    public ImmutableArray<(string Value, double Mass)> Common =>
        [.. Statistics.CommonValues.Zip(Statistics.CommonFrequencies, (value, frequency) => (value, frequency / Math.Max(1e-9, 1 - Statistics.NullFraction)))];

    /// <summary>The share of what is not common.</summary>
    public double RestMass => Math.Max(0, 1 - Common.Sum(common => common.Mass));

    /// <summary>How many different values there are in all.</summary>
    public double Distinct => Math.Clamp(Statistics.Distinct < 0 ? -Statistics.Distinct * Rows : Statistics.Distinct == 0 ? Given / 10 : Statistics.Distinct, 1, Given);

    /// <summary>Whether each value comes once.</summary>
    public bool IsDistinct => Statistics.Distinct <= -0.999f * (1 - Statistics.NullFraction) && Common.IsEmpty;

    /// <summary>
    /// How many values what is not common has to be drawn from so that the different ones drawn are as many as the statistics say: where each is drawn
    /// a few times only, chance leaves some out.
    /// </summary>
    /// <param name="isExact">Whether values are dealt out in turn instead of by chance.</param>
    public double RestValues(bool isExact)
    {
        var draws = Math.Max(1, Given * RestMass);
        var wanted = Math.Clamp(Distinct - Common.Length, 1, draws);
        if (isExact || wanted < draws / 12)
            return wanted;
        if (wanted > 0.995 * draws)
            return draws * 100;
        // wanted = pool (1 - exp(-draws / pool)): the left side grows with the pool.
        var (low, high) = (wanted, draws * 100);
        for (var step = 0; step < 60; step++)
        {
            var pool = Math.Sqrt(low * high);
            if (pool * (1 - Math.Exp(-draws / pool)) < wanted)
                low = pool;
            else
                high = pool;
        }

        return high;
    }
}
