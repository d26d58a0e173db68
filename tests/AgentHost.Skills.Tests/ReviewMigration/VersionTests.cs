using AgentHost.Skills.ReviewMigration;

namespace AgentHost.Skills.Tests.ReviewMigration;

/// <summary>What a statement needs is checked against the target's version.</summary>
public sealed class VersionTests
{
    [Theory]
    [InlineData("CREATE PROCEDURE p() LANGUAGE sql AS 'SELECT 1'", 11)]
    [InlineData("CREATE TABLE fresh (r datemultirange)", 14)]
    [InlineData("CREATE TABLE whole (a int PRIMARY KEY) PARTITION BY RANGE (a); ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES whole", 12)]
    [InlineData("VACUUM (SKIP_LOCKED) t", 12)]
    [InlineData("WITH x AS MATERIALIZED (SELECT 1) SELECT * FROM x", 12)]
    [InlineData("CREATE STATISTICS s (mcv) ON a, b FROM t", 12)]
    [InlineData("CREATE TABLE fresh (a int) USING heap", 12)]
    [InlineData("REINDEX TABLE CONCURRENTLY t", 12)]
    [InlineData("SELECT a FROM t ORDER BY a FETCH FIRST 3 ROWS WITH TIES", 13)]
    [InlineData("DROP DATABASE d WITH (FORCE)", 13)]
    [InlineData("ALTER TABLE t ALTER COLUMN a DROP EXPRESSION", 13)]
    [InlineData("SELECT count(*) FROM t GROUP BY DISTINCT rollup (a, b)", 14)]
    [InlineData("WITH RECURSIVE x AS (SELECT 1 AS n UNION ALL SELECT n FROM x) SEARCH DEPTH FIRST BY n SET o SELECT * FROM x", 14)]
    [InlineData("SELECT * FROM t JOIN u USING (id) AS j", 14)]
    [InlineData("CREATE STATISTICS s ON (lower(c)), b FROM t", 14)]
    [InlineData("ALTER TABLE t DETACH PARTITION p CONCURRENTLY", 14)]
    [InlineData("CREATE OR REPLACE TRIGGER x BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()", 14)]
    [InlineData("ALTER TABLE t ALTER COLUMN c SET COMPRESSION lz4", 14)]
    [InlineData("UPDATE t SET a = date_bin('1 day', now(), now()) WHERE id = 1", 14)]
    [InlineData("MERGE INTO t USING u ON t.id = u.id WHEN MATCHED THEN DELETE", 15)]
    [InlineData("CREATE UNIQUE INDEX CONCURRENTLY i ON t (a) NULLS NOT DISTINCT", 15)]
    [InlineData("CREATE PUBLICATION p FOR TABLES IN SCHEMA public", 15)]
    [InlineData("CREATE PUBLICATION p FOR TABLE t WHERE (a > 1)", 15)]
    [InlineData("CREATE UNLOGGED SEQUENCE s", 15)]
    [InlineData("GRANT SET ON PARAMETER work_mem TO r", 15)]
    [InlineData("GRANT a TO b WITH INHERIT FALSE", 16)]
    [InlineData("SELECT JSON_OBJECT('a': 1)", 16)]
    [InlineData("ALTER TABLE t ADD COLUMN k float DEFAULT random_normal()", 16)]
    [InlineData("MERGE INTO t USING u ON t.id = u.id WHEN MATCHED THEN DELETE RETURNING t.id", 17)]
    [InlineData("SELECT * FROM JSON_TABLE('[1]'::jsonb, '$[*]' COLUMNS (a int PATH '$'))", 17)]
    [InlineData("GRANT MAINTAIN ON t TO r", 17)]
    [InlineData("CREATE TABLE fresh (id uuid PRIMARY KEY DEFAULT uuidv7())", 18)]
    [InlineData("CREATE INDEX CONCURRENTLY i ON t (casefold(c))", 18)]
    public async Task A_statement_fails_on_the_versions_before_the_one_that_brought_what_it_uses(string sql, int since)
    {
        var before = (await Reviewing.ReviewAsync(sql, "", since - 1, TransactionMode.Off)).Findings;
        var finding = Assert.Single(before, finding => finding.Rule == "unsupported-on-version" && finding.Message.Contains($"with version {since}", StringComparison.Ordinal));
        Assert.StartsWith($"Fails on PostgreSQL {since - 1}: ", finding.Message, StringComparison.Ordinal);
        Assert.DoesNotContain((await Reviewing.ReviewAsync(sql, "", since, TransactionMode.Off)).Findings, finding => finding.Rule == "unsupported-on-version");
    }

    [Fact]
    public async Task A_function_of_the_team_that_bears_a_newer_name_is_known_on_every_version()
    {
        const string Schema = "CREATE FUNCTION uuidv7() RETURNS uuid LANGUAGE sql VOLATILE AS 'SELECT gen_random_uuid()';";
        Assert.DoesNotContain((await Reviewing.ReviewAsync("CREATE TABLE fresh (id uuid PRIMARY KEY DEFAULT uuidv7());", Schema, 14, TransactionMode.Off)).Findings, finding => finding.Rule == "unsupported-on-version");
    }
}
