using AgentHost.Sql.Queries;

namespace AgentHost.Sql.Tests.Queries;

public sealed class ComparedConstantsTests
{
    [Theory]
    [InlineData("SELECT * FROM t WHERE a = 'x'", "SELECT * FROM t WHERE a = '<t.a = x>'")]
    [InlineData("SELECT * FROM t WHERE a <> ALL (ARRAY['x', 'y'])", "SELECT * FROM t WHERE a <> ALL (ARRAY['<t.a <> x>', '<t.a <> y>'])")]
    [InlineData("SELECT * FROM s.t AS u WHERE u.a NOT IN ('it''s', E'y')", "SELECT * FROM s.t AS u WHERE u.a NOT IN ('<s.t.a <> it''s>', '<s.t.a <> y>')")]
    [InlineData("SELECT * FROM t WHERE a BETWEEN date '2024-01-01' AND '2024-02-01'::date", "SELECT * FROM t WHERE a BETWEEN date '<t.a BETWEEN 2024-01-01>' AND '<t.a BETWEEN 2024-02-01>'::date")]
    [InlineData("SELECT * FROM t WHERE NOT (a LIKE '%x%' OR a ILIKE 'y')", "SELECT * FROM t WHERE NOT (a LIKE '<t.a ~~ %x%>' OR a ILIKE '<t.a ~~* y>')")]
    [InlineData("SELECT count(*) FILTER (WHERE a = 'x'), CASE WHEN a = 'y' THEN 'z' END FROM t", "SELECT count(*) FILTER (WHERE a = '<t.a = x>'), CASE WHEN a = '<t.a = y>' THEN 'z' END FROM t")]
    [InlineData("SELECT * FROM t WHERE a @> '{\"k\": 1}' AND a ->> 'k' = '1' AND b + 1 > c", "SELECT * FROM t WHERE a @> '<t.a @> {\"k\": 1}>' AND a ->> 'k' = '<t. = 1>' AND b + 1 > c")]
    [InlineData("SELECT 'x' = 'x', 'ü', a FROM t WHERE 'x' < a LIMIT 5", "SELECT 'x' = 'x', 'ü', a FROM t WHERE '<t.a < x>' < a LIMIT 5")]
    [InlineData("CREATE INDEX ON t (b) WHERE a = 'x'", "CREATE INDEX ON t (b) WHERE a = '<t.a = x>'")]
    public void Each_constant_is_replaced_with_what_it_is_compared_with_in_mind(string sql, string expected) =>
        Assert.Equal(expected, ComparedConstants.Replace(sql, c => $"<{c.Relations.Single().Table}.{c.Column} {c.Operator} {c.Value}>"));

    [Theory]
    [InlineData("SELECT FROM t WHERE v @@ plainto_tsquery('english', 'big cats')", "SELECT FROM t WHERE v @@ to_tsquery('simple', 'w')")]
    [InlineData("SELECT FROM t WHERE v @@ websearch_to_tsquery('big cats')", "SELECT FROM t WHERE v @@ to_tsquery('w')")]
    public void A_search_becomes_one_of_words_as_they_are(string sql, string expected)
    {
        Assert.Equal(("big cats", true), ComparedConstants.Of(sql).Where(c => c.Search is not null).Select(c => (c.Value, c.Search!.Value.Name.EndsWith("to_tsquery", StringComparison.Ordinal))).Single());
        Assert.Equal(expected, ComparedConstants.Replace(sql, c => c.Search is null ? null : "w"));
    }

    [Fact]
    public void What_nobody_replaces_stays_as_it_was_written() =>
        Assert.Equal("select  1 from t where a = 5 -- x", ComparedConstants.Replace("select  1 from t where a = 5 -- x", _ => null));
}
