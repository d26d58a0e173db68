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
            var finding = (await ReviewAsync(bad.Sql, page.Schema, transaction: bad.Transaction, prove: page.NeedsProof, remarks: true)).Findings.Single(found => found.Rule == id);
            if (finding.Fix is not { Moves: false } fix || finding.Span.Length == 0)
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
            var findings = (await ReviewAsync(bad.Sql, page.Schema, transaction: bad.Transaction, prove: true, remarks: true)).Findings;
            if (page.IsSettledByProof)
            {
                Assert.DoesNotContain(findings, candidate => candidate.Rule == id);
                continue;
            }

            var finding = findings.Single(candidate => candidate.Rule == id);
            Assert.All(findings, candidate => Assert.True(candidate.Rule == id || candidate.Rule is not ("observed-hazard" or "unproven-claim" or "invalid-sql"), candidate.Message));
            Assert.Equal(bad.SqlState, finding.Evidence.OfType<ErrorObserved>().SingleOrDefault()?.SqlState);
            if (bad.SqlState is not null)
                continue;
            Assert.Equal(page.Front["rewrites"] == "true", finding.Evidence.OfType<RewriteObserved>().Any());
            if (finding.Lock is { } mode)
            {
                Assert.Equal(page.Front["lock"], mode.ToSql());
                Assert.Contains(finding.Evidence.OfType<LockObserved>(), seen => seen.Lock == mode);
            }

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
            var reviewed = await ReviewAsync(example.Sql, page.Schema, prove: true, remarks: true);
            Assert.Null(reviewed.Notes);
            Assert.Empty(reviewed.Findings.Where(finding => finding.Severity > Severity.Info || finding.Rule == id || finding.Rule == "unproven-claim"));
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
        // A step that waits for the application's own backfill fails on rows that nobody filled.
        Assert.DoesNotContain(fixedFile.Notes ?? [], note => !note.Contains("made-up rows", StringComparison.Ordinal));
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

    [Theory]
    [InlineData("DO $$ BEGIN CREATE INDEX ON orders (qty); END $$", "Reads all of orders under SHARE")]
    [InlineData("DO $$ BEGIN ALTER TABLE orders ADD COLUMN x int NOT NULL; END $$", "Reads all of orders under ACCESS EXCLUSIVE")]
    [InlineData("DO $$ BEGIN EXECUTE 'ALTER TABLE orders ALTER qty TYPE bigint'; END $$", "Writes all of orders anew under ACCESS EXCLUSIVE")]
    [InlineData("DO $$ BEGIN DROP TABLE customers; DROP TABLE orders; END $$", "customers, orders are gone")]
    [InlineData("DROP SCHEMA public CASCADE", "customers, orders are gone")]
    [InlineData("DROP OWNED BY current_user CASCADE", "customers, orders are gone")]
    [InlineData("CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $f$ BEGIN DROP TABLE orders; END $f$; SELECT f()", "orders is gone")]
    [InlineData("CREATE PROCEDURE p() LANGUAGE plpgsql AS $f$ BEGIN ALTER TABLE orders ADD CHECK (qty > 0); END $f$; CALL p()", "Reads all of orders")]
    [InlineData("PREPARE p AS SELECT 1; EXECUTE p; DO $$ BEGIN ALTER TABLE orders ADD u uuid DEFAULT gen_random_uuid(); END $$", "Writes all of orders anew")]
    public async Task What_a_run_sees_and_no_rule_tells_is_a_hazard(string sql, string words)
    {
        var reviewed = await ReviewAsync("SET lock_timeout = '2s';\n" + sql, prove: true);
        Assert.Equal(Verdict.Unsafe, reviewed.Verdict);
        Assert.Contains(reviewed.Findings, finding => finding.Severity == Severity.Error && !finding.IsAdvice
            && (finding.Rule != "observed-hazard" || finding.Message.Contains(words, StringComparison.Ordinal)));
        Assert.DoesNotContain(reviewed.Findings, finding => finding.Rule == "opaque-dynamic-ddl");
    }

    [Theory]
    [InlineData("DO $$ BEGIN EXECUTE 'ALTER TABLE ' || lower('ORDERS') || ' ADD COLUMN x int'; END $$", true)]
    [InlineData("DO $$ BEGIN ALTER TABLE orders ADD COLUMN x int; END $$", false)]
    [InlineData("DO $$ BEGIN PERFORM 1; END $$", false)]
    [InlineData("DO $$ BEGIN CREATE TABLE fresh (id int); CREATE INDEX ON fresh (id); END $$", false)]
    public async Task A_brief_strong_lock_of_unread_code_is_a_warning_and_no_lock_is_none(string sql, bool warns) =>
        Assert.Equal(warns ? Verdict.Caution : Verdict.Safe, (await ReviewAsync("SET lock_timeout = '2s';\n" + sql, prove: true)).Verdict);

    [Theory]
    [InlineData("ALTER TABLE orders ADD CONSTRAINT c CHECK (qty > 0) NOT VALID; ALTER TABLE orders VALIDATE CONSTRAINT c;")]
    [InlineData("ALTER TABLE orders ADD COLUMN x int; UPDATE orders SET x = 1;")]
    public async Task Work_on_a_whole_table_under_an_earlier_lock_of_the_transaction_is_a_hazard(string sql)
    {
        const string timeout = "SET lock_timeout = '2s';\n";
        var together = await ReviewAsync(timeout + sql, transaction: TransactionMode.On, prove: true);
        Assert.Equal(Verdict.Unsafe, together.Verdict);
        var apart = await ReviewAsync(timeout + sql, transaction: TransactionMode.Off, prove: true);
        Assert.DoesNotContain(apart.Findings, finding => finding.Rule == "observed-hazard");
    }

    [Fact]
    public async Task Lock_rewrites_and_scans_of_a_finding_follow_what_was_seen()
    {
        var findings = (await ReviewAsync("ALTER TABLE orders ADD COLUMN u uuid NOT NULL DEFAULT gen_random_uuid();", prove: true)).Findings;
        Assert.All(findings, finding => Assert.Equal(finding.Evidence.OfType<RewriteObserved>().Any(), finding.Rewrites));
        Assert.All(findings, finding => Assert.Equal(finding.Evidence.OfType<ScanObserved>().Any(), finding.Scans));
        Assert.Contains(findings, finding => finding.Rewrites && finding.Lock == LockMode.AccessExclusive);
    }

    [Fact]
    public async Task A_table_with_many_indexes_is_told_with_their_number()
    {
        string indexes = string.Concat(Enumerable.Range(0, 9).Select(i => $"CREATE INDEX i{i} ON orders (qty, id);"));
        var finding = (await ReviewAsync("ALTER TABLE orders ALTER note TYPE varchar(9);", Shop + indexes, prove: true)).Findings.First(found => found.Rule == "column-type-rewrite");
        Assert.Contains(new RewriteObserved("orders") { Indexes = 10 }, finding.Evidence);
        Assert.True(finding.Evidence.Length < 6, string.Join('\n', finding.Evidence));
    }

    [Fact]
    public async Task A_failure_is_told_even_where_a_finding_says_something_else_about_the_statement()
    {
        var reviewed = await ReviewAsync("DROP TABLE customers;", "CREATE TABLE customers (id int); CREATE VIEW v AS SELECT id FROM customers;", prove: true);
        Assert.Contains(reviewed.Findings, finding => finding.Rule != "drop-table" && !finding.IsAdvice && finding.Evidence.OfType<ErrorObserved>().Any(error => error.SqlState == "2BP01"));
    }

    [Fact]
    public async Task A_dump_with_owners_grants_and_policies_of_roles_that_are_not_here_serves_as_a_schema()
    {
        const string dump = """
            CREATE SCHEMA app AUTHORIZATION shop_owner;
            CREATE TABLE public.t (a integer, owner text);
            ALTER TABLE public.t OWNER TO shop_owner;
            CREATE FUNCTION public.one(a integer) RETURNS integer LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT 2; END;
            ALTER FUNCTION public.one(a integer) OWNER TO shop_owner;
            ALTER TABLE public.t ENABLE ROW LEVEL SECURITY;
            CREATE POLICY p ON public.t TO shop_readers USING (true);
            COMMENT ON EXTENSION plpgsql IS 'PL/pgSQL procedural language';
            REVOKE ALL ON SCHEMA public FROM PUBLIC;
            GRANT SELECT ON TABLE public.t TO shop_readers;
            ALTER DEFAULT PRIVILEGES FOR ROLE shop_owner IN SCHEMA public GRANT SELECT ON TABLES TO shop_readers;
            SELECT pg_catalog.set_config('search_path', '', false);
            """;
        var reviewed = await ReviewAsync("SET lock_timeout = '2s'; ALTER TABLE public.t ALTER a TYPE bigint; GRANT SELECT ON public.t TO shop_writers;", dump, prove: true);
        Assert.Contains(new RewriteObserved("t"), reviewed.Findings.Single(finding => finding.Rule == "column-type-rewrite").Evidence);
        Assert.Equal("The schema has no role shop_writers; for the proof it was made.", Assert.Single(reviewed.Notes!));
    }

    [Theory]
    [InlineData("UPDATE alembic_version SET version_num = 'b' WHERE alembic_version.version_num = 'a';")]
    [InlineData("INSERT INTO \"schema_migrations\" (version) VALUES ('20260101');")]
    [InlineData("INSERT INTO schema_migrations (version, dirty) VALUES (7, false);")]
    [InlineData("INSERT INTO public.flyway_schema_history (installed_rank, version) VALUES (1, '1');")]
    [InlineData("INSERT INTO \"__EFMigrationsHistory\" (\"MigrationId\", \"ProductVersion\") VALUES ('1', '9.0');")]
    [InlineData("INSERT INTO goose_db_version (version_id, is_applied) VALUES (1, true);")]
    [InlineData("INSERT INTO atlas_schema_revisions.atlas_schema_revisions (version, description) VALUES ('1', 'a');")]
    [InlineData("CREATE TABLE alembic_version (version_num varchar(32) NOT NULL); INSERT INTO alembic_version VALUES ('a');")]
    public async Task A_runners_own_table_is_there_in_a_proof(string sql)
    {
        var reviewed = await ReviewAsync(sql, prove: true);
        Assert.DoesNotContain(reviewed.Findings, finding => finding.Severity == Severity.Error);
        Assert.Null(reviewed.Notes);
    }

    [Fact]
    public async Task A_proof_goes_on_behind_a_table_that_was_dropped()
    {
        var reviewed = await ReviewAsync("SET lock_timeout = '2s'; DROP TABLE customers; CREATE INDEX CONCURRENTLY ON orders (qty);", prove: true);
        Assert.Equal(["drop-table"], reviewed.Findings.Select(finding => finding.Rule).Where(rule => rule != "drop-cascade"));
        Assert.Null(reviewed.Notes);
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
        Assert.Contains(new LockObserved("t", LockMode.Share), result.Files[1].Findings.Single(finding => !finding.IsRemark).Evidence);
    }

    [Theory]
    [InlineData("SELECT pg_sleep(3600);")]
    [InlineData("SET statement_timeout = 0; DO $$ BEGIN LOOP PERFORM 1; END LOOP; END $$;")]
    [InlineData("CREATE TABLE big AS SELECT g FROM generate_series(1, 1000000000000) g;")]
    public async Task A_statement_without_an_end_is_given_up_and_the_rest_is_judged_by_its_text(string sql)
    {
        var reviewed = await ReviewAsync($"SET lock_timeout = '2s'; {sql} CREATE INDEX i ON orders (note);", prove: true);
        Assert.Contains(reviewed.Notes!, note => note.Contains("gave up after", StringComparison.Ordinal));
        Assert.Contains(reviewed.Findings, finding => finding.Rule == "index-not-concurrent" && finding.Evidence.OfType<Stated>().Any());
    }

    [Fact]
    public async Task What_fails_on_made_up_rows_alone_is_a_note_and_the_rest_is_still_seen()
    {
        var reviewed = await ReviewAsync("SET lock_timeout = '2s'; UPDATE orders SET id = 1; CREATE INDEX i ON orders (note);", prove: true);
        Assert.Contains("made-up rows", Assert.Single(reviewed.Notes!), StringComparison.Ordinal);
        Assert.Contains(new LockObserved("orders", LockMode.Share), reviewed.Findings.Single(finding => finding.Rule == "index-not-concurrent").Evidence);
    }

    [Fact]
    public async Task A_required_column_without_a_default_is_seen_to_fail_on_rows_and_the_rest_is_still_seen()
    {
        var reviewed = await ReviewAsync("SET lock_timeout = '2s'; ALTER TABLE orders ADD COLUMN z text NOT NULL; CREATE INDEX i ON orders (note);", prove: true);
        Assert.Contains(reviewed.Findings.Single(finding => finding.Rule == "add-column-not-null-no-default").Evidence, evidence => evidence is ErrorObserved { SqlState: "23502" });
        Assert.Contains(new LockObserved("orders", LockMode.Share), reviewed.Findings.Single(finding => finding.Rule == "index-not-concurrent").Evidence);
    }

    [Fact]
    public async Task A_dump_with_rows_serves_as_a_schema()
    {
        const string dump = "\\restrict abc\nSET search_path = '';\nCREATE TABLE public.t (a integer);\nCOPY public.t (a) FROM stdin;\n1\n\\.\n\n\\unrestrict abc\n";
        var reviewed = await ReviewAsync("ALTER TABLE public.t ALTER a TYPE bigint;", dump, prove: true);
        Assert.Contains(new RewriteObserved("t"), reviewed.Findings.Single(finding => finding.Rule == "column-type-rewrite").Evidence);
    }

    [Fact]
    public async Task Policies_that_are_forced_on_the_owner_do_not_hide_the_rows_from_the_migration()
    {
        const string Schema = """
            CREATE TABLE tasks (id bigint PRIMARY KEY, tenant bigint NOT NULL, hours integer, points integer);
            ALTER TABLE tasks ENABLE ROW LEVEL SECURITY;
            ALTER TABLE tasks FORCE ROW LEVEL SECURITY;
            CREATE POLICY own ON tasks USING (tenant = current_setting('app.tenant')::bigint);
            """;
        var reviewed = await Reviewing.ReviewAsync("SET lock_timeout = '2s';\nUPDATE tasks SET points = coalesce(hours, 1);\nALTER TABLE tasks ALTER COLUMN points SET NOT NULL;", Schema, prove: true);
        Assert.DoesNotContain(reviewed.Findings, finding => finding.Rule is "unproven-claim" or "invalid-sql");
        Assert.Null(reviewed.Notes);
        Assert.Contains(reviewed.Findings.Single(finding => finding.Rule == "set-not-null-scan").Evidence, evidence => evidence is ScanObserved { Relation: "tasks" });
    }
}
