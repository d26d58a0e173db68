using System.Collections.Immutable;

namespace AgentHost.Knowledge;

/// <summary>Fits an answer into what an agent has room for: excerpts are shortened first, then the last results are left out.</summary>
public static class SearchBudget
{
    /// <summary>The tokens of an answer where nothing else is said.</summary>
    public const int Default = 1200;

    /// <summary>The least and the most that can be asked for.</summary>
    public const int Least = 100, Most = 20_000;

    // A token of English is four letters or so, of names and SQL fewer; each result has its names and marks besides.
    private const double LettersAToken = 3.6;
    private const int MarksOfAResult = 90, ShortWords = 24;

    /// <summary>As many results as fit, the best first, and how many were left out. The first is always given, if shortened.</summary>
    /// <param name="results">The answer.</param>
    /// <param name="tokens">The budget of the whole answer, in tokens (estimated).</param>
    /// <exception cref="KnowledgeException">The budget is not from <see cref="Least"/> to <see cref="Most"/>.</exception>
    public static (ImmutableArray<SearchResult> Results, int LeftOut) Fit(ImmutableArray<SearchResult> results, int tokens)
    {
        if (tokens is < Least or > Most) throw new KnowledgeException($"{tokens} tokens cannot be kept to: give {Least} to {Most}.");
        if (results.Sum(Cost) <= tokens) return (results, 0);
        var fitted = ImmutableArray.CreateBuilder<SearchResult>();
        var left = (double)tokens;
        foreach (var (index, result) in results.Index())
        {
            // What the results behind this one would take, shortened: room that is not needed for them is this one's.
            var fair = left - results.Skip(index + 1).Sum(r => Cost(Shorten(r, ShortWords)));
            var given = Cost(result) <= fair ? result : Shorten(result, ShortWords);
            if (Cost(given) > left && fitted.Count > 0) break;
            fitted.Add(given);
            left -= Cost(given);
        }
        return (fitted.ToImmutable(), results.Length - fitted.Count);
    }

    /// <summary>What a result takes, in tokens (estimated).</summary>
    public static double Cost(SearchResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return (result.Document.Length + result.Section.Length + result.Excerpt.Length + result.Source.Length + MarksOfAResult) / LettersAToken;
    }

    private static SearchResult Shorten(SearchResult result, int most)
    {
        var isClosed = result.Quoted == true && result.Excerpt.EndsWith('»');
        var words = (isClosed ? result.Excerpt[..^1] : result.Excerpt).Split(' ');
        return words.Length <= most ? result : result with { Excerpt = $"{string.Join(' ', words.Take(most))} …{(isClosed ? "»" : "")}" };
    }
}
