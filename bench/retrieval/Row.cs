using AgentHost.Knowledge;
using AgentHost.Knowledge.Store;

namespace AgentHost.Bench.Retrieval;

/// <summary>A way to search, as one row of the table.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="SearchAsync">A question's ranking of pages, best first, ten at most.</param>
internal sealed record Row(string Name, Func<string, Task<IReadOnlyList<string>>> SearchAsync)
{
    /// <summary>Nearness alone: no words are counted, and nothing is too far.</summary>
    public static Ranking ByVectors { get; } = Ranking.Default with
    {
        SectionWords = 0, PageWords = 0, Coverage = 0, AskedWords = 0, Names = 0, HeadingNames = 0, Enough = 0, EnoughWithoutAsked = 0, Related = 0,
    };

    /// <summary>The store's words alone.</summary>
    public static Ranking ByWords { get; } = Ranking.Default with { SectionCosine = 0, AskedCosine = 0, Enough = 0, EnoughWithoutAsked = 0, Related = 0 };

    /// <summary>The same two lists fused by reciprocal rank instead (Cormack, Clarke and Büttcher, 2009, k = 60), fifty deep.</summary>
    public static Row ByReciprocalRank(KnowledgeStore store) => new("words and model by reciprocal rank", async question =>
    {
        var scores = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var ranking in (Ranking[])[ByWords, ByVectors])
        {
            store.Ranking = ranking;
            foreach (var (rank, result) in (await store.SearchAsync(question, 50)).Index())
                scores[result.Document] = scores.GetValueOrDefault(result.Document) + (1.0 / (61 + rank));
        }
        return [.. scores.OrderByDescending(s => s.Value).ThenBy(s => s.Key, StringComparer.Ordinal).Take(10).Select(s => s.Key)];
    });

    /// <summary>The store under weights of its own.</summary>
    public static Row Of(string name, KnowledgeStore store, Ranking ranking) => new(name, async question =>
    {
        store.Ranking = ranking;
        return [.. (await store.SearchAsync(question, 10)).Select(r => r.Document)];
    });
}
