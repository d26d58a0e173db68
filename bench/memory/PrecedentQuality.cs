using AgentHost.Knowledge.Memory;

namespace AgentHost.Bench.Memory;

/// <summary>How many of the precedents that answers show truly bear on the case, and how many that bear are shown.</summary>
internal static class PrecedentQuality
{
    public static void Print(List<(LabelledCase Case, MemoryCase Asked, IReadOnlyList<string> Shown)> answers, MemoryJournal memory, bool misses)
    {
        Console.WriteLine("\n| precedents | cases | shown | precision | recall | at least one of those that bear | empty cases left alone |\n|---|--:|--:|--:|--:|--:|--:|");
        Row("all", answers);
        Row("kept aside", [.. answers.Where(answer => answer.Case.Held)]);
        foreach (var tool in answers.GroupBy(answer => answer.Case.Tool)) Row(tool.Key, [.. tool]);
        if (!misses) return;
        foreach (var (given, _, shown) in answers.Where(answer => !answer.Case.Held))
            Console.WriteLine($"  {given.Tool}: {given.Name}: wrong [{Titles(memory, shown.Except(given.Bears).Except(given.Maybe))}] missed [{Titles(memory, given.Bears.Except(shown))}]");
    }

    /// <summary>Counts over answers: what was shown rightly and wrongly (what two engineers could disagree about counts neither way), and what could have been shown.</summary>
    public static (int Right, int Wrong, int Bearing) Count(IEnumerable<(LabelledCase Case, IReadOnlyList<string> Shown)> answers) =>
        answers.Aggregate((Right: 0, Wrong: 0, Bearing: 0), (sum, answer) => (
            sum.Right + answer.Shown.Count(answer.Case.Bears.Contains),
            sum.Wrong + answer.Shown.Count(id => !answer.Case.Bears.Contains(id) && !answer.Case.Maybe.Contains(id)),
            sum.Bearing + Math.Min(3, answer.Case.Bears.Count)));

    private static void Row(string name, List<(LabelledCase Case, MemoryCase Asked, IReadOnlyList<string> Shown)> answers)
    {
        var (right, wrong, bearing) = Count(answers.Select(answer => (answer.Case, answer.Shown)));
        var some = answers.Where(answer => answer.Case.Bears.Count > 0).ToList();
        var none = answers.Where(answer => answer.Case.Bears.Count == 0).ToList();
        Console.WriteLine($"| {name} | {answers.Count} | {answers.Sum(answer => answer.Shown.Count)} | {Share(right, right + wrong)} | {Share(right, bearing)} | "
            + $"{some.Count(answer => answer.Shown.Any(answer.Case.Bears.Contains))} of {some.Count} | {none.Count(answer => answer.Shown.All(answer.Case.Maybe.Contains))} of {none.Count} |");
    }

    private static string Titles(MemoryJournal memory, IEnumerable<string> ids) => string.Join(" | ", ids.Select(id => memory.Recall(id, 1)[0].Title));

    private static string Share(int part, int whole) => whole == 0 ? "-" : ((double)part / whole).ToString("0.000", System.Globalization.CultureInfo.InvariantCulture);
}
