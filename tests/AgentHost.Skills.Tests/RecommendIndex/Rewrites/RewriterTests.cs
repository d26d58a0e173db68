using AgentHost.Skills.RecommendIndex.Rewrites;
using AgentHost.Sql.Queries;

namespace AgentHost.Skills.Tests.RecommendIndex.Rewrites;

public sealed class RewriterTests(ShopDatabase shop) : IClassFixture<ShopDatabase>
{
    private List<QueryRewrite> Of(string sql) => [.. Rewriter.Of([new WeightedQuery("q", sql)], shop.Snapshot)];

    [Theory]
    [InlineData("SELECT id FROM orders WHERE date(created_at) = '2024-05-01'", "created_at >= date '2024-05-01' AND created_at < date '2024-05-01' + 1")]
    [InlineData("SELECT id FROM orders o WHERE o.created_at::date BETWEEN '2024-05-01' AND date '2024-05-03' AND status = 'open'", "o.created_at >= date '2024-05-01' AND o.created_at < date '2024-05-03' + 1 AND status")]
    [InlineData("SELECT id FROM orders WHERE CAST(shipped_at AS date) > '2025-01-01'", "shipped_at >= date '2025-01-01' + 1")]
    [InlineData("SELECT id FROM orders WHERE '2024-02-01' >= created_at::date", "created_at < date '2024-02-01' + 1")]
    [InlineData("SELECT id FROM orders WHERE (created_at AT TIME ZONE 'UTC')::date = '2024-05-01'", "created_at >= (date '2024-05-01')::timestamp AT TIME ZONE 'UTC'")]
    [InlineData("SELECT id FROM orders WHERE extract(year from created_at) = 2025", "created_at >= date '2025-01-01' AND created_at < date '2026-01-01'")]
    [InlineData("SELECT count(*) FROM orders WHERE date_part('year', due_on) <= 2024 AND total = 5", "due_on < date '2025-01-01'")]
    [InlineData("SELECT id FROM orders WHERE date_trunc('month', created_at) = '2024-07-01'", "created_at < timestamptz '2024-07-01' + interval '1 month'")]
    [InlineData("SELECT id FROM orders WHERE to_char(created_at, 'YYYY-MM') = '2024-12'", "created_at < date '2025-01-01'")]
    [InlineData("SELECT id FROM orders WHERE total + 10 = 50", "total = 50 - 10")]
    [InlineData("SELECT id FROM orders WHERE 100 - quantity > 60", "quantity < 100 - 60")]
    [InlineData("SELECT id FROM orders WHERE shipped_at + interval '3 hours' < '2024-03-01'", "shipped_at < timestamp '2024-03-01' - interval '3 hours'")]
    [InlineData("SELECT id FROM orders WHERE coalesce(status, 'none') = 'open'", "status = 'open'")]
    [InlineData("SELECT id FROM orders WHERE coalesce(quantity, 0) = 0", "(quantity = 0 OR quantity IS NULL)")]
    [InlineData("SELECT id FROM customers WHERE left(name, 10) = 'Customer 1'", "name LIKE 'Customer 1%'")]
    [InlineData("SELECT id FROM orders WHERE substring(note from 1 for 5) = 'note_'", "note LIKE 'note\\_%'")]
    [InlineData("SELECT name FROM customers WHERE id::text = '42'", "id = 42")]
    [InlineData("SELECT name FROM customers WHERE id = 42.0", "id = 42")]
    [InlineData("SELECT name FROM customers WHERE token::text = 'a1d0c6e8-3f02-7327-d846-1063f4ac58a6'", "token = 'a1d0c6e8-3f02-7327-d846-1063f4ac58a6'::uuid")]
    [InlineData("SELECT o.id /* keep */ FROM orders o JOIN customers c ON c.id = o.customer_id AND date(o.created_at) = '2024-05-02' -- at the end\n", "/* keep */")]
    [InlineData("SELECT id FROM customers c WHERE id NOT IN (SELECT o.customer_id FROM orders o WHERE o.status = 'open' OR o.total > 5)", "NOT EXISTS (SELECT 1 FROM orders o WHERE (o.status = 'open' OR o.total > 5) AND o.customer_id = c.id)")]
    [InlineData("SELECT id FROM customers WHERE id NOT IN (SELECT customer_id FROM blocked WHERE customer_id IS NOT NULL)", "NOT EXISTS (SELECT 1 FROM blocked WHERE customer_id IS NOT NULL AND customer_id = customers.id)")]
    [InlineData("SELECT c.id FROM customers c WHERE (SELECT count(*) FROM orders o WHERE o.customer_id = c.id AND o.status = 'open') > 0", "EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id AND o.status = 'open')")]
    [InlineData("SELECT c.id FROM customers c WHERE 0 = (SELECT count(o.id) FROM orders o WHERE o.customer_id = c.id)", "NOT EXISTS (SELECT 1 FROM orders o")]
    [InlineData("SELECT count(*) > 0 AS any_open FROM orders WHERE status = 'open'", "SELECT EXISTS (SELECT 1 FROM orders WHERE status = 'open') AS any_open")]
    [InlineData("SELECT DISTINCT c.id, c.name FROM customers c JOIN orders o ON o.customer_id = c.id WHERE o.status = 'open' AND c.region = 'EU'", "SELECT c.id, c.name FROM customers c WHERE c.region = 'EU' AND EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id AND o.status = 'open')")]
    [InlineData("SELECT DISTINCT region FROM customers c, orders o WHERE o.customer_id = c.id AND o.total = 7", "SELECT DISTINCT region FROM customers c WHERE EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id AND o.total = 7)")]
    [InlineData("SELECT o.id, c.name FROM orders o JOIN customers c ON c.id = o.customer_id WHERE (o.id < 50 OR c.name = 'Customer 77') AND o.total > 1", "UNION ALL")]
    [InlineData("SELECT o.id AS oid, o.created_at FROM orders o LEFT JOIN customers c ON c.id = o.referrer_id WHERE o.note = 'note_1' OR c.name = 'Customer 32' ORDER BY o.created_at DESC, oid LIMIT 5", "UNION ALL")]
    [InlineData("SELECT c.id FROM customers c WHERE c.region IS NULL OR c.id IN (SELECT customer_id FROM orders WHERE total = 3)", "UNION ALL")]
    public async Task The_rewritten_query_gives_the_same_rows(string sql, string holds)
    {
        var rewrite = Assert.Single(Of(sql));
        Assert.Contains(holds, rewrite.Sql, StringComparison.Ordinal);
        Assert.True(rewrite.IsExact, rewrite.Why);
        var rows = await shop.RowsAsync(sql);
        Assert.Equal(rows, await shop.RowsAsync(rewrite.Sql!));
        Assert.NotEmpty(rows);
        Assert.NotEmpty(await shop.Target.ExplainJsonAsync(rewrite.Sql!, analyze: false));
    }

    [Theory]
    [InlineData("SELECT id FROM orders WHERE id = 5 AND date(created_at) = '2024-05-01'")] // one row by its key
    [InlineData("SELECT code FROM countries WHERE left(code, 1) = 'd'")] // small
    [InlineData("SELECT name FROM customers WHERE lower(email) = 'c1@x.y'")] // an index on the expression
    [InlineData("SELECT id FROM orders WHERE created_at >= '2024-01-01' AND created_at < '2024-02-01'")]
    [InlineData("SELECT id FROM orders ORDER BY id LIMIT 20 OFFSET 40")]
    [InlineData("SELECT code FROM countries ORDER BY random() LIMIT 1")]
    [InlineData("SELECT c.id FROM customers c WHERE c.id IN (SELECT customer_id FROM orders WHERE total = 3)")]
    [InlineData("SELECT c.id FROM customers c WHERE EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id)")]
    [InlineData("SELECT DISTINCT status FROM orders")]
    [InlineData("SELECT DISTINCT o.id FROM orders o JOIN customers c ON c.id = o.customer_id")] // one customer an order
    [InlineData("SELECT c.name, o.id FROM customers c, orders o WHERE o.customer_id = c.id")]
    [InlineData("SELECT c.name, o.id FROM customers c, orders o WHERE c.id = 7 AND o.total = 5")]
    [InlineData("SELECT x.name FROM customers x CROSS JOIN lines")]
    [InlineData("SELECT id FROM orders WHERE status = 'open' OR total = 5")] // two indexes of one table
    [InlineData("SELECT count(*) FROM orders WHERE status = 'open'")]
    [InlineData("SELECT id FROM orders o WHERE date(o.created_at) = (SELECT date(shipped_at) FROM orders i WHERE i.id = o.id)")] // another row's value
    [InlineData("not sql")]
    [InlineData("SELECT 1; SELECT 2")]
    [InlineData("SELECT missing FROM nowhere WHERE date(missing) = '2024-01-01'")]
    public void A_query_that_is_well_as_it_is_gets_no_advice(string sql) => Assert.Empty(Of(sql));

    [Fact]
    public async Task A_page_by_keys_is_the_page_by_offset()
    {
        const string sql = "SELECT id, created_at, total FROM orders WHERE status = 'done' ORDER BY total DESC LIMIT 5 OFFSET 2000";
        var rewrite = Assert.Single(Of(sql));
        Assert.Equal("SELECT id, created_at, total FROM orders WHERE status = 'done' AND (total, id) < ($1, $2) ORDER BY total DESC, id DESC LIMIT 5", rewrite.Sql);
        var before = (await shop.RowsAsync("SELECT total, id FROM orders WHERE status = 'done' ORDER BY total DESC, id DESC LIMIT 1 OFFSET 1999"))[0].Trim('(', ')').Split(',');
        Assert.Equal(
            await shop.RowsAsync("SELECT id, created_at, total FROM orders WHERE status = 'done' ORDER BY total DESC, id DESC LIMIT 5 OFFSET 2000", sorted: false),
            await shop.RowsAsync(rewrite.Sql!.Replace("$1", before[0], StringComparison.Ordinal).Replace("$2", before[1], StringComparison.Ordinal), sorted: false));
    }

    [Fact]
    public async Task Keys_of_mixed_direction_are_compared_one_by_one()
    {
        var rewrite = Assert.Single(Of("SELECT o.id FROM orders o ORDER BY o.due_on DESC, o.id OFFSET 1500 ROWS FETCH FIRST 10 ROWS ONLY"));
        var sql = rewrite.Sql!.Replace("$1", "(SELECT due_on FROM orders ORDER BY due_on DESC, id OFFSET 1499 LIMIT 1)", StringComparison.Ordinal)
            .Replace("$2", "(SELECT id FROM orders ORDER BY due_on DESC, id OFFSET 1499 LIMIT 1)", StringComparison.Ordinal);
        Assert.Equal(await shop.RowsAsync("SELECT o.id FROM orders o ORDER BY o.due_on DESC, o.id OFFSET 1500 ROWS FETCH FIRST 10 ROWS ONLY", sorted: false), await shop.RowsAsync(sql, sorted: false));
    }

    [Theory]
    [InlineData("SELECT id FROM orders ORDER BY status LIMIT 10 OFFSET 5000", RewriteKind.LargeOffset, false)] // nullable
    [InlineData("SELECT id FROM orders LIMIT 10 OFFSET 5000", RewriteKind.LargeOffset, false)]
    [InlineData("SELECT id FROM customers WHERE id NOT IN (SELECT customer_id FROM blocked)", RewriteKind.NotInQuery, true)]
    [InlineData("SELECT c.name, o.id FROM customers c, orders o WHERE o.status = 'open'", RewriteKind.MissingJoin, true)]
    [InlineData("SELECT c.name FROM customers c, lines l WHERE l.amount = 3", RewriteKind.MissingJoin, false)]
    [InlineData("SELECT id FROM orders ORDER BY random() LIMIT 3", RewriteKind.RandomOrder, true)]
    [InlineData("SELECT id FROM orders WHERE status = 'open' ORDER BY random() LIMIT 3", RewriteKind.RandomOrder, false)]
    [InlineData("SELECT c.id FROM customers c JOIN orders o ON lower(c.name) = lower(o.note)", RewriteKind.FunctionJoin, false)]
    [InlineData("SELECT id FROM customers WHERE legacy_id = 77", RewriteKind.CastColumn, true)]
    [InlineData("SELECT id FROM customers WHERE legacy_id::int = 77", RewriteKind.CastColumn, true)]
    [InlineData("SELECT id FROM customers WHERE id = $1::numeric", RewriteKind.CastColumn, true)]
    [InlineData("SELECT id FROM orders WHERE now() - created_at < interval '7 days'", RewriteKind.WrappedColumn, true)]
    [InlineData("SELECT id FROM orders WHERE date_trunc('month', created_at) = $1", RewriteKind.WrappedColumn, true)]
    [InlineData("SELECT sum(o.total) FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.note = 'note_1' OR c.name = 'Customer 5'", RewriteKind.OrAcrossTables, false)]
    public async Task What_only_the_author_can_decide_is_said_and_not_called_the_same(string sql, RewriteKind kind, bool hasSql)
    {
        var rewrite = Assert.Single(Of(sql));
        Assert.Equal(kind, rewrite.Kind);
        Assert.False(rewrite.IsExact);
        Assert.Equal(hasSql, rewrite.Sql is not null);
        if (rewrite.Sql is not null)
            Assert.NotEmpty(await shop.Target.ExplainJsonAsync(rewrite.Sql, analyze: false));
    }

    [Theory]
    [InlineData("SELECT id FROM orders WHERE created_at::date = $1", "SELECT id FROM orders WHERE created_at >= $1::date AND created_at < $1::date + 1")]
    [InlineData("SELECT id FROM orders WHERE created_at::date = current_date - 3", "SELECT id FROM orders WHERE created_at >= current_date - 3 AND created_at < current_date - 3 + 1")]
    [InlineData("SELECT id FROM orders WHERE extract(year from created_at) = $2 AND total = $1", "SELECT id FROM orders WHERE created_at >= make_date($2::int, 1, 1) AND created_at < make_date($2::int + 1, 1, 1) AND total = $1")]
    [InlineData("SELECT id FROM orders WHERE coalesce(status, 'x') = $1", "SELECT id FROM orders WHERE (status = $1 OR (status IS NULL AND $1 = 'x'))")]
    [InlineData("SELECT id FROM orders WHERE quantity + 1 = $1", "SELECT id FROM orders WHERE quantity = $1 - 1")]
    public async Task Parameters_stay_parameters_and_keep_a_type(string sql, string rewritten)
    {
        var rewrite = Assert.Single(Of(sql));
        Assert.Equal(rewritten, rewrite.Sql);
        Assert.NotEmpty(await shop.Target.ExplainJsonAsync(rewrite.Sql!, analyze: false));
    }

    [Fact]
    public void A_correlated_in_is_an_exists_before_version_17()
    {
        const string sql = "SELECT c.id FROM customers c WHERE c.id IN (SELECT o.customer_id FROM orders o WHERE o.total > c.id)";
        Assert.Empty(Of(sql));
        var rewrite = Assert.Single(Rewriter.Of([new WeightedQuery("q", sql)], shop.Snapshot with { ServerVersionNum = 160004 }));
        Assert.Equal("SELECT c.id FROM customers c WHERE EXISTS (SELECT 1 FROM orders o WHERE o.total > c.id AND o.customer_id = c.id)", rewrite.Sql);
    }
}
