namespace AgentHost.Skills.ExplainPlan.Reading;

/// <summary>How much is read.</summary>
internal static class PasteLimits
{
    /// <summary>64 million characters: a plan of the most nodes has some 50 million in the most verbose format.</summary>
    public const int MaxCharacters = 64 * 1024 * 1024;
}
