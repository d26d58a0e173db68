using System.Globalization;
using AgentHost.Knowledge;
using AgentHost.Knowledge.Store;

namespace AgentHost.Bench.Retrieval;

/// <summary>How well a threshold on the best page's score tells questions about databases from others.</summary>
internal static class Gate
{
    public static async Task RunAsync(KnowledgeStore store, LabelledQuestion[] questions, string[] offTopic)
    {
        var asked = await ScoresAsync([.. questions.Select(q => q.Text)]);
        var others = await ScoresAsync(offTopic);
        foreach (var threshold in Enumerable.Range(10, 50).Select(i => i / 100.0))
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{threshold:0.00}: {asked.Count(a => a.Score >= threshold)} of {asked.Count} asked, {others.Count(o => o.Score >= threshold)} of {others.Count} others"));
        }
        foreach (var (text, score) in others.OrderByDescending(o => o.Score).Take(12)) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  other {score:0.000} {text}"));
        foreach (var (text, score) in asked.OrderBy(o => o.Score).Take(16)) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  asked {score:0.000} {text}"));

        async Task<List<(string Text, double Score)>> ScoresAsync(string[] texts)
        {
            var scores = new List<(string, double)>();
            foreach (var text in texts)
            {
                var ranked = Ranker.Rank(await store.FindCandidatesAsync(text), Ranking.Default with { Enough = 0, EnoughWithoutAsked = 0 });
                scores.Add((text, ranked.IsEmpty ? 0 : ranked[0].Score));
            }
            return scores;
        }
    }
}
