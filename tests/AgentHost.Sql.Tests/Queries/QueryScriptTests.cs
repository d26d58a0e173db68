using AgentHost.Sql.Queries;

namespace AgentHost.Sql.Tests.Queries;

public sealed class QueryScriptTests
{
    [Fact]
    public void Names_and_weights_are_read_from_the_comments_before_a_statement()
    {
        var queries = QueryScript.Parse("""
            -- The busiest queries of the shop.
            -- name: open orders
            -- weight: 120
            SELECT ';' -- name: not this
            FROM orders;

            SELECT 2;
            -- weight: 0.5
            /* name: nor this */ SELECT $$;$$
            """);
        Assert.Equal(["open orders", "query 2", "query 3"], queries.Select(q => q.Name));
        Assert.Equal([120, 1, 0.5], queries.Select(q => q.Weight));
        Assert.Equal("SELECT $$;$$", queries[2].Sql);
    }

    [Fact]
    public void A_statement_that_does_not_parse_leaves_the_others_whole()
    {
        var queries = QueryScript.Parse("SELECT 1; SELEC (2 FROM; SELECT 3;");
        Assert.Equal(["SELECT 1", "SELEC (2 FROM", "SELECT 3"], queries.Select(q => q.Sql));
    }

    [Fact]
    public void Names_given_twice_are_told_apart() =>
        Assert.Equal(["a", "a (2)"], QueryScript.Parse("-- name: a\nSELECT 1;\n-- name: a\nSELECT 2").Select(q => q.Name));

    [Theory]
    [InlineData("much")]
    [InlineData("-3")]
    [InlineData("0")]
    public void A_weight_that_is_no_positive_number_is_refused_with_its_line(string weight)
    {
        var error = Assert.Throws<SqlInputException>(() => QueryScript.Parse($"SELECT 1;\n-- weight: {weight}\nSELECT 2"));
        Assert.Contains("Line 2", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  -- only a comment\n;;")]
    public void Nothing_gives_no_queries(string text) => Assert.Empty(QueryScript.Parse(text));
}
