using AgentHost.Postgres;
using AgentHost.Postgres.Catalog;
using AgentHost.Skills.ReviewMigration;

namespace AgentHost.Skills.Tests.ReviewMigration;

/// <summary>What a finding says of a database whose catalogs were read.</summary>
public sealed class SizeTests(SizeTests.Shop shop) : IClassFixture<SizeTests.Shop>
{
    public sealed class Shop : IAsyncLifetime
    {
        private PrivateServer? server;
        private ScratchDatabase? database;

        internal CatalogSnapshot Catalog { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            server = await PrivateServer.ConnectAsync();
            database = await server.CreateScratchAsync();
            await database.ExecuteAsync("""
                CREATE TABLE customers (id bigint PRIMARY KEY, name text NOT NULL);
                CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint, note text, total numeric(10,2), state text);
                CREATE TABLE states (state text, label text);
                CREATE TABLE fresh (id bigint, note text);
                CREATE TABLE grown (id bigint, note text);
                CREATE TABLE log (id bigint, at date) PARTITION BY RANGE (at);
                CREATE TABLE log_1 PARTITION OF log FOR VALUES FROM ('2024-01-01') TO ('2024-02-01');
                CREATE TABLE log_2 PARTITION OF log FOR VALUES FROM ('2024-02-01') TO ('2024-03-01');
                ALTER TABLE fresh SET (autovacuum_enabled = off); ALTER TABLE grown SET (autovacuum_enabled = off);
                INSERT INTO customers SELECT i, 'c' || i FROM generate_series(1, 500) i;
                INSERT INTO orders SELECT i, i % 500 + 1, repeat('x', 100), i, 'open' FROM generate_series(1, 60000) i;
                INSERT INTO states VALUES ('open', 'Open'), ('done', 'Done');
                INSERT INTO grown SELECT i, 'n' FROM generate_series(1, 100) i;
                INSERT INTO log SELECT i, '2024-01-01'::date + i % 60 FROM generate_series(1, 30000) i;
                ANALYZE customers, orders, states, grown, log_1, log_2;
                """);
            await database.ExecuteAsync("INSERT INTO fresh VALUES (1); INSERT INTO grown SELECT i, 'n' FROM generate_series(1, 50000) i;");
            await using (var connection = await database.OpenAsync())
            {
                await using var flush = new Npgsql.NpgsqlCommand("SELECT pg_stat_force_next_flush()", connection);
                await flush.ExecuteNonQueryAsync();
            }

            await using var target = await ReadOnlyTarget.ConnectAsync("shop", database.ConnectionString);
            Catalog = await CatalogReader.ReadAsync(target);
        }

        public async Task DisposeAsync()
        {
            await database!.DisposeAsync();
            await server!.DisposeAsync();
        }
    }

    private async Task<Finding> FindAsync(string rule, string sql, bool prove = false)
    {
        var file = (await ReviewMigrationEngine.RunAsync(new ReviewRequest([new("migration.sql", sql)])
        {
            Target = shop.Catalog,
            PgVersion = shop.Catalog.MajorVersion,
            Transaction = TransactionMode.Off,
            Prove = prove,
        })).Files[0];
        return Assert.Single(file.Findings, finding => finding.Rule == rule);
    }

    [Theory]
    [InlineData("index-not-concurrent", "CREATE INDEX i ON orders (note);", "sorts 400 k rows/s")]
    [InlineData("set-not-null-scan", "ALTER TABLE orders ALTER note SET NOT NULL;", "reads 100 MB/s")]
    [InlineData("volatile-default-rewrite", "ALTER TABLE orders ADD r float8 DEFAULT random();", "for 1 index")]
    [InlineData("fk-not-valid-missing", "ALTER TABLE orders ADD FOREIGN KEY (customer_id) REFERENCES customers;", "checks 500 k keys/s")]
    [InlineData("unbatched-dml", "UPDATE orders SET note = 'y';", "writes 50 k rows/s")]
    public async Task A_finding_about_a_large_table_tells_its_rows_bytes_and_an_estimate_with_its_basis(string rule, string sql, string basis)
    {
        var finding = await FindAsync(rule, sql);
        Assert.Equal(Severity.Error, finding.Severity);
        Assert.Contains("Here: 60 k rows, ", finding.Message, StringComparison.Ordinal);
        Assert.Contains("(estimate: ", finding.Message, StringComparison.Ordinal);
        var size = Assert.Single(finding.Evidence.OfType<TableSize>());
        Assert.Equal(("orders", 60000L), (size.Relation, size.Rows));
        Assert.InRange(size.Bytes, 8_000_000, 12_000_000);
        Assert.InRange(size.IndexBytes, 1_000_000, 2_000_000);
        Assert.Contains(basis, size.Basis, StringComparison.Ordinal);
        Assert.NotNull(size.Seconds);
        Assert.NotNull(size.CountersSince);
    }

    [Theory]
    [InlineData("index-not-concurrent", "CREATE INDEX i ON states (label);")]
    [InlineData("set-not-null-scan", "ALTER TABLE states ALTER label SET NOT NULL;")]
    [InlineData("column-type-rewrite", "ALTER TABLE states ALTER label TYPE varchar(9) USING label::varchar(9);")]
    [InlineData("unbatched-dml", "UPDATE states SET label = 'y';")]
    public async Task On_a_table_that_is_known_to_be_small_work_that_grows_with_it_is_a_remark_that_still_names_the_lock(string rule, string sql)
    {
        var finding = await FindAsync(rule, sql);
        Assert.Equal(Severity.Info, finding.Severity);
        Assert.Contains("Here: 2 rows, ", finding.Message, StringComparison.Ordinal);
        Assert.Contains("the lock is taken all the same", finding.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("drop-table", "DROP TABLE states;")]
    [InlineData("drop-column", "ALTER TABLE states DROP COLUMN label;")]
    [InlineData("rename-column", "ALTER TABLE states RENAME label TO caption;")]
    [InlineData("truncate", "TRUNCATE states;")]
    [InlineData("add-column-not-null-no-default", "ALTER TABLE states ADD n int NOT NULL;")]
    public async Task What_loses_data_breaks_code_or_fails_is_an_error_on_a_small_table_too(string rule, string sql)
    {
        var finding = await FindAsync(rule, sql);
        Assert.Equal(Severity.Error, finding.Severity);
        Assert.Contains(finding.Evidence, evidence => evidence is TableSize);
    }

    [Fact]
    public async Task A_foreign_key_of_a_small_table_to_a_large_one_is_no_remark() =>
        Assert.Equal(Severity.Error, (await FindAsync("fk-not-valid-missing", "ALTER TABLE states ADD order_id bigint; ALTER TABLE states ADD FOREIGN KEY (order_id) REFERENCES orders;")).Severity);

    [Fact]
    public async Task A_small_table_that_the_migration_itself_fills_is_not_taken_to_be_small() =>
        Assert.Equal(Severity.Error, (await FindAsync("index-not-concurrent", "INSERT INTO states SELECT note, note FROM orders; CREATE INDEX i ON states (label);")).Severity);

    [Fact]
    public async Task A_table_that_was_never_analyzed_is_taken_to_be_large()
    {
        var finding = await FindAsync("index-not-concurrent", "CREATE INDEX i ON fresh (note);");
        Assert.Equal(Severity.Error, finding.Severity);
        Assert.True(Assert.Single(finding.Evidence.OfType<TableSize>()).IsStale);
    }

    [Fact]
    public async Task A_table_most_of_which_came_after_it_was_analyzed_is_taken_to_be_large()
    {
        var finding = await FindAsync("index-not-concurrent", "CREATE INDEX i ON grown (note);");
        Assert.Equal(Severity.Error, finding.Severity);
        Assert.Contains("50 k rows", finding.Message, StringComparison.Ordinal);
        Assert.Contains("much has changed since", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_partitioned_table_is_as_large_as_its_partitions_together() =>
        Assert.Contains("Here: 30 k rows", (await FindAsync("partitioned-parent-index-lock", "CREATE INDEX i ON log (id);")).Message, StringComparison.Ordinal);

    [Fact]
    public async Task A_transaction_that_is_open_on_the_table_is_named_for_a_strong_lock_waits_behind_it()
    {
        var file = (await ReviewMigrationEngine.RunAsync(new ReviewRequest([new("migration.sql", "CREATE INDEX i ON orders (note);")])
        {
            Target = shop.Catalog with { OpenTransactions = [new(720, "report", "active", ["public.orders"]), new(9, "app", "idle in transaction", ["public.states"])] },
        })).Files[0];
        var finding = Assert.Single(file.Findings, finding => finding.Rule == "index-not-concurrent");
        Assert.Contains("a transaction open for 12 min held a lock on it", finding.Message, StringComparison.Ordinal);
        Assert.Equal(720, finding.Evidence.OfType<TableSize>().Single().OpenTransactionSeconds);
    }

    [Fact]
    public async Task A_proof_runs_on_the_schema_that_was_read_and_the_size_stands_beside_what_was_observed()
    {
        var finding = await FindAsync("index-not-concurrent", "CREATE INDEX i ON orders (note);", prove: true);
        Assert.Contains(finding.Evidence, evidence => evidence is LockObserved { Relation: "orders" });
        Assert.Contains(finding.Evidence, evidence => evidence is TableSize { Relation: "orders" });
    }
}
