using AgentHost.Postgres;
using AgentHost.Skills.ReviewMigration;
using AgentHost.Sql;
using Npgsql;
using static AgentHost.Skills.Tests.ReviewMigration.Reviewing;

namespace AgentHost.Skills.Tests.ReviewMigration;

/// <summary>What a run on a real PostgreSQL adds to a review, and that it agrees with what the pages claim.</summary>
public sealed class ProofTests
{
    public static TheoryData<string> Pages => [.. RulePage.Ids];

    /// <summary>Rules about an index that is built: the build reads the table without a scan that is counted.</summary>
    private static readonly string[] BuildsIndex =
    [
        "index-not-concurrent", "partitioned-parent-index-lock", "unique-constraint-builds-index", "primary-key-builds-index", "exclusion-constraint-lock",
    ];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task A_fix_on_a_page_runs_and_is_no_hazard_itself(string id)
    {
        var page = RulePage.Read(id);
        foreach (var bad in page.Of("bad").Where(example => example.Runs && example.SqlState is null))
        {
            var finding = (await ReviewAsync(bad.Sql, page.Schema)).Findings.Single(found => found.Rule == id);
            if (finding.Fix is not { } fix || finding.Span.Length == 0)
                continue;
            var statement = SqlParser.Parse(bad.Sql).Statements[finding.StatementIndex].Span;
            string replaced = id is "missing-lock-timeout" ? fix.Sql + "\n" + bad.Sql : bad.Sql[..statement.Start] + fix.Sql + "\n" + bad.Sql[statement.End..].TrimStart(';');
            var reviewed = await ReviewAsync(replaced, page.Schema, prove: true);
            Assert.Empty(reviewed.Findings.Where(found => found.Severity == Severity.Error).Select(found => $"{found.Rule}: {found.Message}\n{fix.Sql}"));
            Assert.Null(reviewed.Notes);
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task A_bad_example_does_on_a_server_what_its_page_claims(string id)
    {
        var page = RulePage.Read(id);
        foreach (var bad in page.Of("bad").Where(example => example.Runs))
        {
            var finding = (await ReviewAsync(bad.Sql, page.Schema, prove: true)).Findings.Single(candidate => candidate.Rule == id);
            Assert.Equal(bad.SqlState, finding.Evidence.OfType<ErrorObserved>().SingleOrDefault()?.SqlState);
            if (bad.SqlState is not null)
                continue;
            Assert.Equal(page.Front["rewrites"] == "true", finding.Evidence.OfType<RewriteObserved>().Any());
            if (finding.Lock is { } claimed && finding.Relation is not null)
                Assert.Contains(new LockObserved(finding.Relation!.ToString(), claimed), finding.Evidence);
            if (!BuildsIndex.Contains(id) && page.Front["rewrites"] == "false")
                Assert.Equal(page.Front["scans"] == "true", finding.Evidence.OfType<ScanObserved>().Any());
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task A_good_example_and_one_that_only_looks_bad_run(string id)
    {
        var page = RulePage.Read(id);
        foreach (var example in page.Of("good").Concat(page.Of("fine")))
        {
            var reviewed = await ReviewAsync(example.Sql, page.Schema, prove: true);
            Assert.Null(reviewed.Notes);
            Assert.Empty(reviewed.Findings.Where(finding => finding.Severity > Severity.Info || finding.Rule == id));
        }
    }

    [Theory]
    [InlineData("CREATE INDEX i ON orders (note);")]
    [InlineData("ALTER TABLE orders ALTER note SET NOT NULL;")]
    [InlineData("ALTER TABLE orders ADD FOREIGN KEY (customer_id) REFERENCES customers ON DELETE CASCADE;")]
    [InlineData("ALTER TABLE orders ADD CHECK (qty > 0);")]
    [InlineData("ALTER TABLE orders ADD COLUMN z text NOT NULL;")]
    [InlineData("ALTER TABLE orders RENAME TO o2;")]
    [InlineData("ALTER TABLE orders RENAME COLUMN note TO remark;")]
    public async Task A_fix_runs_and_is_clean_when_it_is_reviewed_itself(string sql)
    {
        var finding = (await ReviewAsync(sql)).Findings.First(found => !found.IsAdvice);
        var fixedFile = await ReviewAsync("SET lock_timeout = '2s';\n" + finding.Fix!.Sql, prove: true);
        Assert.Empty(fixedFile.Findings.Select(found => found.Message));
        Assert.Null(fixedFile.Notes);
    }

    [Theory]
    [InlineData("m", "CREATE INDEX m_at ON m (at);")]
    [InlineData("m", "ALTER TABLE m ADD CONSTRAINT k FOREIGN KEY (c) REFERENCES customers;")]
    public async Task The_fix_for_a_partitioned_table_runs_and_reads_nothing_under_a_strong_lock(string table, string sql)
    {
        const string schema = "CREATE TABLE m (at date, c bigint) PARTITION BY RANGE (at); CREATE TABLE m_1 PARTITION OF m FOR VALUES FROM ('2026-01-01') TO ('2027-01-01'); CREATE TABLE customers (id bigint PRIMARY KEY);";
        string fix = (await ReviewAsync(sql, schema)).Findings.First(found => !found.IsAdvice).Fix!.Sql;
        await using var server = await PrivateServer.ConnectAsync();
        await using var scratch = await server.CreateScratchAsync();
        await scratch.ExecuteAsync(schema + $"INSERT INTO {table} VALUES ('2026-05-05', NULL);");
        var observed = await MigrationObserver.ObserveAsync(scratch, SqlParser.Parse(fix), inTransaction: false);
        Assert.All(observed, statement => Assert.Null(statement.Error));
        Assert.All(observed, statement => Assert.False(
            !statement.ScannedRelations.IsEmpty && statement.Locks.Any(held => held.Mode.BlocksWrites()), $"{statement}"));
    }

    [Fact]
    public async Task An_error_without_a_finding_becomes_one_in_postgresqls_words()
    {
        var reviewed = await ReviewAsync("SET lock_timeout = '2s';\nALTER TABLE orders ADD COLUMN note text;", prove: true);
        var finding = Assert.Single(reviewed.Findings);
        Assert.Equal(("invalid-sql", 2), (finding.Rule, finding.Line));
        Assert.Equal(new ErrorObserved("42701", "column \"note\" of relation \"orders\" already exists"), finding.Evidence.Single());
    }

    [Fact]
    public async Task Without_the_schema_the_proof_says_what_it_needs()
    {
        var reviewed = await ReviewAsync("SET lock_timeout = '2s'; ALTER TABLE orders ADD COLUMN x text;", schema: null, prove: true);
        Assert.Empty(reviewed.Findings);
        Assert.Contains("--schema", reviewed.Notes![0], StringComparison.Ordinal);
        Assert.Contains("relation \"orders\" does not exist", reviewed.Notes[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_observed_on_another_version_than_the_target_says_so() =>
        Assert.Contains("the target is 14", (await ReviewAsync("SELECT 1;", version: 14, prove: true)).Notes!.Single(), StringComparison.Ordinal);

    [Fact]
    public async Task A_schema_that_does_not_run_is_named()
    {
        var reviewed = await ReviewAsync("SELECT 1;", schema: "SELECT 1;\nCREATE TABLE t (a nosuchtype);", prove: true);
        Assert.StartsWith("Not proven: schema.sql, line 2", reviewed.Notes!.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_in_order_run_one_after_another()
    {
        var result = await ReviewMigrationEngine.RunAsync(new ReviewRequest(
            [new("1.sql", "CREATE TABLE t (id bigint PRIMARY KEY);"), new("2.sql", "SET lock_timeout = 1; CREATE INDEX t_i ON t (id);")]) { InOrder = true, Prove = true });
        Assert.Contains(new LockObserved("public.t", LockMode.Share), result.Files[1].Findings.Single().Evidence);
    }

    [Fact]
    public async Task A_dump_with_rows_serves_as_a_schema()
    {
        const string dump = "\\restrict abc\nSET search_path = '';\nCREATE TABLE public.t (a integer);\nCOPY public.t (a) FROM stdin;\n1\n\\.\n\n\\unrestrict abc\n";
        var reviewed = await ReviewAsync("ALTER TABLE public.t ALTER a TYPE bigint;", dump, prove: true);
        Assert.Contains(new RewriteObserved("public.t"), reviewed.Findings.Single(finding => finding.Rule == "column-type-rewrite").Evidence);
    }
}
