using System.Text;

namespace AgentHost.Skills.ReviewMigration.Formats;

/// <summary>A review as a comment on a pull request: verdicts in a table, hazards with their fixes, advice folded.</summary>
public static class MarkdownReport
{
    /// <summary>Writes a review.</summary>
    public static string Render(ReviewResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var text = new StringBuilder("### Migration review\n\n| migration | verdict | hazards | advice |\n|---|---|--:|--:|\n");
        foreach (var file in result.Files)
        {
            var counted = Counted(file);
            text.Append($"| `{Cell(file.Path)}` | {Sign(file.Verdict)} {file.Verdict.ToString().ToLowerInvariant()} | {counted.Count(finding => !finding.IsAdvice)} | {counted.Count(finding => finding.IsAdvice)} |\n");
        }
        foreach (var file in result.Files.Where(file => !file.Findings.IsEmpty || file.Notes is { Count: > 0 }))
            File(text, file);
        foreach (var line in MemoryFooter.Render(result, int.MaxValue, ReviewText.Waivers(result)).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            text.Append($"\n{char.ToUpperInvariant(line[0])}{line[1..]}\n");
        return text.ToString();
    }

    private static void File(StringBuilder text, ReviewedFile file)
    {
        text.Append($"\n#### `{file.Path}`\n");
        var counted = Counted(file);
        foreach (var finding in counted.Where(finding => !finding.IsAdvice))
        {
            text.Append($"\n**{finding.Rule}** ({finding.Severity.ToString().ToLowerInvariant()}, line {finding.Line}): {finding.Message}\n");
            if (finding.Fix is { } fix)
                text.Append($"\n{fix.Title}:\n\n{Fence(fix.Sql)}sql\n{fix.Sql}\n{Fence(fix.Sql)}\n");
        }
        var advice = counted.Where(finding => finding.IsAdvice).ToList();
        if (advice.Count > 0)
        {
            text.Append($"\n<details><summary>{advice.Count} advice</summary>\n\n");
            foreach (var finding in advice)
                text.Append($"- **{finding.Rule}** (line {finding.Line}): {finding.Message}\n");
            text.Append("\n</details>\n");
        }
        foreach (var group in file.Findings.Where(finding => finding.WaivedBy is not null).GroupBy(finding => (finding.WaivedBy, finding.Rule)))
            text.Append($"\nWaived by {group.Key.WaivedBy}{(group.First().Waiver is { } waiver ? $" “{waiver.Title}” ({waiver})" : "")}: {group.Key.Rule}, line {string.Join(", ", group.Select(finding => finding.Line).Distinct())}\n");
        foreach (var note in file.Notes ?? [])
            text.Append($"\n> {note}\n");
    }

    private static List<Finding> Counted(ReviewedFile file) => [.. file.Findings.Where(finding => finding.WaivedBy is null)];

    private static string Sign(Verdict verdict) => verdict switch { Verdict.Safe => "✅", Verdict.Caution => "⚠️", _ => "⛔" };

    private static string Cell(string path) => path.Replace("|", "\\|", StringComparison.Ordinal);

    // A fence longer than any in the text (CommonMark, section 4.5).
    private static string Fence(string sql)
    {
        var fence = "```";
        while (sql.Contains(fence, StringComparison.Ordinal))
            fence += "`";
        return fence;
    }
}
