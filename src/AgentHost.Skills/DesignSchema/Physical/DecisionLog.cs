using System.Collections.Immutable;

namespace AgentHost.Skills.DesignSchema.Physical;

/// <summary>What was decided on the way, once each, in order.</summary>
internal sealed class DecisionLog
{
    private readonly List<DesignDecision> decisions = [];
    private readonly List<string> warnings = [];

    public ImmutableArray<DesignDecision> Decisions => [.. decisions];

    public ImmutableArray<string> Warnings => [.. warnings.Distinct(StringComparer.Ordinal)];

    public void Decide(string decision, string because, string document, string section) =>
        decisions.Add(new DesignDecision(decision, because, new Citation(document, section)));

    /// <summary>A choice that a decision of the project made.</summary>
    public void Follow(string decision, string because, string document, string section, string followed) =>
        decisions.Add(new DesignDecision(decision, because, new Citation(document, section)) { Followed = followed });

    public void Warn(string warning) => warnings.Add(warning);
}
