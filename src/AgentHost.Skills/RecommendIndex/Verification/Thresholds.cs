namespace AgentHost.Skills.RecommendIndex.Verification;

/// <summary>From when on a difference counts.</summary>
internal static class Thresholds
{
    /// <summary>
    /// An index that saves less of the workload's time is no index to maintain for ever, unless one of its statements depends on it. The time is that without any
    /// of the indexes, which is mostly that of the few slowest statements: a larger share of it would hide all others.
    /// </summary>
    public const double WorkloadShare = 0.0005;

    /// <summary>… or less than so many milliseconds of a statement on the average: where all are fast, a share of their time is nothing that anybody feels.</summary>
    public const double AverageMilliseconds = 0.01;

    /// <summary>A statement depends on an index that saves it so much of its time: less is hardly felt, and within what another version or machine changes.</summary>
    public const double QueryShare = 0.3;

    /// <summary>… where it has so much of all weight: an index for a statement that hardly ever runs is its owner's decision.</summary>
    public const double QueryWeight = 0.01;

    /// <summary>… and so many milliseconds: below, it is the round trip that a client feels.</summary>
    public const double QueryMilliseconds = 0.1;

    /// <summary>Times that differ by less may be equal: the shortest of several warm runs varies by some 5 % on an idle machine and more on a busy one.</summary>
    public const double Noise = 0.2;

    /// <summary>… or by so many milliseconds: two runs of a statement of a few pages differ by that.</summary>
    public const double NoiseMilliseconds = 0.05;

    /// <summary>A gain within this factor of what it has to be is judged by pages and rows instead of times, which are the same in each run.</summary>
    public const double Doubt = 2.5;

    /// <summary>Of two alternatives the one that is so many times as large must be clearly better, by <see cref="Doubt"/>: space, cache and WAL are not in the times.</summary>
    public const double MuchLarger = 10;

    /// <summary>What a page in memory costs beside a row, of which a plan's nodes process some ten thousand in a millisecond.</summary>
    public const double MillisecondsAPage = 0.002, MillisecondsARow = 0.0001;
}
