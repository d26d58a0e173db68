using AgentHost.Skills.ReviewMigration;
using static AgentHost.Skills.Tests.ReviewMigration.Reviewing;

namespace AgentHost.Skills.Tests.ReviewMigration;

/// <summary>What migration tools write, as they write it.</summary>
public sealed class RunnerSampleTests
{
    private const string EntityFramework = """
        CREATE TABLE IF NOT EXISTS "__EFMigrationsHistory" (
            "MigrationId" character varying(150) NOT NULL,
            "ProductVersion" character varying(32) NOT NULL,
            CONSTRAINT "PK___EFMigrationsHistory" PRIMARY KEY ("MigrationId")
        );

        START TRANSACTION;
        DO $EF$
        BEGIN
            IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20250102030405_AddEmail') THEN
            ALTER TABLE customers ADD email text NOT NULL;
            END IF;
        END $EF$;

        DO $EF$
        BEGIN
            IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20250102030405_AddEmail') THEN
            CREATE INDEX "IX_orders_note" ON orders (note);
            END IF;
        END $EF$;

        DO $EF$
        BEGIN
            IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20250102030405_AddEmail') THEN
            INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
            VALUES ('20250102030405_AddEmail', '9.0.1');
            END IF;
        END $EF$;
        COMMIT;
        """;

    [Fact]
    public async Task Entity_frameworks_idempotent_script_is_judged_statement_by_statement_as_if_each_ran()
    {
        var file = await ReviewAsync(EntityFramework, transaction: TransactionMode.Auto);
        Assert.Equal(
            [("add-column-not-null-no-default", 11), ("index-not-concurrent", 18), ("lock-held-across-slow-work", 18)],
            file.Findings.Where(finding => finding.Severity == Severity.Error).Select(finding => (finding.Rule, finding.Line)));
        Assert.DoesNotContain(file.Findings, finding => finding.Rule is "opaque-dynamic-ddl" or "nested-transaction-control" or "uncommitted-transaction" or "invalid-sql");
        Assert.DoesNotContain(file.Findings, finding => finding.Message.Contains("if this branch runs", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_script_of_entity_framework_that_is_not_idempotent_cares_for_its_transaction_itself() =>
        Assert.Equal(["lock-held-across-slow-work", "index-not-concurrent"], (await ReviewAsync("""
            SET lock_timeout = '2s';
            START TRANSACTION;
            ALTER TABLE customers ADD email text;
            CREATE INDEX "IX_orders_note" ON orders (note);
            INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion") VALUES ('1', '9.0.1');
            COMMIT;
            """, transaction: TransactionMode.Auto)).Findings.Where(finding => finding.Severity == Severity.Error).Select(finding => finding.Rule).Order(StringComparer.Ordinal).Reverse());

    [Theory]
    [InlineData("-- CreateIndex\nCREATE INDEX CONCURRENTLY \"orders_note_idx\" ON \"orders\"(\"note\");", false)]
    [InlineData("-- AlterTable\nALTER TABLE \"orders\" ADD COLUMN \"a\" TEXT;\n-- CreateIndex\nCREATE INDEX CONCURRENTLY \"orders_note_idx\" ON \"orders\"(\"note\");", true)]
    public async Task Prismas_file_is_one_query_and_so_one_transaction_where_it_holds_more_than_one_statement(string sql, bool isWrapped) =>
        Assert.Equal(isWrapped, (await NamedAsync("prisma/migrations/20250102030405_add/migration.sql", sql)).Findings.Any(finding => finding.Rule == "nontransactional-in-transaction"));

    [Fact]
    public async Task Drizzles_breakpoints_are_comments_and_its_migrator_wraps_the_file()
    {
        var file = await NamedAsync("drizzle/0001_add.sql", "ALTER TABLE \"orders\" ADD COLUMN \"a\" text;--> statement-breakpoint\nCREATE INDEX CONCURRENTLY \"i\" ON \"orders\" (\"note\");--> statement-breakpoint\n");
        Assert.Contains("drizzle", Assert.Single(file.Findings, finding => finding.Rule == "nontransactional-in-transaction").Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Alembics_offline_script_is_reviewed_between_its_begin_and_commit()
    {
        var file = await ReviewAsync("""
            BEGIN;

            -- Running upgrade 1a2b -> 3c4d

            ALTER TABLE orders ALTER COLUMN note SET NOT NULL;

            UPDATE alembic_version SET version_num='3c4d' WHERE alembic_version.version_num = '1a2b';

            COMMIT;

            """, transaction: TransactionMode.Auto);
        Assert.Equal(["set-not-null-scan"], file.Findings.Where(finding => !finding.IsAdvice).Select(finding => finding.Rule));
    }

    [Fact]
    public async Task Railss_structure_is_a_schema()
    {
        const string structure = """
            SET statement_timeout = 0;
            SET lock_timeout = 0;
            SELECT pg_catalog.set_config('search_path', '', false);
            SET check_function_bodies = false;
            CREATE SCHEMA public;
            SET default_tablespace = '';
            CREATE TABLE public.ar_internal_metadata (key character varying NOT NULL, value character varying, created_at timestamp(6) without time zone NOT NULL);
            CREATE TABLE public.users (id bigint NOT NULL, email character varying);
            CREATE SEQUENCE public.users_id_seq START WITH 1 INCREMENT BY 1 NO MINVALUE NO MAXVALUE CACHE 1;
            ALTER SEQUENCE public.users_id_seq OWNED BY public.users.id;
            ALTER TABLE ONLY public.users ALTER COLUMN id SET DEFAULT nextval('public.users_id_seq'::regclass);
            ALTER TABLE ONLY public.users ADD CONSTRAINT users_pkey PRIMARY KEY (id);
            CREATE UNIQUE INDEX index_users_on_email ON public.users USING btree (email);
            SET search_path TO "$user", public;

            INSERT INTO "schema_migrations" (version) VALUES
            ('20250102030405');
            """;
        var file = await ReviewAsync("SET lock_timeout = '2s'; ALTER TABLE users ALTER email TYPE text; DROP SEQUENCE users_id_seq;", structure, prove: true);
        var finding = Assert.Single(file.Findings, finding => finding.Severity == Severity.Error);
        Assert.Equal("dependent-object-conflict", finding.Rule);
        Assert.Contains("the default of id of users", finding.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-- atlas:txmode none\n\nCREATE INDEX CONCURRENTLY i ON orders (note);")]
    [InlineData("-- no-transaction\nCREATE INDEX CONCURRENTLY i ON orders (note);")]
    public async Task A_directive_for_the_whole_file_is_followed(string sql) => Assert.Empty((await ReviewAsync(sql, transaction: TransactionMode.On)).Findings);

    [Fact]
    public async Task Flyways_script_configuration_takes_a_file_out_of_the_transaction()
    {
        async Task<bool> IsRefused(bool configured) => (await ReviewMigrationEngine.RunAsync(new ReviewRequest(
            [new("V2__index.sql", "CREATE INDEX CONCURRENTLY i ON orders (note);") { NoTransaction = configured }])
        {
            Schema = [new("schema.sql", Shop)], Transaction = TransactionMode.On,
        })).Files[0].Findings.Any(finding => finding.Rule == "nontransactional-in-transaction");
        Assert.True(await IsRefused(configured: false));
        Assert.False(await IsRefused(configured: true));
    }

    [Fact]
    public async Task Each_changeset_of_liquibase_is_a_transaction_of_its_own()
    {
        var file = await ReviewAsync("""
            --liquibase formatted sql

            --changeset ann:1
            --comment short
            SET lock_timeout = '2s';
            ALTER TABLE orders ADD CONSTRAINT positive CHECK (qty > 0) NOT VALID;
            --rollback ALTER TABLE orders DROP CONSTRAINT positive;

            --changeset ann:2
            ALTER TABLE orders VALIDATE CONSTRAINT positive;

            --changeset ann:3 runInTransaction:false
            CREATE INDEX CONCURRENTLY i ON orders (note);

            --changeset ann:4
            CREATE INDEX CONCURRENTLY j ON orders (state);
            """, transaction: TransactionMode.Auto);
        Assert.Equal([("nontransactional-in-transaction", 16)], file.Findings.Where(finding => !finding.IsAdvice).Select(finding => (finding.Rule, finding.Line)));
    }

    [Fact]
    public async Task A_script_for_psql_is_read_without_what_psql_keeps_to_itself()
    {
        var file = await ReviewAsync("""
            \set ON_ERROR_STOP on
            \set timeout '2s'
            \echo Adding the index
            SET lock_timeout = :'timeout';
            \if :is_large
            ALTER TABLE :"table" ADD COLUMN a text;
            \else
            UPDATE orders SET note = :'note' WHERE id = :id;
            \endif
            \i other.sql
            CREATE INDEX i ON orders (note);
            SELECT format('CREATE INDEX ON %I (id)', relname) FROM pg_class WHERE relname = 'orders' \gexec
            SELECT count(*) AS n FROM orders
            \gset
            """);
        Assert.Equal(["index-not-concurrent"], file.Findings.Where(finding => finding.Severity == Severity.Error).Select(finding => finding.Rule));
        Assert.Contains("gexec", Assert.Single(file.Findings, finding => finding.Rule == "opaque-dynamic-ddl").Message, StringComparison.Ordinal);
        Assert.Contains(file.Notes!, note => note.Contains("other.sql", StringComparison.Ordinal));
    }

    private static async Task<ReviewedFile> NamedAsync(string name, string sql) => (await ReviewMigrationEngine.RunAsync(
        new ReviewRequest([new(name, sql)]) { Schema = [new("schema.sql", Shop)], Transaction = TransactionMode.Auto })).Files[0];
}
