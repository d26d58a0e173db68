namespace AgentHost.Knowledge.Memory;

/// <summary>What counts how much in a search of the memory; set by <c>bench/memory/run --tune</c> on labelled questions (docs/benchmarks.md).</summary>
internal static class RecallWeights
{
    /// <summary>The weight of shared words, as a share of the most that the query could give.</summary>
    public const double Words = 1;

    /// <summary>The weight of the cosine of the meanings.</summary>
    public const double Meaning = 1;

    /// <summary>What an entry needs at least to be shown: below it questions that the memory cannot answer would be.</summary>
    public const double Least = 0.36;
}
