using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.RecommendIndex.Rewrites;

/// <summary>Writes a rewrite in one to three lines.</summary>
internal static class RewriteText
{
    /// <summary>Longer queries are in the JSON alone.</summary>
    private const int MaxSql = 250;

    private static string Name(string create) => SqlParser.Parse(create).Statements is [CreateIndex { Name: { } name }] ? name : create;

    public static string Render(QueryRewrite rewrite)
    {
        // Lines are joined, which a comment to a line's end would not outlive.
        var sql = rewrite.Sql is { Length: <= MaxSql } text && !text.Contains("--", StringComparison.Ordinal) ? $" {(rewrite.IsExact ? "Same rows" : "To start from")}: {string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))}"
            : rewrite.Sql is null ? "" : " The query is in the JSON.";
        var gain = rewrite is { CostBefore: { } before, CostAfter: { } after }
            ? $" Planner cost {Reasons.Figure(before)} → {Reasons.Figure(after)}{(rewrite.Index is { } index ? $" with {index}" : "")}{(rewrite.Index is null ? "." : "")}{(rewrite.InsteadOf is [var needless, ..] ? $" Then {Name(needless)} is not needed." : "")}" : "";
        return $"{rewrite.Query}: {rewrite.What} {rewrite.Why}{gain}{sql}";
    }
}
