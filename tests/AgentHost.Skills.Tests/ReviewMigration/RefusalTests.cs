using static AgentHost.Skills.Tests.ReviewMigration.Reviewing;

namespace AgentHost.Skills.Tests.ReviewMigration;

/// <summary>What PostgreSQL refuses although it parses.</summary>
public sealed class RefusalTests
{
    private const string Partitioned = """
        CREATE TABLE events (id bigint, at date, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
        CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
        CREATE INDEX events_at ON events (at);
        """;

    private const string Guarded = """
        CREATE TABLE docs (id bigint PRIMARY KEY, tenant text, up bigint REFERENCES docs, low text, high text GENERATED ALWAYS AS (upper(low)) STORED);
        ALTER TABLE docs ENABLE ROW LEVEL SECURITY;
        CREATE POLICY own ON docs USING (tenant = current_user);
        CREATE POLICY seen ON docs FOR SELECT USING (low IN (SELECT low FROM friends));
        """;

    private const string Summary = "CREATE TABLE orders (id bigint); CREATE MATERIALIZED VIEW sums AS SELECT count(*) AS n FROM orders;";

    [Theory]
    [InlineData("CREATE UNIQUE INDEX ON events (id);")]
    [InlineData("CREATE UNIQUE INDEX ON ONLY events (id);")]
    [InlineData("DROP INDEX CONCURRENTLY events_at;")]
    [InlineData("DROP INDEX CONCURRENTLY events_pkey;")]
    public async Task Indexes_of_partitioned_tables_have_their_limits(string sql) => Assert.Equal(["invalid-sql"], await RulesOfAsync(sql, Partitioned));

    [Fact]
    public async Task A_unique_index_with_the_partition_key_is_only_slow() =>
        Assert.Equal(["partitioned-parent-index-lock"], await RulesOfAsync("CREATE UNIQUE INDEX ON events (at, id);", Partitioned));

    [Theory]
    [InlineData("CREATE INDEX ON sums (n);")]
    [InlineData("CREATE UNIQUE INDEX ON sums (n) WHERE n > 0;")]
    [InlineData("CREATE UNIQUE INDEX ON sums ((n + 1));")]
    public async Task A_concurrent_refresh_needs_a_unique_index_of_plain_columns(string index) =>
        Assert.Equal(["invalid-sql"], await RulesOfAsync("REFRESH MATERIALIZED VIEW CONCURRENTLY sums;", Summary + index));

    [Theory]
    [InlineData("ALTER TABLE docs ALTER tenant TYPE varchar;", "policy own")]
    [InlineData("ALTER TABLE docs DROP COLUMN tenant;", "policy own")]
    [InlineData("ALTER TABLE docs ALTER low TYPE varchar;", "generated column high")]
    [InlineData("ALTER TABLE docs DROP COLUMN low;", "generated column high")]
    [InlineData("ALTER TABLE docs DROP COLUMN id;", "foreign key docs_up_fkey of docs")]
    public async Task Policies_and_generated_columns_hold_their_columns(string sql, string dependent) =>
        Assert.Contains(dependent + " depends", Assert.Single((await ReviewAsync(sql, Guarded)).Findings, found => found.Rule == "dependent-object-conflict").Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("ALTER TABLE docs DROP COLUMN up;")]
    [InlineData("ALTER TABLE docs DROP COLUMN tenant CASCADE;")]
    [InlineData("DROP POLICY own ON docs; ALTER TABLE docs DROP COLUMN tenant;")]
    public async Task What_goes_with_a_column_does_not_hold_it(string sql) => Assert.DoesNotContain("dependent-object-conflict", await RulesOfAsync(sql, Guarded));

    [Fact]
    public async Task A_subquery_may_mean_a_column_of_another_table() => Assert.Equal(
        Severity.Warning,
        Assert.Single((await ReviewAsync("ALTER TABLE docs ALTER low TYPE varchar;", Guarded.Replace(" GENERATED ALWAYS AS (upper(low)) STORED", "", StringComparison.Ordinal))).Findings,
            found => found.Rule == "dependent-object-conflict").Severity);

    [Theory]
    [InlineData("UPDATE t SET note = 'new' WHERE id = 1;")]
    [InlineData("ALTER TABLE t ALTER note SET DEFAULT 'new';")]
    [InlineData("UPDATE other SET x = 'new' WHERE id = 1;")]
    public async Task The_text_of_a_new_enum_value_may_be_mere_text(string use) => Assert.Empty(await EnumUseAsync(use));

    [Theory]
    [InlineData("UPDATE t SET s = 'new' WHERE id = 1;")]
    [InlineData("INSERT INTO t VALUES (1, 'x', 'new');")]
    [InlineData("ALTER TABLE t ALTER s SET DEFAULT 'new';")]
    [InlineData("ALTER TABLE t ADD COLUMN z state DEFAULT 'new';")]
    [InlineData("CREATE TABLE u (z state DEFAULT 'new');")]
    [InlineData("DELETE FROM nowhere WHERE x = 'new' AND id = 1;")]
    public async Task A_new_enum_value_waits_for_the_commit(string use) => Assert.Equal(["enum-value-used-same-transaction"], await EnumUseAsync(use));

    private static Task<string[]> EnumUseAsync(string use) => RulesOfAsync(
        "ALTER TYPE state ADD VALUE 'new';" + use, "CREATE TYPE state AS ENUM ('old'); CREATE TABLE t (id bigint PRIMARY KEY, note text, s state); CREATE TABLE other (id bigint PRIMARY KEY, x text);",
        transaction: AgentHost.Skills.ReviewMigration.TransactionMode.On);

    [Fact]
    public async Task A_soft_delete_key_of_nullable_columns_alone_lets_duplicates_through() =>
        Assert.Contains("WHERE deleted_at IS NULL", Assert.Single((await ReviewAsync(
            "CREATE UNIQUE INDEX CONCURRENTLY ON t (phone, deleted_at);", "CREATE TABLE t (phone text, deleted_at timestamptz);", remarks: true)).Findings, found => found.Rule == "unique-nullable-column").Message,
            StringComparison.Ordinal);

    private const string Known = """
        CREATE TYPE mood AS ENUM ('good', 'bad');
        CREATE TABLE people (id bigint PRIMARY KEY, email text UNIQUE, phone text);
        CREATE TABLE orders (id bigint PRIMARY KEY, note text, n integer, m mood, doc json, placed_at timestamptz);
        CREATE UNIQUE INDEX partly ON orders (n) WHERE n > 0;
        CREATE INDEX plain ON orders (n);
        CREATE FUNCTION steady() RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 1';
        CREATE FUNCTION loose() RETURNS integer LANGUAGE sql STABLE AS 'SELECT 1';
        """;

    [Theory]
    [InlineData("ALTER TABLE orders ALTER nots SET DEFAULT '';", "has no column nots; note?")]
    [InlineData("ALTER TABLE orders DROP COLUMN gone;", "has no column gone.")]
    [InlineData("ALTER TABLE orders RENAME COLUMN \"Note\" TO remark;", "has no column \"Note\"; note?")]
    [InlineData("ALTER TABLE orders RENAME COLUMN note TO n;", "has a column n already")]
    [InlineData("CREATE INDEX CONCURRENTLY ON orders (lower(nte));", "has no column nte; note?")]
    [InlineData("CREATE INDEX CONCURRENTLY ON orders (n) WHERE nte IS NULL;", "has no column nte")]
    [InlineData("ALTER TABLE orders ADD CHECK (nte > '') NOT VALID;", "has no column nte")]
    [InlineData("ALTER TABLE orders ADD COLUMN note text;", "has a column note already")]
    [InlineData("ALTER TABLE orders ADD PRIMARY KEY (n);", "has a primary key already (orders_pkey)")]
    [InlineData("ALTER TABLE people ADD CONSTRAINT people_email_key CHECK (email > '') NOT VALID;", "has a constraint people_email_key already")]
    [InlineData("CREATE INDEX CONCURRENTLY plain ON orders (note);", "there is an index plain already, on public.orders")]
    [InlineData("ALTER TABLE orders ADD CONSTRAINT k UNIQUE USING INDEX partly;", "partly cannot serve a key: it is partial")]
    [InlineData("ALTER TABLE orders ADD CONSTRAINT k UNIQUE USING INDEX plain;", "plain cannot serve a key: it is not unique")]
    [InlineData("ALTER TABLE orders ALTER n ADD GENERATED ALWAYS AS IDENTITY;", "n must be NOT NULL")]
    [InlineData("ALTER TABLE orders ADD FOREIGN KEY (note) REFERENCES people (phone) NOT VALID;", "of people is on exactly (phone)")]
    [InlineData("CREATE TABLE visits (who text REFERENCES people (mail));", "has no column mail; email?")]
    [InlineData("ALTER TABLE orders ALTER note TYPE integer;", "nothing converts text into integer by itself. Say how: USING note::integer.")]
    [InlineData("ALTER TABLE orders ALTER note TYPE mood;", "nothing converts text into mood")]
    [InlineData("ALTER TABLE orders ALTER n TYPE boolean;", "nothing converts integer into boolean")]
    [InlineData("CREATE INDEX CONCURRENTLY ON orders (n) WHERE placed_at > now();", "now() is not immutable")]
    [InlineData("CREATE INDEX CONCURRENTLY ON orders ((n + loose()));", "loose() is not immutable")]
    [InlineData("ALTER TABLE orders ADD COLUMN age interval GENERATED ALWAYS AS (now() - placed_at) STORED;", "now() is not immutable")]
    public async Task What_the_schema_contradicts_is_refused(string sql, string message) =>
        Assert.Contains(message, Assert.Single((await ReviewAsync(sql, Known)).Findings, found => found.Rule == "invalid-sql").Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("ALTER TABLE orders ADD COLUMN x integer, ALTER COLUMN x SET DEFAULT 1, ADD CHECK (x > 0) NOT VALID;")]
    [InlineData("ALTER TABLE orders ADD COLUMN IF NOT EXISTS note text;")]
    [InlineData("ALTER TABLE orders DROP COLUMN IF EXISTS gone;")]
    [InlineData("ALTER TABLE orders DROP COLUMN note, ADD COLUMN note text;")]
    [InlineData("ALTER TABLE orders DROP CONSTRAINT orders_pkey, ADD PRIMARY KEY (id);")]
    [InlineData("CREATE TABLE copy AS SELECT * FROM orders; CREATE INDEX ON copy (anything);")]
    [InlineData("CREATE TABLE base (a int); CREATE TABLE heir (b int) INHERITS (base); ALTER TABLE base ADD COLUMN c int; CREATE INDEX ON heir (c);")]
    [InlineData("CREATE TYPE pair AS (a int, b int); CREATE TABLE pairs OF pair; CREATE INDEX ON pairs (b);")]
    [InlineData("CREATE TABLE visits (who bigint REFERENCES people, mail text REFERENCES people (email), up bigint REFERENCES visits);")]
    [InlineData("ALTER TABLE orders ALTER note TYPE integer USING note::integer;")]
    [InlineData("ALTER TABLE orders ALTER n TYPE text; ALTER TABLE orders ALTER m TYPE varchar; ALTER TABLE orders ALTER doc TYPE jsonb;")]
    [InlineData("CREATE INDEX CONCURRENTLY ON orders ((n + steady())) WHERE ctid IS NOT NULL;")]
    [InlineData("CREATE INDEX CONCURRENTLY IF NOT EXISTS plain ON orders (n);")]
    [InlineData("DO $$ BEGIN EXECUTE format('ALTER TABLE orders ADD COLUMN %I text', 'x' || now()); END $$; ALTER TABLE orders ALTER x SET DEFAULT '';")]
    [InlineData("DO $$ BEGIN ALTER TABLE orders ADD COLUMN note text; EXCEPTION WHEN duplicate_column THEN NULL; END $$;")]
    public async Task What_the_schema_allows_or_cannot_tell_is_not_refused(string sql) => Assert.DoesNotContain("invalid-sql", await RulesOfAsync(sql, Known));

    [Fact]
    public async Task Code_in_the_schema_makes_columns_too() =>
        Assert.Empty(await RulesOfAsync("ALTER TABLE t ALTER b SET DEFAULT 1;", "CREATE TABLE t (a int); DO $$ BEGIN IF true THEN ALTER TABLE t ADD COLUMN b int; END IF; END $$;"));
}
