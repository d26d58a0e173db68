using System.Globalization;
using System.Text;

namespace AgentHost.Skills.ExplainPlan;

/// <summary>Draws an answer in plain text: the verdict, the problems in two or three lines each, the plan as a tree.</summary>
public static class ExplainText
{
    private const int DefaultWidth = 110;
    private const int NarrowestWidth = 60;

    /// <summary>Problems that are told in full; more than that is no longer read.</summary>
    private const int MostProblems = 6;

    /// <summary>Draws the answer for a terminal or a chat of that many columns (at least 60).</summary>
    public static string Render(ExplainResult result, int? width = null)
    {
        ArgumentNullException.ThrowIfNull(result);
        var columns = Math.Max(NarrowestWidth, width ?? DefaultWidth);
        var text = new StringBuilder();
        if (result.Comparison is { } comparison)
            return Compared(text, result, comparison, columns);
        text.Append(Verdict(result)).Append('\n');
        if (result.Earlier is { } earlier)
            Wrap(text, earlier.Message, columns, "  ");
        if (!result.Summary.Settings.IsEmpty)
            Wrap(text, "Planner settings changed: " + string.Join(", ", result.Summary.Settings.Select(s => $"{s.Key} = {s.Value}")), columns, "  ");
        for (var i = 0; i < result.Problems.Length && i < MostProblems; i++)
            Problem(text, i + 1, result, result.Problems[i], columns);
        if (result.Problems.Length > MostProblems)
            text.Append(CultureInfo.InvariantCulture, $"\n… {result.Problems.Length - MostProblems} more problems, each with less of the time.\n");
        text.Append('\n');
        PlanTree.Draw(text, result, columns);
        foreach (var note in result.Summary.Notes)
            Wrap(text.Append('\n'), "note: " + note, columns, "      ");
        if (MemoryFooter.Render(result, columns) is { Length: > 0 } footer)
            text.Append('\n').Append(footer);
        return text.ToString().TrimEnd() + "\n";
    }

    // Of a plan that is compared with another what is new is told; the rest is known.
    private static string Compared(StringBuilder text, ExplainResult result, PlanComparison comparison, int columns)
    {
        ComparisonText.Render(text, result, comparison, columns);
        var appeared = result.Problems.Where(p => comparison.Appeared.Contains(PlanComparer.Named(p))).Take(MostProblems).ToList();
        for (var i = 0; i < appeared.Count; i++)
            Problem(text, i + 1, result, appeared[i], columns);
        return text.ToString().TrimEnd() + "\n";
    }

    internal static string Verdict(ExplainResult result)
    {
        var summary = result.Summary;
        var head = summary.Verdict switch
        {
            PlanVerdict.Healthy => "Healthy",
            PlanVerdict.EstimatesOnly => "Estimates only",
            PlanVerdict.Incomplete => "Cut off, nothing found in what is there",
            _ => result.Problems.Length == 1 ? "1 problem" : $"{result.Problems.Length} problems",
        };
        var figures = new List<string> { head };
        if (summary.ExecutionMs is { } ms)
            figures.Add($"{Figures.Ms(ms)} execution");
        else if (summary.Cost is { } cost)
            figures.Add($"cost {Figures.Count(cost)}");
        if (summary.PlanningMs is { } planning)
            figures.Add($"{Figures.Ms(planning)} planning");
        if (summary.Rows is { } rows)
            figures.Add($"{Figures.Count(rows)} rows{(summary.Verdict == PlanVerdict.EstimatesOnly ? " expected" : "")}");
        if (summary.Buffers is { } buffers)
            figures.Add($"{Figures.Kb((buffers.SharedHit + buffers.SharedRead) * 8)} touched" + (buffers.TempWritten > 0 ? $", {Figures.Kb(buffers.TempWritten * 8)} spilled" : ""));
        return string.Join(" · ", figures);
    }

    private static void Problem(StringBuilder text, int number, ExplainResult result, PlanProblem problem, int columns)
    {
        var share = $"{Figures.Percent(problem.Share)} of the {(result.Plan.Timed ? "time" : result.Plan.Estimated ? "cost" : "rows")}";
        text.Append('\n').Append(CultureInfo.InvariantCulture, $"{number}. {problem.Id} at {problem.Node} ({share})\n");
        Wrap(text.Append("   "), problem.Message, columns - 3, "   ");
        Wrap(text.Append("   → "), problem.Advice, columns - 5, "     ");
        if (problem.Remedy is not { } remedy)
            return;
        Wrap(text.Append(remedy.Helps ? "   ✓ " : "   ✗ "), remedy.Message, columns - 5, "     ");
        foreach (var line in remedy.Sql?.Split('\n') ?? [])
            text.Append("     ").Append(line).Append('\n');
    }

    internal static void Wrap(StringBuilder text, string words, int columns, string indent)
    {
        var used = 0;
        foreach (var word in words.Split(' '))
        {
            if (used > 0 && used + 1 + word.Length > columns)
            {
                text.Append('\n').Append(indent);
                used = 0;
            }
            if (used > 0)
            {
                text.Append(' ');
                used++;
            }
            text.Append(word);
            used += word.Length;
        }
        text.Append('\n');
    }
}
