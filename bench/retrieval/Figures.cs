namespace AgentHost.Bench.Retrieval;

/// <summary>How well rankings of pages answer labelled questions; shares from 0 to 1.</summary>
/// <param name="Recall1">Questions with a right page in the first place.</param>
/// <param name="Recall5">Questions with a right page among the first five.</param>
/// <param name="Ndcg10">Normalised discounted cumulative gain over the first ten, each right page a gain of 1 (Järvelin and Kekäläinen, 2002), averaged.</param>
internal sealed record Figures(double Recall1, double Recall5, double Ndcg10)
{
    /// <summary>The figures of a ranking (slugs, best first) a question.</summary>
    public static Figures Of(IReadOnlyCollection<(LabelledQuestion Question, IReadOnlyList<string> Ranking)> answers) => new(
        answers.Average(a => IsHit(a.Question, a.Ranking, 1)), answers.Average(a => IsHit(a.Question, a.Ranking, 5)), answers.Average(a => Gain(a.Question, a.Ranking)));

    private static double IsHit(LabelledQuestion question, IReadOnlyList<string> ranking, int first) => ranking.Take(first).Any(question.Pages.Contains) ? 1 : 0;

    private static double Gain(LabelledQuestion question, IReadOnlyList<string> ranking)
    {
        var gain = ranking.Take(10).Select((page, place) => question.Pages.Contains(page) ? Discount(place) : 0).Sum();
        return gain / Enumerable.Range(0, Math.Min(10, question.Pages.Length)).Sum(Discount);
    }

    private static double Discount(int place) => 1 / Math.Log2(place + 2);
}
