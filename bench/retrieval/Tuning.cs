using System.Globalization;
using System.Reflection;
using AgentHost.Knowledge;
using AgentHost.Knowledge.Store;
using Npgsql;

namespace AgentHost.Bench.Retrieval;

/// <summary>
/// Looks for the weights of <see cref="Ranking"/> by coordinate ascent over nDCG@10 plus recall@5 of the questions that are not kept aside: each weight in turn is tried at
/// several factors, until none gains. Prints the weights; they are put into <see cref="Ranking"/> by hand.
/// </summary>
internal static class Tuning
{
    private static readonly double[] Factors = [0, 0.5, 0.7, 0.85, 1.2, 1.5, 2, 3];

    private static readonly PropertyInfo[] Weights = [.. typeof(Ranking).GetProperties().Where(p => p is { CanWrite: true } && p.PropertyType == typeof(double) && p.Name is not (nameof(Ranking.Enough) or nameof(Ranking.EnoughWithoutAsked) or nameof(Ranking.Related)))];

    public static async Task RunAsync(KnowledgeStore store, NpgsqlDataSource source, LabelledQuestion[] questions)
    {
        var cases = new List<(LabelledQuestion Question, IReadOnlyCollection<Candidates> Found)>();
        foreach (var question in questions) cases.Add((question, await store.FindCandidatesAsync(question.Text)));
        var slugs = new Dictionary<int, string>();
        await using (var command = source.CreateCommand($"SELECT id, slug FROM {StoreSchema.Name}.documents"))
        {
            await using var rows = await command.ExecuteReaderAsync();
            while (await rows.ReadAsync()) slugs.Add(rows.GetInt32(0), rows.GetString(1));
        }
        var best = Ranking.Default with { Enough = 0, EnoughWithoutAsked = 0, Related = 0 };
        var bestScore = Score(best);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{questions.Length} questions, as it is: {bestScore:0.0000}"));
        for (var gained = true; gained;)
        {
            gained = false;
            foreach (var weight in Weights)
            {
                foreach (var value in Values((double)weight.GetValue(best)!))
                {
                    var tried = best with { };
                    weight.SetValue(tried, value);
                    var score = Score(tried);
                    if (score <= bestScore + 1e-6) continue;
                    (best, bestScore, gained) = (tried, score, true);
                }
            }
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{bestScore:0.0000} {best}"));
        }

        double Score(Ranking ranking)
        {
            var figures = Figures.Of([.. cases.Select(c => (c.Question, (IReadOnlyList<string>)[.. Ranker.Rank(c.Found, ranking).Take(10).Select(r => slugs[r.Page.Document])]))]);
            return figures.Ndcg10 + (0.5 * figures.Recall5) + (0.25 * figures.Recall1);
        }
    }

    private static IEnumerable<double> Values(double now) => now == 0 ? [0.1, 0.3, 0.6] : Factors.Select(f => now * f);
}
