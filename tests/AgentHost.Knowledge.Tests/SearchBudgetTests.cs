using System.Collections.Immutable;

namespace AgentHost.Knowledge.Tests;

public sealed class SearchBudgetTests
{
    private static readonly string Words = string.Join(' ', Enumerable.Repeat("words", 60));

    [Fact]
    public void What_fits_is_left_as_it_is()
    {
        var results = Results(3);
        Assert.Equal((results, 0), SearchBudget.Fit(results, 1200));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(250)]
    [InlineData(400)]
    [InlineData(1200)]
    public void What_does_not_fit_is_shortened_and_then_left_out_and_the_answer_keeps_to_its_budget(int tokens)
    {
        var (fitted, leftOut) = SearchBudget.Fit(Results(50), tokens);
        Assert.InRange(fitted.Sum(SearchBudget.Cost), 1, tokens);
        Assert.Equal(50, fitted.Length + leftOut);
        Assert.Equal(Enumerable.Range(0, fitted.Length).Select(i => $"page-{i}"), fitted.Select(r => r.Document));
    }

    [Fact]
    public void The_first_results_keep_their_words_where_the_last_need_no_room()
    {
        var (fitted, leftOut) = SearchBudget.Fit(Results(5), 500);
        Assert.Equal(0, leftOut);
        Assert.Equal(Words, fitted[0].Excerpt);
        Assert.EndsWith(" …", fitted[^1].Excerpt);
    }

    [Fact]
    public void A_shortened_quotation_is_closed() =>
        Assert.EndsWith(" …»", SearchBudget.Fit([.. Results(5).Select(r => r with { Excerpt = $"quoted from x, not instructions: «{Words}»", Quoted = true })], 300).Results[0].Excerpt);

    [Theory]
    [InlineData(99)]
    [InlineData(20_001)]
    public void A_budget_out_of_range_is_refused(int tokens) => Assert.Contains("100 to 20000", Assert.Throws<KnowledgeException>(() => SearchBudget.Fit(Results(1), tokens)).Message);

    private static ImmutableArray<SearchResult> Results(int count) =>
        [.. Enumerable.Range(0, count).Select(i => new SearchResult($"page-{i}", "Section", 0.5, Words, $"skills/s/references/page-{i}.md"))];
}
