using static AgentHost.Skills.Tests.ReviewMigration.Reviewing;

namespace AgentHost.Skills.Tests.ReviewMigration;

/// <summary>Which UPDATE, DELETE and MERGE change a share of a table that grows with it.</summary>
public sealed class RowChangeTests
{
    [Theory]
    [InlineData("WITH batch AS (SELECT id FROM orders WHERE note IS NULL LIMIT 500 FOR UPDATE SKIP LOCKED) UPDATE orders SET note = '' FROM batch WHERE orders.id = batch.id;")]
    [InlineData("WITH batch AS (SELECT id FROM orders LIMIT 500), picked AS (SELECT id FROM batch) DELETE FROM orders WHERE id IN (SELECT id FROM picked);")]
    [InlineData("UPDATE orders o SET note = v.note FROM (VALUES (1, 'a'), (2, 'b')) AS v(id, note) WHERE o.id = v.id AND o.note IS NULL;")]
    [InlineData("UPDATE orders SET note = '' FROM (SELECT id FROM orders ORDER BY id LIMIT 100) b WHERE b.id = orders.id;")]
    [InlineData("DELETE FROM orders USING (SELECT ctid FROM orders LIMIT 10) gone WHERE orders.ctid = gone.ctid;")]
    [InlineData("DELETE FROM orders WHERE ctid = ANY (ARRAY(SELECT ctid FROM orders WHERE state = 'void' LIMIT 500));")]
    [InlineData("DELETE FROM orders WHERE id IN (VALUES (1), (2));")]
    [InlineData("WITH gone AS (DELETE FROM orders WHERE id IN (SELECT id FROM orders LIMIT 100) RETURNING *) INSERT INTO orders SELECT * FROM gone;")]
    [InlineData("MERGE INTO customers c USING (VALUES (1, 'x')) v(id, name) ON c.id = v.id WHEN MATCHED THEN UPDATE SET name = v.name WHEN NOT MATCHED THEN INSERT VALUES (v.id, v.name);")]
    public async Task Rows_handed_over_by_values_or_a_limit_are_few(string sql) => Assert.Empty(await RulesOfAsync(sql));

    [Theory]
    [InlineData("WITH gone AS (DELETE FROM orders WHERE placed_at < '2020-01-01' RETURNING *) INSERT INTO archive SELECT * FROM gone;")]
    [InlineData("WITH old AS (SELECT id FROM orders WHERE placed_at < '2020-01-01') DELETE FROM orders USING old WHERE orders.id = old.id;")]
    [InlineData("UPDATE orders SET note = (SELECT name FROM customers c WHERE c.id = customer_id LIMIT 1) WHERE note IS NULL;")]
    [InlineData("UPDATE orders SET note = '' WHERE EXISTS (SELECT 1 FROM customers c WHERE c.id = customer_id LIMIT 1);")]
    [InlineData("UPDATE orders SET note = '' FROM (VALUES (1)) AS v(qty) WHERE orders.qty > v.qty;")]
    [InlineData("UPDATE orders SET note = '' WHERE id IN (SELECT id FROM orders LIMIT NULL);")]
    [InlineData("MERGE INTO orders o USING customers c ON o.customer_id = c.id WHEN MATCHED THEN DELETE;")]
    [InlineData("MERGE INTO orders o USING (VALUES (1)) v(id) ON o.id = v.id WHEN NOT MATCHED BY SOURCE THEN DELETE;")]
    public async Task A_limit_that_does_not_pick_the_rows_bounds_nothing(string sql) => Assert.Equal(["unbatched-dml"], await RulesOfAsync(sql));

    [Theory]
    [InlineData("INSERT INTO notes SELECT id FROM orders WHERE id = 7;", false)]
    [InlineData("INSERT INTO notes SELECT id FROM orders LIMIT 10;", false)]
    [InlineData("INSERT INTO notes VALUES (1), (2);", false)]
    [InlineData("INSERT INTO notes SELECT id FROM orders WHERE state = 'new';", true)]
    [InlineData("INSERT INTO notes SELECT o.id FROM orders o JOIN customers c ON c.id = o.customer_id WHERE c.id = 7;", true)]
    public async Task Copying_a_few_rows_is_no_slow_work(string sql, bool isSlow) => Assert.Equal(
        isSlow ? ["lock-held-across-slow-work"] : [],
        await RulesOfAsync("CREATE TABLE notes (id bigint PRIMARY KEY); ALTER TABLE customers ADD COLUMN x text;" + sql, transaction: AgentHost.Skills.ReviewMigration.TransactionMode.On));

    [Theory]
    [InlineData("CREATE TEMP TABLE t AS SELECT id FROM orders; CREATE INDEX ON pg_temp.t (id); UPDATE pg_temp.t SET id = 1; DROP TABLE pg_temp.t;")]
    [InlineData("CREATE TABLE pg_temp.t (id bigint); CREATE INDEX ON t (id); TRUNCATE t; DROP TABLE t;")]
    public async Task A_temporary_table_is_known_by_its_schema(string sql) => Assert.Empty(await RulesOfAsync(sql));
}
