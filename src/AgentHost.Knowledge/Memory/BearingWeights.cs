namespace AgentHost.Knowledge.Memory;

/// <summary>What counts how much for an entry bearing on a case: a logistic regression over <see cref="CaseFeatures"/>, fitted by half of the labelled cases (<c>bench/memory/run --fit</c>).</summary>
internal static class BearingWeights
{
    /// <summary>What an entry needs at least to be shown: showing nothing is better than showing what does not matter.</summary>
    public const double Least = 0.3;

    // Not fitted: few people tag by rule ids, but the tools' own proposals do.
    private const double Tagged = 4;

    private const double Bias = -5.47;

    private static readonly double[] Weights = [1.00, -0.76, 3.02, 1.41, 1.95, 1.29, 1.84, 0.80, 1.67, 1.35, 1.32];

    /// <summary>The logarithm of the odds that the entry bears on the case.</summary>
    public static double Score(CaseFeatures features)
    {
        var values = features.Values;
        var score = Bias + (features.IsTagged ? Tagged : 0);
        for (var i = 0; i < values.Length; i++) score += Weights[i] * values[i];
        return score;
    }
}
