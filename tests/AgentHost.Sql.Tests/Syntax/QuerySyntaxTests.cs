using AgentHost.Sql.Syntax;

namespace AgentHost.Sql.Tests.Syntax;

public sealed class QuerySyntaxTests
{
    public static TheoryData<string> Statements => new(
        "SELECT a.x, lower(b.email) AS mail FROM s.a AS a JOIN b ON b.a_id = a.id AND (b.x + 1) * 2 > 5 WHERE (a.created_at)::date = '2025-01-01' ORDER BY a.x DESC NULLS LAST LIMIT 10 OFFSET 5000",
        "SELECT count(*) FILTER (WHERE x > 1), sum(y) OVER (PARTITION BY z ORDER BY q), percentile_cont(0.5) WITHIN GROUP (ORDER BY x) FROM t",
        "SELECT 1 FROM t WHERE extract(year from ts) = 2025 AND ts AT TIME ZONE 'UTC' > timestamp '2020-01-01' AND date_trunc('month', ts) = $1::timestamptz",
        "SELECT 1 FROM t WHERE x IN (1, -2, 3) AND y NOT IN ('a', 'b') AND z = ANY ($1::int[]) AND w = ANY (ARRAY[1,2]) AND v BETWEEN 1 AND (2 + 3)",
        "SELECT 1 FROM t WHERE NOT (a OR (b AND c)) OR (d IS NOT NULL AND e IS NULL) OR f IS TRUE OR g IS DISTINCT FROM h",
        "SELECT CASE WHEN a = 1 THEN 'x' ELSE (SELECT max(b) FROM u WHERE u.i = t.i) END, coalesce(a, 0), CAST(a AS numeric(10, 2)), a::character varying(10), (ARRAY[1, 2])[1] FROM t",
        "SELECT 1 FROM t WHERE EXISTS (SELECT 1 FROM u WHERE u.t_id = t.id) AND id NOT IN (SELECT t_id FROM v) AND (SELECT count(*) FROM w WHERE w.t_id = t.id) > 0",
        "WITH c AS (SELECT id FROM t WHERE a = 1 LIMIT 3) SELECT c.id FROM c, LATERAL (SELECT * FROM u WHERE u.id = c.id) l(x, y) WHERE (c.id, l.x) > (1, 'ö') /* grüße */ AND l.y LIKE 'a%' ESCAPE '!'",
        "SELECT x FROM a WHERE x = 1 UNION ALL (SELECT y FROM b WHERE y = 'é' LIMIT 1) ORDER BY 1 LIMIT 5",
        "SELECT data->>'k', data #>> '{a,b}', tags @> ARRAY['x']::text[], (r).f, interval '1 day' * 2, current_date - 1, position('a' in b), trim(both 'x' from c), substring(d from 1 for 3) FROM t",
        "UPDATE t SET a = a + 1, b = $2 FROM u WHERE u.id = t.id AND date(t.created_at) = $1",
        "DELETE FROM t * AS x USING u WHERE x.id = u.id AND -x.a = +3");

    [Theory]
    [MemberData(nameof(Statements))]
    public void Every_expression_is_found_at_its_place(string sql)
    {
        var query = QuerySyntax.Read(sql)!;
        var nodes = query.Levels().SelectMany(l => l.Expressions()).SelectMany(e => e.All()).Where(n => n is { Kind: not (NodeKind.Star or NodeKind.Other), Range.IsNone: false, Name: not "like_escape" }).ToList();
        Assert.NotEmpty(nodes);
        foreach (var node in nodes)
        {
            var text = query.TextOf(node.Range);
            // NOT IN is one operator in the text, and two nodes.
            if (node.Kind == NodeKind.InQuery && text.Contains("NOT IN", StringComparison.Ordinal))
                continue;
            var alone = QuerySyntax.Read("SELECT " + text)!.Top.Targets;
            Assert.True(alone.Length == 1 && Describe(alone[0].Value) == Describe(node), $"{text}\n{Describe(node)}");
        }
    }

    [Fact]
    public void Levels_and_items_of_from_are_found_at_their_places()
    {
        const string sql = "WITH c AS (SELECT 1) SELECT DISTINCT a.id FROM ONLY s.a AS a LEFT JOIN (b x JOIN c ON true) USING (id), generate_series(1, 3) g(i) WHERE a.id IN (SELECT id FROM d FOR UPDATE) ORDER BY 1 DESC NULLS LAST; ";
        var query = QuerySyntax.Read(sql)!;
        Assert.Equal(
            [
                "SELECT DISTINCT a.id FROM ONLY s.a AS a LEFT JOIN (b x JOIN c ON true) USING (id), generate_series(1, 3) g(i) WHERE a.id IN (SELECT id FROM d FOR UPDATE) ORDER BY 1 DESC NULLS LAST",
                "SELECT 1", "SELECT id FROM d FOR UPDATE",
            ],
            query.Levels().Select(l => query.TextOf(l.Range)));
        Assert.Equal(["ONLY s.a AS a", "b x", "c", "generate_series(1, 3) g(i)"], query.Top.From.SelectMany(f => f.Leaves()).Select(f => query.TextOf(f.Range)));
        Assert.Equal(FromKind.CommonTable, query.Top.From[0].Leaves().Last().Kind);
        Assert.Equal("ONLY s.a AS a LEFT JOIN (b x JOIN c ON true) USING (id)", query.TextOf(query.Top.From[0].Range));
    }

    private static string Describe(SyntaxNode node) =>
        $"{node.Kind} {node.Name} {string.Join('.', node.Path)} {node.Number} {node.Value} {node.Constant}({string.Join(", ", node.Parts.Select(Describe))})";
}
