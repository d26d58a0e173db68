using System.Text;

namespace AgentHost.Skills.ReviewMigration.Formats;

/// <summary>A review as workflow commands of GitHub Actions, which become annotations at the lines of a pull request.</summary>
public static class GitHubAnnotations
{
    /// <summary>One line a finding that no decision waives.</summary>
    public static string Render(ReviewResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var text = new StringBuilder();
        foreach (var file in result.Files)
        {
            foreach (var finding in file.Findings.Where(finding => finding.WaivedBy is null))
            {
                var command = finding.Severity switch { Severity.Error => "error", Severity.Warning => "warning", _ => "notice" };
                text.Append($"::{command} file={Property(file.Path)},line={finding.Line},col={finding.Column},title={Property(finding.Rule)}::{Data(Message(finding))}\n");
            }
        }
        return text.ToString();
    }

    private static string Message(Finding finding) => finding.Fix is { } fix ? $"{finding.Message}\n{fix.Title}:\n{fix.Sql}" : finding.Message;

    private static string Data(string text) =>
        text.Replace("%", "%25", StringComparison.Ordinal).Replace("\r", "%0D", StringComparison.Ordinal).Replace("\n", "%0A", StringComparison.Ordinal);

    private static string Property(string text) => Data(text).Replace(":", "%3A", StringComparison.Ordinal).Replace(",", "%2C", StringComparison.Ordinal);
}
