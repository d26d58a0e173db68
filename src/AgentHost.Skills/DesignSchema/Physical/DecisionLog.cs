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

    public void Warn(string warning) => warnings.Add(warning);
}
