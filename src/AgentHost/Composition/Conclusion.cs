using AgentHost.Knowledge.Trail;
using AgentHost.Skills.DesignSchema;
using AgentHost.Skills.ExplainPlan;
using AgentHost.Skills.RecommendIndex;
using AgentHost.Skills.ReviewMigration;
using AgentHost.Skills;

namespace AgentHost.Composition;

/// <summary>What a call concluded, for the session trail: names, counts and verdicts, no statement and no value of one.</summary>
/// <param name="Subject">What it was about: file names, tables, counts.</param>
/// <param name="Verdict">What came out.</param>
internal sealed record Conclusion(string Subject, string Verdict)
{
    private const int MostNames = 4;

    /// <summary>The statements, for workspaces whose configuration wants them kept.</summary>
    public string? Sql { get; init; }

    /// <summary>The plan that was explained, to know it again.</summary>
    public TrailPlan? Plan { get; init; }

    /// <summary>What a review concluded.</summary>
    public static Conclusion Of(ReviewResult result)
    {
        var findings = result.Files.SelectMany(file => file.Findings).ToList();
        var counted = findings.Where(finding => finding.WaivedBy is null).ToList();
        var verdict = result.Files.IsEmpty ? Skills.ReviewMigration.Verdict.Safe : result.Files.Max(file => file.Verdict);
        var parts = new[]
        {
            Count(counted.Count(finding => finding.Severity == Severity.Error), "error"),
            Count(counted.Count(finding => finding.Severity == Severity.Warning), "warning"),
            findings.Count > counted.Count ? $"{findings.Count - counted.Count} waived" : "",
        };
        var rules = counted.Where(finding => finding.Severity > Severity.Info).OrderByDescending(finding => finding.Severity).Select(finding => finding.Rule);
        return new(
            Joined(Names(result.Files.Select(file => file.Path)), Names(findings.Select(finding => finding.Relation?.ToString()))),
            $"{verdict.ToString().ToLowerInvariant()}{Detail(string.Join(", ", parts.Where(part => part.Length > 0)), Names(rules))}");
    }

    /// <summary>What a plan's explanation concluded.</summary>
    /// <param name="result">The explanation.</param>
    /// <param name="source">The plan's file or the target; null where the plan was given as text.</param>
    public static Conclusion Of(ExplainResult result, string? source)
    {
        var verdict = result.Summary.Verdict switch { PlanVerdict.Healthy => "healthy", PlanVerdict.Problems => "problems", PlanVerdict.Incomplete => "cut off", _ => "estimates only" };
        return new(
            Joined(source ?? "plan", Names(result.Plan.Nodes.Select(node => node.Relation is null ? null : node.Schema is null ? node.Relation : $"{node.Schema}.{node.Relation}"))),
            $"{verdict}{Detail(result.Summary.ExecutionMs is { } ms ? FormattableString.Invariant($"{ms:0.#} ms") : "", Names(result.Problems.Select(problem => problem.Id)))}")
        {
            Plan = new TrailPlan(result.Identity.Query, result.Identity.Shape, result.Identity.Outline, result.Summary.ExecutionMs, result.Summary.Cost),
        };
    }

    /// <summary>What an index recommendation concluded.</summary>
    /// <param name="result">The recommendation.</param>
    /// <param name="target">The database.</param>
    public static Conclusion Of(IndexResult result, string target)
    {
        var wanted = result.Recommendations.Select(index => FormattableString.Invariant($"{index.Table} (cost {index.CostBefore:0} → {index.CostAfter:0})"));
        var verdict = result.Recommendations.IsEmpty ? "no index wanted" : $"{Count(result.Recommendations.Length, "index", "indexes")}: {Names(wanted)}";
        return new($"{target}, {(result.Workload.Queries == 1 ? "1 query" : $"{result.Workload.Queries} queries")}", Joined(verdict, result.Drops.All(drop => drop.IsQuestion) ? "" : $"to drop: {Names(result.Drops.Where(drop => !drop.IsQuestion).Select(drop => drop.Index))}"));
    }

    /// <summary>What a design concluded.</summary>
    public static Conclusion Of(DesignResult result) => new(
        $"model {result.Name}",
        Joined($"{(result.Proof is { Up: true, Down: true, UpAgain: true } ? "ran up, down and up" : "not proven")} on {result.Proof.Server}, {Count(result.Files.Length, "file")}", Count(result.Warnings.Length, "warning")));

    /// <summary>The first few of the names, each once.</summary>
    public static string Names(IEnumerable<string?> names)
    {
        var all = names.OfType<string>().Where(name => name.Length > 0).Distinct(StringComparer.Ordinal).ToList();
        return string.Join(", ", all.Take(MostNames)) + (all.Count > MostNames ? $" and {all.Count - MostNames} more" : "");
    }

    /// <summary>The parts that are not empty.</summary>
    public static string Joined(params string[] parts) => string.Join("; ", parts.Where(part => part.Length > 0));

    private static string Detail(string figures, string names) =>
        (figures.Length > 0 ? $": {figures}" : "") + (names.Length > 0 ? $" ({names})" : "");

    private static string Count(int count, string singular, string? plural = null) =>
        count == 0 ? "" : $"{count} {(count == 1 ? singular : plural ?? singular + "s")}";
}
