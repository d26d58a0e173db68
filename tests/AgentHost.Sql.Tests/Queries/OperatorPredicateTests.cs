using AgentHost.Sql.Queries;

namespace AgentHost.Sql.Tests.Queries;

/// <summary>Conditions that other methods than btree answer, alternatives, and orders by expressions.</summary>
public sealed class OperatorPredicateTests
{
    private static readonly Dictionary<string, string[]> Catalog = new(StringComparer.Ordinal)
    {
        ["docs"] = ["id", "tenant_id", "body", "title", "tags", "attrs", "during", "embedding", "status"],
        ["owners"] = ["id", "name", "doc_id"],
    };

    private static RelationUse First(string sql) => QueryAnalysis.Of(sql, name => Catalog.GetValueOrDefault(name.Name)).Relations[0];

    [Theory]
    [InlineData("tags @> ARRAY['x']", "tags @> Constant")]
    [InlineData("ARRAY['x'] <@ tags", "tags @> Constant")]
    [InlineData("attrs @> '{\"a\": 1}'", "attrs @> Constant")]
    [InlineData("attrs ? 'a'", "attrs ? Constant")]
    [InlineData("attrs -> 'deep' @> $1::jsonb", "(attrs -> 'deep') @> Parameter")]
    [InlineData("$1 = ANY (tags)", "tags = Parameter any")]
    [InlineData("tags && $1", "tags && Parameter")]
    [InlineData("to_tsvector('english', title || ' ' || body) @@ plainto_tsquery('english', $1)", "to_tsvector('english', ((title || ' ') || body)) @@ Expression")]
    [InlineData("title ILIKE '%x%'", "title ~~* Constant")]
    [InlineData("lower(title) LIKE '%x%'", "lower(title) ~~ Constant")]
    [InlineData("title NOT LIKE '%x%'", "title !~~ Constant")]
    [InlineData("title ~* 'abc'", "title ~* Constant")]
    [InlineData("now() <@ during", "during @> Expression")]
    [InlineData("tags @> tags", "")]
    [InlineData("title LIKE 'abc%'", "")]
    public void A_condition_by_an_operator_is_handed_over(string condition, string expected) =>
        Assert.Equal(expected, string.Join(", ", First($"SELECT 1 FROM docs WHERE {condition}").Operators.Select(o => $"{o.Key} {o.Operator} {o.Operand.Kind}{(o.OfAnyElement ? " any" : "")}")));

    [Fact]
    public void A_pattern_keeps_its_text() =>
        Assert.Equal("%red%", First("SELECT 1 FROM docs WHERE title ILIKE '%red%'").Operators.Single().Operand.Literals.Single().Value);

    [Fact]
    public void Arms_of_or_are_told_apart_and_restrict_nothing_together()
    {
        var use = First("SELECT 1 FROM docs WHERE status = 'x' AND (tenant_id = $1 OR (title = 'a' AND id > 5) OR tags @> '{b}')");
        Assert.Equal("status", Assert.Single(use.Predicates).Column);
        Assert.Empty(use.Operators);
        var arms = Assert.Single(use.Disjunctions).Arms;
        Assert.Equal(["tenant_id", "title id", ""], arms.Select(a => string.Join(' ', a.Predicates.Select(p => p.Column))));
        Assert.Equal("tags", arms[2].Operators.Single().Key);
        Assert.Equal(UnservedKind.Disjunction, Assert.Single(use.Unserved).Kind);
    }

    [Fact]
    public void Or_across_relations_restricts_none_of_them() =>
        Assert.Empty(First("SELECT 1 FROM docs d JOIN owners o ON o.doc_id = d.id WHERE d.title = 'a' OR o.name = 'b'").Disjunctions);

    [Fact]
    public void A_subquery_in_an_arm_is_read_once() =>
        Assert.Equal(2, QueryAnalysis.Of("SELECT 1 FROM docs d WHERE title = 'a' OR id IN (SELECT doc_id FROM owners)", n => Catalog.GetValueOrDefault(n.Name)).Relations.Length);

    [Theory]
    [InlineData("ORDER BY embedding <-> '[1,2]' LIMIT 5", "embedding <->")]
    [InlineData("ORDER BY $1 <=> embedding LIMIT 5", "embedding <=>")]
    [InlineData("ORDER BY 2 LIMIT 5", "embedding <#>")]
    [InlineData("ORDER BY embedding <-> '[1,2]' DESC LIMIT 5", "")]
    [InlineData("ORDER BY id", "")]
    public void An_order_by_distance_is_told(string order, string expected)
    {
        var use = First($"SELECT id, embedding <#> $1 FROM docs {order}");
        Assert.Equal(expected, use.Nearest is { } n ? $"{n.Key} {n.Operator}" : "");
        Assert.Equal(order == "ORDER BY id" ? 1 : 0, use.OrderBy.Length);
    }

    [Fact]
    public void An_order_by_an_expression_is_a_key()
    {
        var key = First("SELECT id, lower(title) AS t FROM docs WHERE tenant_id = $1 ORDER BY t DESC, id").OrderBy;
        Assert.Equal(["lower(title)", "id"], key.Select(k => k.Column));
        Assert.Equal("title", Assert.Single(key[0].ExpressionColumns));
        Assert.True(key[0].Descending);
        Assert.False(key[1].IsExpression);
    }
}
