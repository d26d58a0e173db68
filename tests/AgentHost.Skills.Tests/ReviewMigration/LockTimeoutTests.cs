using static AgentHost.Skills.Tests.ReviewMigration.Reviewing;

namespace AgentHost.Skills.Tests.ReviewMigration;

/// <summary>A timeout counts where it is in force.</summary>
public sealed class LockTimeoutTests
{
    private const string Alter = "ALTER TABLE orders ADD COLUMN x text;";

    [Theory]
    [InlineData($"SET lock_timeout = '2s'; {Alter}")]
    [InlineData($"SET lock_timeout TO 2000; {Alter}")]
    [InlineData($"BEGIN; SET LOCAL lock_timeout = '2s'; {Alter} COMMIT;")]
    [InlineData($"SELECT set_config('lock_timeout', '2s', false); {Alter}")]
    [InlineData($"BEGIN; SELECT set_config('lock_timeout', '2s', true), set_config('statement_timeout', '9s', true); {Alter} COMMIT;")]
    [InlineData("CREATE TABLE t (a int); ALTER TABLE t ADD b int; CREATE INDEX ON t (a); DROP TABLE t;")]
    [InlineData("CREATE INDEX CONCURRENTLY i ON orders (note); ALTER TABLE orders VALIDATE CONSTRAINT c; ALTER TABLE orders ALTER qty SET STATISTICS 9;")]
    [InlineData("UPDATE orders SET qty = 1 WHERE id = 1; COMMENT ON TABLE orders IS ''; GRANT SELECT ON orders TO PUBLIC; ALTER INDEX orders_pkey RENAME TO p;")]
    public async Task Nothing_is_said_where_it_is_in_force_or_not_needed(string sql) =>
        Assert.DoesNotContain("missing-lock-timeout", (await ReviewAsync(sql)).Findings.Select(finding => finding.Rule));

    [Theory]
    [InlineData(Alter, "")]
    [InlineData($"SET lock_timeout = 0; {Alter}", "not in force")]
    [InlineData($"SET lock_timeout = '2s'; RESET lock_timeout; {Alter}", "not in force")]
    [InlineData($"SET lock_timeout = '2s'; RESET ALL; {Alter}", "not in force")]
    [InlineData($"SET lock_timeout = '2s'; SET lock_timeout TO DEFAULT; {Alter}", "not in force")]
    [InlineData($"SET LOCAL lock_timeout = '2s'; {Alter}", "does nothing outside a transaction")]
    [InlineData($"BEGIN; SET LOCAL lock_timeout = '2s'; COMMIT; {Alter}", "not in force")]
    [InlineData($"BEGIN; SET lock_timeout = '2s'; ROLLBACK; {Alter}", "not in force")]
    [InlineData($"SET statement_timeout = '2s'; {Alter}", "")]
    [InlineData("CREATE TABLE t (c bigint REFERENCES customers (id));", "")]
    [InlineData("DROP INDEX orders_pkey;", "")]
    public async Task It_is_missed_where_it_is_not_set_or_not_in_force_any_more(string sql, string words)
    {
        var finding = Assert.Single((await ReviewAsync(sql)).Findings, found => found.Rule == "missing-lock-timeout");
        Assert.Contains(words, finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_finding_stands_for_a_whole_stretch()
    {
        var finding = Assert.Single((await ReviewAsync("ALTER TABLE orders ADD a int; ALTER TABLE orders ADD b int; ALTER TABLE customers ADD c int;")).Findings);
        Assert.EndsWith("So do 2 statements more below.", finding.Message, StringComparison.Ordinal);
    }
}
