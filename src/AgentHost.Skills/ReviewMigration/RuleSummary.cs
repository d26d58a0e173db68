using System.Collections.Immutable;

namespace AgentHost.Skills.ReviewMigration;

/// <summary>A rule as a list names it; its page has the rest.</summary>
/// <param name="Id">The id, also the slug of its page.</param>
/// <param name="Title">What it finds.</param>
/// <param name="IsAdvice">Whether this is policy that a team may switch off, rather than a hazard.</param>
public sealed record RuleSummary(string Id, string Title, bool IsAdvice)
{
    /// <summary>All rules, hazards first, by id.</summary>
    public static ImmutableArray<RuleSummary> All =>
        [.. RuleCatalog.All.Select(rule => new RuleSummary(rule.Id, rule.Title, rule.IsAdvice)).OrderBy(rule => rule.IsAdvice).ThenBy(rule => rule.Id, StringComparer.Ordinal)];
}
