using System.Collections.Immutable;
using AgentHost.Knowledge.Memory;

namespace AgentHost.Skills.RecommendIndex;

/// <summary>The decisions that the recommendations call for.</summary>
internal static class IndexProposals
{
    /// <summary>Issues of one table that are looked through for those that an index settles.</summary>
    private const int MostIssues = 20;

    private const string Tag = "recommend-index";

    /// <summary>The decision to create an index, one a recommendation.</summary>
    public static Candidate Of(IndexCandidate index, IndexRecommendation recommendation, Rejection? rejection, MemoryJournal? memory)
    {
        var name = Rejection.Name(index);
        var part = index.Predicate is { } predicate ? $", partial by {string.Join(", ", predicate.Columns)}" : "";
        var text = $"Serves {string.Join(", ", recommendation.Queries.Take(3))}{(recommendation.Queries.Length > 3 ? $" and {recommendation.Queries.Length - 3} more" : "")}: "
            + $"planner cost {Reasons.Figure(recommendation.CostBefore)} → {Reasons.Figure(recommendation.CostAfter)} ({Reasons.Percent(recommendation.CostBefore, recommendation.CostAfter)}), "
            + $"about {recommendation.SizeBytes / 1048576.0:0.#} MB on {index.Table.Rows:N0} rows.\nPriced by the target's planner, not measured. CREATE INDEX CONCURRENTLY, outside of a transaction."
            // To overrule the team is not for a tool: the memory refuses it until somebody says so.
            + (rejection is null ? "" : $"\n{rejection.Decision.Id} rejected it; since then: {recommendation.Changed} Whoever decides it anew passes supersedes: [{rejection.Decision.Id}].");
        ImmutableArray<string> words = [.. index.Keys.SelectMany(key => key.Facts.Columns)];
        var issues = memory?.Concerning([index.Table.Name.ToString()], ["explain-plan", .. words], MostIssues).Where(entry => entry.Kind == MemoryKind.Issue && entry.Scopes.Length > 0
            && (entry.Title + entry.Text).Contains(words[0], StringComparison.OrdinalIgnoreCase)).Select(entry => entry.Id).ToList();
        return new Candidate(
            new ProposedEntry("decision", $"Index {name}{part}", text)
            {
                Tags = [Tag],
                Scope = [index.Table.Name.ToString()],
                // An expression's own commas and signs do not fit into a choice.
                Chooses = index.Keys.Any(key => key.Facts.IsExpression) ? null : [$"index {rejection?.Written ?? name} = created"],
                Because = issues is { Count: > 0 } ? issues : null,
            },
            ["index", .. words]);
    }
}
