using System.Globalization;
using System.Text;

namespace AgentHost.Skills.ExplainPlan;

/// <summary>Draws what changed since an earlier plan in plain text.</summary>
internal static class ComparisonText
{
    public static void Render(StringBuilder text, ExplainResult result, PlanComparison comparison, int columns)
    {
        text.Append(Head(comparison, result.Summary)).Append('\n');
        for (var i = 0; i < comparison.Changes.Length; i++)
        {
            var change = comparison.Changes[i];
            var time = change.Milliseconds is { } ms && Math.Abs(ms) >= 0.05 ? $" ({(ms > 0 ? "+" : "−")}{Figures.Ms(Math.Abs(ms))})" : "";
            ExplainText.Wrap(text.Append(CultureInfo.InvariantCulture, $"\n{i + 1}. "), change.What + time, columns - 3, "   ");
            ExplainText.Wrap(text.Append("   "), change.Why, columns - 3, "   ");
        }

        if (comparison.Changes.IsEmpty)
            text.Append(comparison.IsSameShape ? "\nThe plan is the same, and so is what each step did.\n" : "\nNothing differs that takes time.\n");
        text.Append('\n');
        foreach (var note in comparison.Notes)
            ExplainText.Wrap(text, "note: " + note, columns, "      ");
        List("Problems gone", comparison.Gone);
        List("Problems of both", comparison.Stayed);
        if (comparison.Appeared.Length > 0)
            text.Append("New problems:\n");

        void List(string title, IReadOnlyCollection<string> lines)
        {
            foreach (var line in lines)
                ExplainText.Wrap(text, $"{title}: {line}", columns, "   ");
        }
    }

    private static string Head(PlanComparison comparison, ExplainSummary after)
    {
        var verdict = comparison.Verdict switch { PlanTrend.Faster => "Faster", PlanTrend.Slower => "Slower", _ => "As fast" };
        var before = comparison.Before;
        var figures = before.ExecutionMs is { } old && after.ExecutionMs is { } now ? $"{Figures.Ms(old)} → {Figures.Ms(now)}"
            : before.Cost is { } cost && after.Cost is { } dear ? $"cost {Figures.Count(cost)} → {Figures.Count(dear)}" : "";
        var buffers = before.Buffers is { } had && after.Buffers is { } has ? $" · {Touched(had)} → {Touched(has)} touched" : "";
        return $"{verdict} · {figures}{buffers} · {(comparison.IsSameShape ? "the same plan" : "another plan")}";

        static string Touched(PlanBuffers buffers) => Figures.Kb((buffers.SharedHit + buffers.SharedRead) * 8);
    }
}
