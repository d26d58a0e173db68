using System.Collections.Immutable;
using System.Text.RegularExpressions;
using AgentHost.Sql;

namespace AgentHost.Skills.ReviewMigration;

/// <summary>
/// An author's word on a line of its own: <c>-- agenthost:ignore rule[, rule] reason</c> waives findings of the statement that it stands before or in,
/// <c>-- agenthost:ignore-file rule[, rule] reason</c> those of the whole file. Without a reason it waives nothing.
/// </summary>
/// <param name="Offset">Where the comment begins, in UTF-16 code units.</param>
/// <param name="Line">Its line, 1-based.</param>
/// <param name="Rules">The rules' ids.</param>
/// <param name="Reason">Why; may be empty.</param>
/// <param name="IsForFile">Whether it is about the whole file.</param>
internal sealed partial record InlineIgnore(int Offset, int Line, ImmutableArray<string> Rules, string Reason, bool IsForFile)
{
    private const string Mark = "agenthost:ignore";

    /// <summary>All of a text.</summary>
    public static ImmutableArray<InlineIgnore> ReadAll(string text)
    {
        if (!text.Contains(Mark, StringComparison.Ordinal))
            return [];
        var found = ImmutableArray.CreateBuilder<InlineIgnore>();
        var line = 0;
        foreach (var range in text.AsSpan().Split('\n'))
        {
            line++;
            if (!text.AsSpan(range).Contains(Mark, StringComparison.Ordinal) || Directive().Match(text[range]) is not { Success: true } match)
                continue;
            found.Add(new InlineIgnore(
                range.Start.Value, line, [.. match.Groups["rules"].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)],
                match.Groups["reason"].Value.Trim(' ', '\t', '\r', ':', '-', '–', '—'), match.Groups["file"].Success));
        }
        return found.DrainToImmutable();
    }

    /// <summary>The findings, those that an author's word covers marked as waived.</summary>
    public static IEnumerable<Finding> Waive(ImmutableArray<InlineIgnore> ignores, IEnumerable<Finding> findings, Script script) =>
        ignores.IsEmpty ? findings : findings.Select(finding => finding.WaivedBy is null && ignores.FirstOrDefault(ignore => ignore.Covers(finding, script)) is { } word
            ? finding with { WaivedBy = $"line {word.Line}: {word.Reason}" }
            : finding);

    /// <summary>What is wrong with them, for the reader of the review.</summary>
    public static IEnumerable<string> Complaints(ImmutableArray<InlineIgnore> ignores) => ignores.SelectMany(ignore => ignore.Complaints());

    private IEnumerable<string> Complaints()
    {
        if (Reason.Length == 0)
            yield return $"Line {Line}: 'agenthost:ignore' without a reason waives nothing. Write why behind the rule.";
        foreach (var rule in Rules)
        {
            if (ReviewMemory.IsFact(rule))
                yield return $"Line {Line}: {rule} states what PostgreSQL does; no comment changes it, and it counts.";
            else if (RuleCatalog.Find(rule) is null)
                yield return $"Line {Line}: there is no rule '{rule}' to ignore; --list-rules names them all.";
        }
    }

    private bool Covers(Finding finding, Script script) =>
        Reason.Length > 0 && Rules.Contains(finding.Rule, StringComparer.Ordinal) && !ReviewMemory.IsFact(finding.Rule) && (IsForFile || (finding.StatementIndex >= 0 && finding.StatementIndex == StatementIn(script)));

    private int StatementIn(Script script)
    {
        for (var i = 0; i < script.Statements.Length; i++)
        {
            if (script.Statements[i].Span.End > Offset)
                return i;
        }
        return -1;
    }

    [GeneratedRegex(@"^\s*--\s*agenthost:ignore(?<file>-file)?\s+(?<rules>[a-z0-9-]+(?:\s*,\s*[a-z0-9-]+)*)(?<reason>.*)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Directive();
}
