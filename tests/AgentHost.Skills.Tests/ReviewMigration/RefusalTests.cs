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
}
