using AgentHost.Sql.Statements;

namespace AgentHost.Sql.Tests;

/// <summary>Maintenance, rights, routines and what conditions say.</summary>
public sealed class UtilityStatementTests
{
    private static T Only<T>(string sql) where T : Statement => Assert.IsType<T>(Assert.Single(SqlParser.Parse(sql).Statements));

    [Theory]
    [InlineData("VACUUM FULL a", true, true)]
    [InlineData("VACUUM (FULL, ANALYZE) a", true, true)]
    [InlineData("VACUUM (FULL false) a", true, false)]
    [InlineData("VACUUM (FULL off) a", true, false)]
    [InlineData("ANALYZE a", false, false)]
    public void Vacuum_is_full_where_the_option_is_on(string sql, bool isVacuum, bool isFull) =>
        Assert.Equal((isVacuum, isFull), (Only<Vacuum>(sql).IsVacuum, Only<Vacuum>(sql).IsFull));

    [Theory]
    [InlineData("REINDEX (CONCURRENTLY) INDEX s.i", ReindexTarget.Index, "s.i", true)]
    [InlineData("REINDEX TABLE CONCURRENTLY t", ReindexTarget.Table, "t", true)]
    [InlineData("REINDEX SCHEMA s", ReindexTarget.Schema, "s", false)]
    public void Reindex_says_what_and_how(string sql, ReindexTarget target, string name, bool concurrently)
    {
        var reindex = Only<Reindex>(sql);
        Assert.Equal((target, name, concurrently), (reindex.Target, reindex.Name!.ToString(), reindex.Concurrently));
    }

    [Fact]
    public void A_lock_has_its_mode() =>
        Assert.Equal(LockMode.ShareRowExclusive, Only<LockTable>("LOCK TABLE a, ONLY b IN SHARE ROW EXCLUSIVE MODE NOWAIT").Mode);

    [Fact]
    public void A_policy_has_its_conditions()
    {
        var policy = Only<CreatePolicy>("CREATE POLICY p ON s.t AS RESTRICTIVE FOR UPDATE TO public USING ((a = 1)) WITH CHECK (b > 2)");
        Assert.Equal(("p", "s.t", false, "update", "(a = 1)", "b > 2"),
            (policy.Name, policy.Table.ToString(), policy.IsPermissive, policy.Command, policy.Using!.Text, policy.WithCheck!.Text));
    }

    [Theory]
    [InlineData("SET search_path = a, pg_temp", true)]
    [InlineData("SET search_path FROM CURRENT", true)]
    [InlineData("SET work_mem = '1MB'", false)]
    [InlineData("", false)]
    public void A_function_tells_whether_its_search_path_is_fixed(string clause, bool pinned)
    {
        var function = Only<CreateFunction>($"CREATE FUNCTION f() RETURNS int LANGUAGE sql STABLE SECURITY DEFINER {clause} AS 'SELECT 1'");
        Assert.Equal((true, pinned, "stable", "SELECT 1"), (function.IsSecurityDefiner, function.PinsSearchPath, function.Volatility, function.Body));
    }

    [Theory]
    [InlineData("GRANT SELECT ON a TO public", true, true, false)]
    [InlineData("GRANT ALL ON ALL TABLES IN SCHEMA s TO app, public", true, true, false)]
    [InlineData("REVOKE ALL ON a FROM public", false, true, false)]
    [InlineData("ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO app", true, false, true)]
    public void A_grant_tells_whom_it_is_for(string sql, bool isGrant, bool toPublic, bool isDefault) =>
        Assert.Equal((isGrant, toPublic, isDefault), (Only<Grant>(sql).IsGrant, Only<Grant>(sql).ToPublic, Only<Grant>(sql).IsDefault));

    [Theory]
    [InlineData("id = 1", "id = 1")]
    [InlineData("7 < t.id AND x IS NULL", "id > 7")]
    [InlineData("id IN (1, 2) AND a = $1", "id = 1,2; a = $1")]
    [InlineData("id BETWEEN -1 AND '5'::bigint", "id >= -1; id <= 5")]
    [InlineData("id = ANY (ARRAY[1, 2])", "id = 1,2")]
    [InlineData("id = 1 OR a = 2", "")]
    [InlineData("id = b AND at < now()", "")]
    [InlineData("NOT (id = 1)", "")]
    public void A_condition_tells_what_it_compares_with_constants(string where, string expected)
    {
        var said = Only<RowStatement>($"DELETE FROM t WHERE {where} RETURNING id").Where!.Comparisons;
        Assert.Equal(expected.Split("; ", StringSplitOptions.RemoveEmptyEntries).Order(), said.Select(c => $"{c.Column} {c.Operator} {string.Join(',', c.Values)}").Order());
    }

    [Fact]
    public void A_partition_has_its_bound()
    {
        var attach = Assert.IsType<AttachPartition>(Only<AlterTable>("ALTER TABLE a ATTACH PARTITION b FOR VALUES FROM ('2026-01-01'::date, MINVALUE) TO (5, MAXVALUE)").Actions.Single());
        Assert.Equal<string?>(["2026-01-01", null], attach.Bound!.Lower);
        Assert.Equal<string?>(["5", null], attach.Bound.Upper);
        Assert.Null(Only<CreateTable>("CREATE TABLE c PARTITION OF a DEFAULT").Bound);
    }

    [Fact]
    public void The_model_knows_volatility_policies_and_domains()
    {
        var model = SchemaModel.Empty.Apply(SqlParser.Parse("""
            CREATE FUNCTION f() RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1'; CREATE FUNCTION g() RETURNS int LANGUAGE sql AS 'SELECT 1';
            CREATE TABLE t (id bigint, z zip); ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON t USING (true); CREATE POLICY q ON t USING (true); DROP POLICY q ON t;
            CREATE DOMAIN zip AS text; ALTER DOMAIN zip ADD CONSTRAINT c CHECK (VALUE <> '') NOT VALID; ALTER DOMAIN zip VALIDATE CONSTRAINT c;
            """));
        Assert.Equal([false, true, true, false, null],
            new[] { "f", "g", "random", "now", "nobodys" }.Select(name => model.IsVolatile(new QualifiedName(null, name))));
        Assert.True(model.Table(new(null, "t"))!.HasRowSecurity);
        Assert.Equal("p", Assert.Single(model.Table(new(null, "t"))!.Policies).Name);
        Assert.False(model.Domain(new(null, "zip"))!.Constraints.Single().NotValid);
        Assert.Equal("z", model.ColumnsOfType(new(null, "zip")).Single().Column.Name);
    }
}
