using System.Globalization;
using System.Text;
using AgentHost.Skills.RecommendIndex.Drops;
using AgentHost.Skills.RecommendIndex.Rewrites;

namespace AgentHost.Skills.RecommendIndex;

/// <summary>Writes a result for people and agents to read: the verdict, then each index in two or three lines.</summary>
public static class IndexText
{
    private const int DefaultWidth = 120;
    private const int MaxShown = 10;
    private const int MaxExplained = 5;
    private const int MaxStatements = 7;
    private const int MaxRewrites = 5;

    /// <summary>The text, without colours, lines no longer than <paramref name="width"/> where words allow (SQL is never broken).</summary>
    public static string Render(IndexResult result, int? width = null)
    {
        ArgumentNullException.ThrowIfNull(result);
        var text = new StringBuilder();
        var room = Math.Max(width ?? DefaultWidth, 40);
        Wrap(text, Verdict(result), "", room);
        if (result.Notice is { } notice)
            Wrap(text, "Note: " + notice, "", room);
        var number = 0;
        foreach (var index in result.Recommendations.Take(MaxShown))
        {
            text.Append('\n').Append(++number).Append(". ").Append(string.Concat(index.Requires.Select(r => r + " "))).Append(Shown(index.Sql)).Append('\n');
            // The first say why; the others' reasons are in the JSON.
            if (number <= MaxExplained)
                Wrap(text, $"{index.Why} About {Size(index.SizeBytes)}.{Measured(index)}{(index.Citation is { } page ? $" [{page.Document}]" : "")}", "   ", room);
            if (index.Changed is { } changed)
                Wrap(text, "Changed: " + changed, "   ", room);
        }
        More(text, result.Recommendations.Length, "recommendations");
        Section(text, "Withheld, since a decision rejected it:", result.Withheld.Select(w => $"{w.Index}: {w.RejectedBy} “{w.Title}”. {w.Why}").ToList(), room);
        Section(text, "Measured and not worth having, though the planner likes them:", result.Disproved.Select(d => $"{d.Index}: {d.Why}").ToList(), room);
        Section(text, "To drop:", result.Drops.Where(d => d.Certainty == DropCertainty.Certain).Select(d => $"{d.Sql} {d.Why}").ToList(), room);
        Section(text, "To drop if idx_scan in pg_stat_user_indexes stays 0, on replicas too, for 14 days and a month's end:", result.Drops.Where(d => d.Certainty == DropCertainty.Verify).Select(d => $"{d.Sql} {d.Why}").ToList(), room);
        Section(text, "Needed?", result.Drops.Where(d => d.IsQuestion).Select(d => $"{d.Index}: {d.Why}").ToList(), room);
        Section(text, "Columns that the planner takes for independent:", result.Statistics.Select(o => $"{o.Sql}\n{o.Why}").ToList(), room);
        Section(text, "Better written differently:", result.Rewrites.Select(RewriteText.Render).ToList(), room, MaxRewrites);
        Section(text, "Dear with some values:", result.Skewed.Select(q => $"{q.Query}: {Reasons.Figure(q.WorstCost)}, with others {Reasons.Figure(q.Cost)}").ToList(), room);
        Section(text, "Dearer with them:", result.Regressions.Select(r => $"{r.Query}: {Reasons.Figure(r.Before)} → {Reasons.Figure(r.After)}").ToList(), room);
        Section(text, "Not priced, though a whole table is read:", result.Unpriced.Select(u => $"{u.Query}: {u.Why}{(u.Sql is null ? "" : $" To try: {u.Sql}")}").ToList(), room);
        Section(text, "Not judged:", result.Skipped.Select(s => $"{s.Query}: {s.Reason}").ToList(), room);
        if (MemoryFooter.Render(result, room, [.. result.Withheld.Select(w => w.RejectedBy), .. result.Recommendations.Select(r => r.Changed?.Split(' ')[0])]) is { Length: > 0 } footer)
            text.Append('\n').Append(footer);
        return text.ToString().TrimEnd('\n');
    }

    private static string Verdict(IndexResult result)
    {
        var (workload, count) = (result.Workload, result.Recommendations.Length);
        if (workload.Queries == 0)
            return result.Notice is null ? "No query could be priced." : "No index advice.";
        var over = $"{workload.Queries} {(workload.Queries == 1 ? "query" : "queries")}";
        var unpriced = result.Unpriced.Select(u => u.Query).Distinct().Count();
        return count == 0 && unpriced > 0
            ? $"No index was recommended: {over} priced, no btree would gain enough; {unpriced} of them {(unpriced == 1 ? "reads" : "read")} a whole table for a cause that was not priced (below)."
            : count == 0 && result.Withheld.Length > 0
            ? $"No index recommended: {over} priced; {(result.Withheld.Length == 1 ? "the one" : $"the {result.Withheld.Length}")} that would gain enough {(result.Withheld.Length == 1 ? "was" : "were")} rejected by a decision (below)."
            : count == 0
            ? $"No new index needed: {over} priced, none would gain enough."
            : $"{count} {(count == 1 ? "index" : "indexes")} recommended: planner cost of {over} falls from {Reasons.Figure(workload.CostBefore)} to "
                + $"{Reasons.Figure(workload.CostAfter)} ({Reasons.Percent(workload.CostBefore, workload.CostAfter)}), for about {Size(result.Recommendations.Sum(r => r.SizeBytes))} of disk. "
                + Proof(result);
    }

    // An index of a partitioned table takes statements for each partition.
    private static string Shown(string sql) => sql.Split('\n') is { Length: > MaxStatements } lines ? $"{string.Join("\n   ", lines.Take(3))}\n   … and {lines.Length - 3} more statements for its partitions (see JSON)" : sql.Replace("\n", "\n   ", StringComparison.Ordinal);

    private static string Proof(IndexResult result)
    {
        var measured = result.Recommendations.Count(r => r.Measured is not null);
        return measured == 0 ? "Priced by the planner on a twin, unverified." : measured == result.Recommendations.Length ? "Each was measured on rows made after the statistics." : $"{measured} were measured on rows made after the statistics, the others are unverified.";
    }

    private static string Measured(IndexRecommendation index) => index.Measured is not { } measured ? ""
        : $" Measured (weighted ms): saves {Reasons.Figure(measured.GainMilliseconds)}{(measured.WriteMilliseconds >= 0.1 ? $", writes pay {Reasons.Figure(measured.WriteMilliseconds)}" : "")}.";

    private static void Section(StringBuilder text, string title, List<string> lines, int width, int most = MaxShown)
    {
        if (lines.Count == 0)
            return;
        text.Append('\n').Append(title).Append('\n');
        foreach (var line in lines.Take(most))
        {
            // What stands before a line's end is SQL, to be copied as it is.
            var (sql, words) = line.Split('\n', 2) is [var first, var rest] ? (first, rest) : (null, line);
            if (sql is not null)
                text.Append("- ").Append(sql).Append('\n');
            Wrap(text, sql is null ? "- " + words : words, "  ", width, hanging: sql is null);
        }
        More(text, lines.Count, "lines", most);
    }

    private static void More(StringBuilder text, int count, string what, int most = MaxShown)
    {
        if (count > most)
            text.Append(CultureInfo.InvariantCulture, $"  … and {count - most} more {what} (see JSON)\n");
    }

    private static void Wrap(StringBuilder text, string words, string indent, int width, bool hanging = false)
    {
        var (column, first) = (0, true);
        foreach (var word in words.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (column > 0 && column + 1 + word.Length > width)
            {
                text.Append('\n');
                (column, first) = (0, false);
            }
            var lead = column > 0 ? " " : hanging && first ? "" : indent;
            text.Append(lead).Append(word);
            column += lead.Length + word.Length;
        }
        text.Append('\n');
    }

    private static string Size(long bytes) => bytes >= 1 << 20
        ? (bytes / 1048576.0).ToString("0.#", CultureInfo.InvariantCulture) + " MB"
        : Math.Max(1, bytes / 1024).ToString(CultureInfo.InvariantCulture) + " kB";
}
