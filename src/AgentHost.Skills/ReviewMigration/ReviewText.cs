using System.Text;
using AgentHost.Sql;

namespace AgentHost.Skills.ReviewMigration;

/// <summary>A review as compact text: the verdict first, hazards in two or three lines each, advice grouped by rule, fixes once.</summary>
public static class ReviewText
{
    private const int DefaultWidth = 110;

    /// <summary>How many lines of a fix are shown; the whole of it is in the structured result.</summary>
    private const int FixLines = 6;

    /// <summary>Fewer findings of one rule at one place are each told in full.</summary>
    private const int FewFindings = 3;

    private static readonly string[] SubjectEnds = [": ", ". ", "? "];

    /// <summary>Renders a review.</summary>
    /// <param name="result">The review.</param>
    /// <param name="width">Characters a line may have; 110 where null.</param>
    /// <param name="showSource">Whether to show the line that a hazard stands in, with the clause marked: for people, who do not have the text before them.</param>
    public static string Render(ReviewResult result, int? width = null, bool showSource = false)
    {
        var text = new StringBuilder();
        int columns = Math.Max(40, width ?? DefaultWidth);
        foreach (var file in result.Files)
            File(text, file, columns, showSource ? file.Source : "");
        foreach (string note in result.Notes ?? [])
            Wrap(text, $"note: {note}", columns, "");
        text.Append(MemoryFooter.Render(result, columns, Waivers(result)));
        return text.ToString().TrimEnd() + "\n";
    }

    /// <summary>The decisions that findings name.</summary>
    internal static IEnumerable<string?> Waivers(ReviewResult result) => result.Files.SelectMany(file => file.Findings).Select(finding => finding.Waiver?.Id);

    private static void File(StringBuilder text, ReviewedFile file, int width, string source)
    {
        var counted = file.Findings.Where(finding => finding.WaivedBy is null).ToList();
        var hazards = counted.Where(finding => !finding.IsAdvice).ToList();
        var advice = counted.Where(finding => finding is { IsAdvice: true, IsRemark: false }).ToList();
        var remarks = counted.Where(finding => finding.IsRemark).ToList();
        int waived = file.Findings.Length - counted.Count;
        text.Append(file.Verdict.ToString().ToUpperInvariant()).Append("  ").Append(file.Path)
            .Append(" (").Append(Count(hazards.Count, "hazard")).Append(", ").Append(advice.Count).Append(" advice")
            .Append(waived == 0 ? "" : $", {waived} waived").Append(")\n");
        SourceSpan? shown = null;
        foreach (var group in hazards.GroupBy(finding => (finding.Rule, finding.Severity, finding.Line, finding.Column)))
        {
            Hazards(text, [.. group], width, group.First().Span == shown ? "" : source);
            shown = group.First().Span;
        }

        foreach (var group in advice.GroupBy(finding => finding.Rule, StringComparer.Ordinal))
            Advice(text, [.. group], width);
        if (remarks.Count > 0)
        {
            Wrap(text, "remarks: " + string.Join(", ", remarks.GroupBy(finding => finding.Rule, StringComparer.Ordinal)
                .Select(group => $"{group.Key} ({(group.Count() == 1 ? "line" : "lines")} {string.Join(", ", group.Select(finding => finding.Line).Distinct())})")), width, "  ");
        }

        foreach (var note in file.Notes ?? [])
            Wrap(text, $"note: {note}", width, "  ");
        foreach (var finding in file.Findings.Where(finding => finding.WaivedBy is not null))
            text.Append($"  waived by {finding.WaivedBy}{(finding.Waiver is { } waiver ? $" ({waiver})" : "")}: {finding.Rule}, line {finding.Line}\n");
        text.Append('\n');
    }

    /// <summary>Findings of one rule at one place; where they are many and differ only in a name, one stands for all.</summary>
    private static void Hazards(StringBuilder text, List<Finding> findings, int width, string source)
    {
        bool fold = findings.Count >= FewFindings && findings.TrueForAll(finding => finding is { Relation: not null, Fix: null });
        foreach (var finding in fold ? findings.Take(1) : findings)
            Hazard(text, finding, width, showProof: finding == findings[0], finding == findings[0] ? source : "");
        if (fold)
            Wrap(text, $"The same holds for {string.Join(", ", findings.Skip(1).Select(finding => RelationNames.Shown(finding.Relation!)))}.", width, "    ");
    }

    private static void Hazard(StringBuilder text, Finding finding, int width, bool showProof, string source)
    {
        text.Append($"  {finding.Line}:{finding.Column} {finding.Severity.ToString().ToLowerInvariant()} {finding.Rule}\n");
        if (source.Length > 0)
        {
            var (line, carets) = SourceExcerpt.Of(source, finding.Span, width);
            text.Append(line).Append('\n').Append(carets).Append('\n');
        }

        Wrap(text, finding.Message, width, "    ");
        if (showProof && Proof(finding) is { Length: > 0 } proof)
            Wrap(text, $"observed: {proof}", width, "    ");
        if (finding.Fix is { Moves: false } fix)
            Fix(text, fix);
    }

    private static void Fix(StringBuilder text, Fix fix)
    {
        string[] lines = fix.Sql.Split('\n');
        text.Append("    fix: ").Append(fix.Title).Append('\n');
        foreach (string line in lines.Take(FixLines))
            text.Append("      ").Append(line).Append('\n');
        if (lines.Length > FixLines)
            text.Append($"      … {lines.Length - FixLines} more lines\n");
    }

    /// <summary>All advice of one rule: the first in full, of the others what they are about.</summary>
    private static void Advice(StringBuilder text, List<Finding> findings, int width)
    {
        var first = findings[0];
        string word = first.Severity == Severity.Info ? "note" : "advice";
        string fix = first.Fix is { } one && !one.Sql.Contains('\n', StringComparison.Ordinal) ? $" Fix: {one.Sql}" : "";
        string others = string.Concat(findings.Skip(1).GroupBy(Subject, StringComparer.Ordinal).Select(same => $" Line {string.Join(", ", same.Select(finding => finding.Line))}: {same.Key}."));
        Wrap(text, $"{word} {first.Rule} (line {string.Join(", ", findings.Select(finding => finding.Line))}): {first.Message}{fix}{others}", width, "  ");
    }

    /// <summary>A message up to its first colon or full stop, where rules say what they found.</summary>
    private static string Subject(Finding finding)
    {
        int end = SubjectEnds.Select(mark => finding.Message.IndexOf(mark, StringComparison.Ordinal)).Where(at => at > 0).DefaultIfEmpty(-1).Min();
        return end < 0 ? finding.Message.TrimEnd('.') : finding.Message[..end];
    }

    private static string Proof(Finding finding) => string.Join("; ", finding.Evidence.Select(evidence => evidence switch
    {
        LockObserved observed => $"{observed.Lock.ToSql()} on {observed.Relation}{Indexes(observed.Indexes, " and its ")}",
        RewriteObserved { OnlyIndexes: true } observed => $"{Indexes(observed.Indexes, "")} of {observed.Relation} rewritten",
        RewriteObserved observed => $"{observed.Relation}{Indexes(observed.Indexes, " and its ")} rewritten",
        ScanObserved observed => $"{observed.Relation} scanned",
        DropObserved observed => $"{observed.Relation} gone",
        ErrorObserved observed => $"error {observed.SqlState}: {observed.Message}",
        _ => "",
    }).Where(line => line.Length > 0));

    private static string Indexes(int count, string before) => count switch { 0 => "", 1 => $"{before}index", _ => $"{before}{count} indexes" };

    private static string Count(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";

    /// <summary>Appends text broken at spaces, every line indented.</summary>
    private static void Wrap(StringBuilder text, string content, int width, string indent)
    {
        int used = 0;
        text.Append(indent);
        foreach (string word in content.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            if (used > 0 && indent.Length + used + 1 + word.Length > width)
            {
                text.Append('\n').Append(indent);
                used = 0;
            }

            text.Append(used > 0 ? " " : "").Append(word);
            used += word.Length + (used > 0 ? 1 : 0);
        }

        text.Append('\n');
    }
}
