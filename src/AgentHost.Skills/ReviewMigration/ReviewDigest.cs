using System.Collections.Immutable;

namespace AgentHost.Skills.ReviewMigration;

/// <summary>
/// A review for readers who pay by the word: of evidence what was observed or reckoned (what is only stated stands on the page that the finding
/// cites), and of remarks one a rule, without its fix, with the lines where it holds as well. What a rewritten file holds is not said twice.
/// </summary>
public static class ReviewDigest
{
    /// <summary>The digest; the verdicts, the hazards and the advice are those of the review.</summary>
    public static ReviewResult Of(ReviewResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return result with { Files = [.. result.Files.Select(file => file with { Findings = [.. Findings(file.Findings, file.Rewrite is { Files.IsEmpty: false })] })] };
    }

    private static IEnumerable<Finding> Findings(ImmutableArray<Finding> findings, bool isRewritten)
    {
        foreach (var group in findings.GroupBy(finding => finding is { IsRemark: true, WaivedBy: null } ? (object)finding.Rule : finding))
        {
            var first = group.First();
            ImmutableArray<int> more = [.. group.Skip(1).Select(finding => finding.Line).Distinct().Where(line => line != first.Line)];
            yield return first with
            {
                Evidence = [.. first.Evidence.Where(evidence => evidence is not Stated)],
                Fix = first is { IsRemark: true, WaivedBy: null } || (isRewritten && first.Fix is { Complete: true }) ? null : first.Fix,
                AlsoLines = more.IsEmpty ? null : [.. more],
            };
        }
    }
}
