using System.Globalization;
using System.Text;

namespace AgentHost.Skills.DesignSchema;

/// <summary>A design in plain text: the proof first, then the decisions, then the files' names; the files' text is in the result.</summary>
public static class DesignText
{
    private const int DefaultWidth = 120;

    /// <param name="result">The design.</param>
    /// <param name="width">Characters a line, at least 40; 120 where null.</param>
    public static string Render(DesignResult result, int? width = null)
    {
        var columns = Math.Max(40, width ?? DefaultWidth);
        var text = new StringBuilder();
        var proof = result.Proof;
        text.Append(CultureInfo.InvariantCulture, $"PROVEN  {result.Name} for PostgreSQL {result.PgVersion}, run on {proof.Server}\n");
        text.Append("  up, down (catalog as before), up again (catalog as after the first)\n");
        if (!proof.AccessPatterns.IsEmpty)
        {
            text.Append(CultureInfo.InvariantCulture, $"  {proof.AccessPatterns.Length} access patterns, each served by its index without a sort:\n");
            foreach (var p in proof.AccessPatterns)
                text.Append(Wrap($"    {p.Name}: {p.Index}", columns));
        }
        if (proof.Isolation is { } isolation)
            text.Append(Wrap($"  {isolation.Tables.Length} tables attacked from another tenant (read, update, delete, insert), {isolation.CrossTenantReferences.Length} foreign keys tried across: all repelled", columns));
        text.Append("\nDecisions\n");
        // What a decision of the project settles needs no second reason.
        var settled = result.Decisions.Where(d => d.Followed is not null).Select(d => d.Citation).ToHashSet();
        foreach (var d in result.Decisions.Where(d => d.Citation.Document != "access-pattern-indexes" && (d.Followed is not null || !settled.Contains(d.Citation))))
            text.Append(Wrap($"  {d.Decision}: {d.Because} [{d.Citation.Document}]", columns));
        if (!result.Warnings.IsEmpty)
            text.Append("\nWarnings\n");
        foreach (var warning in result.Warnings)
            text.Append(Wrap($"  ! {warning}", columns));
        if (MemoryFooter.Render(result, columns, result.Decisions.Select(d => d.Followed)) is { Length: > 0 } footer)
            text.Append('\n').Append(footer);
        text.Append("\nFiles\n");
        foreach (var file in result.Files)
            text.Append(CultureInfo.InvariantCulture, $"  {file.Name} ({file.Text.AsSpan().Count('\n')} lines)\n");
        return text.ToString();
    }

    /// <summary>Breaks at spaces; the lines after the first are indented by two more than the first.</summary>
    private static string Wrap(string line, int columns)
    {
        var indent = new string(' ', line.Length - line.TrimStart().Length);
        var result = new StringBuilder();
        var current = indent;
        foreach (var word in line.TrimStart().Split(' '))
        {
            if (current.Length + word.Length + 1 > columns && current.Trim().Length > 0)
            {
                result.Append(current.TrimEnd()).Append('\n');
                current = indent + "  ";
            }
            current += word + " ";
        }
        return result.Append(current.TrimEnd()).Append('\n').ToString();
    }
}
