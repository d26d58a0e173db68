using AgentHost.Sql;
using static AgentHost.Skills.Tests.ReviewMigration.Reviewing;

namespace AgentHost.Skills.Tests.ReviewMigration;

/// <summary>What each rule knows beyond its page.</summary>
public sealed class RuleTests
{
    [Theory]
    [InlineData("CREATE TABLE t (a int); CREATE INDEX ON t (a); ALTER TABLE t ADD CHECK (a > 0); ALTER TABLE t ALTER a SET NOT NULL; ALTER TABLE t ALTER a TYPE bigint;")]
    [InlineData("CREATE TABLE t AS SELECT * FROM orders; CREATE INDEX ON t (id); ALTER TABLE t DROP COLUMN qty; DROP TABLE t;")]
    [InlineData("CREATE TABLE t (LIKE orders INCLUDING ALL); ALTER TABLE t ADD COLUMN z text NOT NULL; ALTER TABLE t RENAME COLUMN z TO y; ALTER TABLE t RENAME TO u; DROP TABLE u;")]
    [InlineData("SELECT id INTO TEMP t FROM orders; CREATE INDEX ON t (id);")]
    [InlineData("CREATE MATERIALIZED VIEW m AS SELECT id FROM orders; CREATE INDEX ON m (id);")]
    [InlineData("CREATE TABLE public.t (a int); CREATE INDEX ON t (a);")]
    public async Task What_the_file_creates_can_be_changed_freely(string sql) => Assert.Empty(await RulesOfAsync(sql));

    [Fact]
    public async Task A_table_that_is_there_already_is_not_created_by_if_not_exists() =>
        Assert.Equal(["index-not-concurrent"], await RulesOfAsync("CREATE TABLE IF NOT EXISTS orders (id bigint); CREATE INDEX ON orders (note);"));

    [Fact]
    public async Task A_table_dropped_and_made_again_is_new_but_its_drop_is_found() =>
        Assert.Equal(["drop-table"], await RulesOfAsync("DROP TABLE orders; CREATE TABLE orders (id int); CREATE INDEX ON orders (id);"));

    [Fact]
    public async Task An_index_on_a_partitioned_table_is_fixed_partition_by_partition()
    {
        const string schema = "CREATE TABLE m (at date) PARTITION BY RANGE (at); CREATE TABLE m_1 PARTITION OF m FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');";
        var finding = (await ReviewAsync("CREATE INDEX m_at ON m (at);", schema)).Findings.Single(found => found.Rule == "partitioned-parent-index-lock");
        Assert.Equal(
            "CREATE INDEX m_at ON ONLY m (at);\nCREATE INDEX CONCURRENTLY m_1_at_idx ON public.m_1 (at);\nALTER INDEX m_at ATTACH PARTITION public.m_1_at_idx;", finding.Fix!.Sql);
        Assert.Empty(await RulesOfAsync("CREATE INDEX m_at ON ONLY m (at);", schema));
    }

    [Fact]
    public async Task The_fix_of_an_index_is_the_statement_with_concurrently() =>
        Assert.Equal("create unique index CONCURRENTLY if not exists \"INDEX a\" on orders (note);",
            (await ReviewAsync("create unique index if not exists \"INDEX a\" on orders (note)")).Findings.Single(found => found.Rule == "index-not-concurrent").Fix!.Sql);

    [Theory]
    [InlineData("ALTER TABLE orders ADD COLUMN x int NOT NULL DEFAULT 1;")]
    [InlineData("ALTER TABLE orders ADD COLUMN x text[] NOT NULL DEFAULT ARRAY[]::text[];")]
    [InlineData("ALTER TABLE orders ADD COLUMN IF NOT EXISTS qty int NOT NULL;")]
    public async Task A_required_column_with_a_value_for_old_rows_is_no_failure(string sql) => Assert.Empty(await RulesOfAsync(sql));

    [Theory]
    [InlineData("ALTER TABLE orders ADD COLUMN x bigserial NOT NULL;")]
    [InlineData("ALTER TABLE orders ADD COLUMN x bigint NOT NULL GENERATED ALWAYS AS IDENTITY;")]
    [InlineData("ALTER TABLE orders ADD COLUMN x int NOT NULL GENERATED ALWAYS AS (coalesce(qty, 0)) STORED;")]
    public async Task A_column_that_fills_itself_is_no_failure(string sql) =>
        Assert.DoesNotContain("add-column-not-null-no-default", await RulesOfAsync(sql));

    [Theory]
    [InlineData("ALTER TABLE orders ADD COLUMN x int NOT NULL DEFAULT NULL;")]
    [InlineData("ALTER TABLE orders ADD x int NOT NULL;")]
    [InlineData("ALTER TABLE orders ADD COLUMN x uuid PRIMARY KEY;")]
    public async Task A_required_column_with_nothing_for_old_rows_fails(string sql) =>
        Assert.Contains("add-column-not-null-no-default", await RulesOfAsync(sql));

    [Theory]
    [InlineData("CHECK (note IS NOT NULL)", true)]
    [InlineData("CHECK (note IS NOT NULL AND length(note) > 3)", true)]
    [InlineData("CHECK (state IS NOT NULL)", false)]
    [InlineData("CHECK (length(note) > 3)", false)]
    [InlineData("CHECK (note IS NOT NULL OR qty > 0)", false)]
    public async Task Set_not_null_is_free_where_a_valid_check_proves_that_very_column(string check, bool proves)
    {
        string sql = $"ALTER TABLE orders ADD CONSTRAINT c {check} NOT VALID; ALTER TABLE orders VALIDATE CONSTRAINT c; ALTER TABLE orders ALTER note SET NOT NULL;";
        Assert.Equal(proves ? [] : ["set-not-null-scan"], await RulesOfAsync(sql));
        Assert.Equal(["set-not-null-scan"], await RulesOfAsync(sql, version: 11));
    }

    [Fact]
    public async Task A_check_that_is_still_not_valid_proves_nothing_and_is_named()
    {
        var finding = (await ReviewAsync("SET lock_timeout = '1s'; ALTER TABLE orders ADD CONSTRAINT c CHECK (note IS NOT NULL) NOT VALID; ALTER TABLE orders ALTER note SET NOT NULL;")).Findings.Single();
        Assert.Contains("c would prove it", finding.Message, StringComparison.Ordinal);
        Assert.StartsWith("ALTER TABLE orders VALIDATE CONSTRAINT c;", finding.Fix!.Sql, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Set_not_null_on_a_column_that_is_required_already_reads_nothing() =>
        Assert.Empty(await RulesOfAsync("ALTER TABLE customers ALTER name SET NOT NULL; ALTER TABLE orders ALTER id SET NOT NULL;"));

    [Theory]
    [InlineData("ALTER TABLE orders ADD COLUMN c bigint REFERENCES customers (id);", false)]
    [InlineData("ALTER TABLE orders ADD COLUMN c bigint DEFAULT 1 REFERENCES customers (id);", true)]
    [InlineData("ALTER TABLE ONLY public.orders ADD FOREIGN KEY (customer_id) REFERENCES customers;", true)]
    [InlineData("CREATE TABLE t (id int PRIMARY KEY); ALTER TABLE orders ADD FOREIGN KEY (qty) REFERENCES t;", true)]
    [InlineData("CREATE TABLE t (c bigint); ALTER TABLE t ADD FOREIGN KEY (c) REFERENCES customers;", false)]
    public async Task A_foreign_key_is_a_hazard_where_old_rows_are_checked(string sql, bool found) =>
        Assert.Equal(found ? ["fk-not-valid-missing"] : [], await RulesOfAsync(sql));

    [Theory]
    [InlineData(17, "needs PostgreSQL 18")]
    [InlineData(18, "as NOT VALID, then VALIDATE")]
    public async Task A_foreign_key_of_a_partitioned_table_can_be_not_valid_since_18(int version, string words)
    {
        var finding = (await ReviewAsync("ALTER TABLE m ADD FOREIGN KEY (c) REFERENCES customers;", Shop + "CREATE TABLE m (c bigint) PARTITION BY HASH (c);", version))
            .Findings.Single(found => found.Rule == "fk-not-valid-missing");
        Assert.Contains(words, finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_check_within_add_column_is_validated_at_once() =>
        Assert.Equal(["check-not-valid-missing"], await RulesOfAsync("ALTER TABLE orders ADD COLUMN x int CHECK (x > 0);"));

    [Fact]
    public async Task A_renamed_table_whose_name_is_taken_over_in_another_transaction_is_found() =>
        Assert.Equal(["rename-table"], await RulesOfAsync("ALTER TABLE orders RENAME TO o2; CREATE VIEW orders AS SELECT * FROM o2;"));

    [Theory]
    [InlineData("ALTER INDEX orders_pkey RENAME TO p;")]
    [InlineData("ALTER TABLE orders RENAME CONSTRAINT orders_pkey TO p;")]
    [InlineData("ALTER TABLE orders_pkey RENAME TO p;")]
    public async Task Renaming_an_index_or_a_constraint_breaks_no_one(string sql) => Assert.Empty(await RulesOfAsync(sql));

    [Theory]
    [InlineData("DROP VIEW v; DROP SEQUENCE s; DROP MATERIALIZED VIEW m;")]
    [InlineData("ALTER TABLE orders DROP CONSTRAINT orders_pkey;")]
    public async Task Other_drops_are_not_a_lost_table_or_column(string sql) =>
        Assert.DoesNotContain(await RulesOfAsync(sql), rule => rule is "drop-table" or "drop-column");

    [Fact]
    public async Task Each_dropped_column_and_table_is_a_finding_of_its_own()
    {
        Assert.Equal(["drop-column", "drop-cascade", "drop-column"], await RulesOfAsync("ALTER TABLE orders DROP note, DROP COLUMN IF EXISTS qty CASCADE;"));
        Assert.Equal(["drop-table", "drop-table"], await RulesOfAsync("DROP TABLE IF EXISTS orders, customers;"));
    }

    [Fact]
    public async Task All_timestamps_of_a_statement_are_one_piece_of_advice()
    {
        var finding = Assert.Single((await ReviewAsync("CREATE TABLE t (id int, a timestamp, b timestamp(3)[], c timestamptz, d timestamp with time zone, \"timestamp\" date);")).Findings);
        Assert.Equal(("timestamp-without-tz", 25), (finding.Rule, finding.Column));
        Assert.StartsWith("a, b of t are", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_schema_every_table_not_made_here_is_believed_to_exist() =>
        Assert.Equal(
            ["index-not-concurrent", "set-not-null-scan", "drop-column", "rename-column", "drop-table"],
            await RulesOfAsync("CREATE INDEX ON t (a); ALTER TABLE t ALTER a SET NOT NULL; ALTER TABLE t DROP b; ALTER TABLE t RENAME c TO d; DROP TABLE t;", schema: null));

    [Fact]
    public async Task A_finding_stands_at_the_offending_clause()
    {
        var finding = (await ReviewAsync("SET lock_timeout = 1000;\n\n/* é𝄞 */ ALTER TABLE orders\n  ADD COLUMN a text,\n  ALTER COLUMN note SET NOT NULL;")).Findings.Single();
        Assert.Equal((5, 3, LockMode.AccessExclusive), (finding.Line, finding.Column, finding.Lock));
    }

    [Theory]
    [InlineData("DROP SCHEMA public CASCADE;", "drop-schema-or-database")]
    [InlineData("DROP OWNED BY current_user CASCADE;", "drop-schema-or-database")]
    [InlineData("TRUNCATE orders;", "truncate")]
    [InlineData("DROP DATABASE shop;", "drop-schema-or-database")]
    [InlineData("VACUUM FULL orders;", "vacuum-full-or-cluster")]
    [InlineData("ALTER TABLE orders ADD u uuid NOT NULL DEFAULT gen_random_uuid();", "volatile-default-rewrite")]
    [InlineData("ALTER TABLE orders ADD c serial;", "serial-or-identity-add-rewrite")]
    [InlineData("ALTER TABLE orders ADD g int GENERATED ALWAYS AS (qty * 2) STORED;", "generated-stored-rewrite")]
    [InlineData("ALTER TABLE orders ADD UNIQUE (code);", "unique-constraint-builds-index")]
    [InlineData("ALTER TABLE orders ADD CONSTRAINT c CHECK (qty > 0) NOT VALID, VALIDATE CONSTRAINT c;", "validate-same-transaction")]
    public async Task What_loses_everything_or_rewrites_everything_is_never_safe(string sql, string rule) =>
        Assert.Contains(rule, await RulesOfAsync(sql));

    [Theory]
    [InlineData("CHECK (at >= '2026-01-01' AND at < '2027-01-01')", false)]
    [InlineData("CHECK (at >= '2026-02-01' AND at <= '2026-12-31')", false)]
    [InlineData("CHECK (at >= '2026-01-01')", true)]
    [InlineData("CHECK (at >= '2025-01-01' AND at < '2027-01-01')", true)]
    [InlineData("CHECK (at >= '2026-01-01' AND at <= '2027-01-01')", true)]
    public async Task A_partition_is_scanned_unless_a_check_implies_its_whole_bound(string check, bool scanned)
    {
        string schema = $"CREATE TABLE m (at date NOT NULL) PARTITION BY RANGE (at); CREATE TABLE m_1 (at date NOT NULL, {check});";
        Assert.Equal(scanned ? ["attach-partition-scan"] : [], await RulesOfAsync("ALTER TABLE m ATTACH PARTITION m_1 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');", schema));
    }

    [Theory]
    [InlineData("UPDATE orders SET note = '' WHERE id = 5;", false)]
    [InlineData("UPDATE orders SET note = '' WHERE id > 5 AND id <= 500;", false)]
    [InlineData("DELETE FROM orders WHERE id IN (SELECT id FROM orders WHERE qty = 0 LIMIT 100);", false)]
    [InlineData("DELETE FROM schema_migrations;", false)]
    [InlineData("UPDATE orders SET note = '' WHERE qty = 5;", true)]
    [InlineData("UPDATE orders SET note = '' WHERE id > 5;", true)]
    [InlineData("DELETE FROM orders USING customers WHERE customers.id = orders.customer_id;", true)]
    public async Task Rows_are_changed_in_bounded_numbers_or_in_batches(string sql, bool found) =>
        Assert.Equal(found ? ["unbatched-dml"] : [], await RulesOfAsync(sql));

    [Fact]
    public async Task The_fix_of_a_type_carries_over_or_names_all_that_hangs_on_the_column()
    {
        const string schema = """
            CREATE TABLE a (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, n integer NOT NULL DEFAULT 3 CHECK (n > 0) UNIQUE);
            CREATE TABLE b (a_id integer REFERENCES a (id)); CREATE VIEW v AS SELECT id FROM a;
            """;
        string whole = (await ReviewAsync("ALTER TABLE a ALTER n TYPE bigint;", schema)).Findings.Single(found => found.Rule == "column-type-rewrite").Fix!.Sql;
        foreach (string carried in (string[])["CHECK (n_new > 0) NOT VALID", "CREATE UNIQUE INDEX CONCURRENTLY a_n_key_new ON a (n_new)", "ADD CONSTRAINT a_n_key UNIQUE USING INDEX", "n_new SET NOT NULL", "n_new SET DEFAULT 3", "RENAME COLUMN n_new TO n;"])
            Assert.Contains(carried, whole, StringComparison.Ordinal);
        string named = (await ReviewAsync("ALTER TABLE a ALTER id TYPE bigint;", schema)).Findings.Single(found => found.Rule == "column-type-rewrite").Fix!.Sql;
        foreach (string left in (string[])["identity of id", "foreign key b_a_id_fkey of b", "view v"])
            Assert.Contains("-- carry over by hand, in the switch below: " + left, named, StringComparison.Ordinal);
    }
}
