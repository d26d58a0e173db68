using AgentHost.Postgres;
using AgentHost.Skills.ReviewMigration;
using AgentHost.Sql;
using static AgentHost.Skills.Tests.ReviewMigration.Rewriting;

namespace AgentHost.Skills.Tests.ReviewMigration;

/// <summary>What single fixes do, and what is left alone.</summary>
public sealed class RewriteRuleTests
{
    private const string Schema = """
        CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint, state text, note text, total numeric(10,2), qty integer);
        INSERT INTO orders SELECT g, g % 20 + 1, 'new', 'note', g, 1 FROM generate_series(1, 2500) g;
        CREATE TYPE mood AS ENUM ('ok');
        CREATE TABLE parts (at date NOT NULL, n integer) PARTITION BY RANGE (at);
        CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
        CREATE TABLE parts_rest PARTITION OF parts DEFAULT;
        CREATE TABLE parts_2 (at date NOT NULL, n integer);
        INSERT INTO parts SELECT '2026-02-02', g FROM generate_series(1, 50) g;
        INSERT INTO parts SELECT '2030-02-02', g FROM generate_series(1, 50) g;
        INSERT INTO parts_2 SELECT '2027-02-02', g FROM generate_series(1, 50) g;
        CREATE TABLE keyed (id bigint, kind text) PARTITION BY LIST (kind);
        CREATE TABLE keyed_a PARTITION OF keyed FOR VALUES IN ('a');
        CREATE TABLE keyed_rest PARTITION OF keyed DEFAULT;
        INSERT INTO keyed VALUES (1, 'a'), (2, 'c'), (3, NULL);
        """;

    [Theory]
    [InlineData("attach-partition-scan", "SET lock_timeout = '1s';\nALTER TABLE parts ATTACH PARTITION parts_2 FOR VALUES FROM ('2027-01-01') TO ('2028-01-01');")]
    [InlineData("attach-partition-scan", "SET lock_timeout = '1s';\nCREATE TABLE parts_3 PARTITION OF parts FOR VALUES FROM ('2028-01-01') TO (MAXVALUE);\n", true)]
    [InlineData("attach-partition-scan", "SET lock_timeout = '1s';\nCREATE TABLE parts_3 PARTITION OF parts FOR VALUES FROM ('2028-01-01') TO ('2029-01-01');")]
    [InlineData("attach-partition-scan", "SET lock_timeout = '1s';\nCREATE TABLE keyed_b PARTITION OF keyed FOR VALUES IN ('b', 'bb');")]
    [InlineData("attach-partition-scan", "SET lock_timeout = '1s';\nCREATE TABLE keyed_b PARTITION OF keyed FOR VALUES IN ('b');")]
    public async Task A_partition_comes_without_a_scan_under_a_strong_lock(string rule, string sql, bool fails = false)
    {
        var rewrite = (await RewriteAsync(sql, Schema)).Rewrite!;
        Assert.Contains(rewrite.Fixed, made => made.Rule == rule);
        Assert.Empty(await AgainAsync(rewrite, Schema, TransactionMode.Off));
        if (fails)
            return; // the DEFAULT partition holds such rows, so that the original fails as well
        var verdict = await CompareAsync(sql, rewrite, Schema, TransactionMode.Off);
        Assert.True(verdict.Holds, verdict.Text + Shown(rewrite));
        await using var server = await PrivateServer.ConnectAsync();
        await using var scratch = await server.CreateScratchAsync();
        await scratch.ExecuteAsync(Schema);
        var observed = await MigrationObserver.ObserveAsync(scratch, SqlParser.Parse(rewrite.Files[0].Text), inTransaction: false);
        Assert.All(observed, statement => Assert.False(!statement.ScannedRelations.IsEmpty && statement.Locks.Any(held => held.Mode.BlocksWrites()), $"{statement} {string.Join(",", statement.ScannedRelations)}"));
    }

    [Theory]
    [InlineData("invalid-sql", "UPDATE orders SET state = 'old' WHERE qty > 0 LIMIT 10;")]
    [InlineData("invalid-sql", "DELETE FROM orders WHERE qty > 0 ORDER BY id LIMIT 10;")]
    [InlineData("security-definer-search-path", "CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER AS $$ SELECT 1; $$;")]
    [InlineData("rls-policy-without-enable", "CREATE POLICY p ON orders USING (customer_id = 1);")]
    [InlineData("nested-transaction-control", "BEGIN;\nALTER TABLE orders ADD COLUMN a text;\nCOMMIT;\nCREATE INDEX CONCURRENTLY i ON orders (a);\nBEGIN;\nALTER TABLE orders ADD COLUMN b text;\nCOMMIT;")]
    [InlineData("enum-value-used-same-transaction", "ALTER TYPE mood ADD VALUE 'sad';\nALTER TABLE orders ADD COLUMN m mood DEFAULT 'sad';")]
    [InlineData("lock-held-across-slow-work", "ALTER TABLE orders ADD COLUMN a text;\nCREATE TABLE copy AS SELECT * FROM orders;\nCREATE INDEX ON copy (id);")]
    [InlineData("nontransactional-in-transaction", "ALTER TABLE orders ADD COLUMN a text;\nDO $$ BEGIN UPDATE orders SET qty = 2 WHERE id = 7; COMMIT; END $$;")]
    [InlineData("nontransactional-in-transaction", "ALTER TABLE orders ADD COLUMN a text;\nVACUUM orders;\nALTER TABLE orders ADD COLUMN b text;")]
    public async Task It_is_fixed_in_a_wrapped_file(string rule, string sql)
    {
        var rewrite = (await RewriteAsync(sql, Schema, TransactionMode.On)).Rewrite!;
        Assert.True(rewrite.Fixed.Any(made => made.Rule == rule), Shown(rewrite));
        Assert.Empty(await AgainAsync(rewrite, Schema, TransactionMode.On));
        var verdict = await CompareAsync(sql, rewrite, Schema, TransactionMode.On);
        Assert.True(verdict.Holds is not false && (verdict.Holds is true || rule == "invalid-sql"), verdict.Text + Shown(rewrite));
    }

    [Theory]
    [InlineData("DO $$ BEGIN CREATE INDEX i ON orders (qty); END $$;")]
    [InlineData("-- agenthost:ignore index-not-concurrent: empty until the launch\nCREATE INDEX i ON orders (qty);")]
    [InlineData("SAVEPOINT a;\nCREATE INDEX i ON orders (qty);\nRELEASE a;")]
    [InlineData("CREATE TEMP TABLE t AS SELECT 1;\nCREATE INDEX i ON orders (qty);")]
    [InlineData("UPDATE orders SET id = id + 1;")]
    [InlineData("UPDATE orders SET state = (SELECT max(state) FROM orders);")]
    [InlineData("UPDATE orders SET state = 'x' RETURNING id;")]
    [InlineData("ALTER TABLE orders DROP CONSTRAINT orders_pkey;\nALTER TABLE orders ADD PRIMARY KEY (id, qty);")]
    public async Task It_is_left_alone(string sql)
    {
        var rewrite = (await RewriteAsync("SET LOCAL lock_timeout = '1s';\nSET LOCAL statement_timeout = '30s';\n" + sql, Schema, TransactionMode.On)).Rewrite!;
        Assert.True(rewrite.Files.IsEmpty, Shown(rewrite));
    }

    [Fact]
    public async Task A_proof_runs_both_on_made_up_rows_and_says_what_it_saw()
    {
        var file = (await ReviewMigrationEngine.RunAsync(new ReviewRequest([new("1.sql", "ALTER TABLE orders ADD COLUMN u uuid NOT NULL DEFAULT gen_random_uuid() UNIQUE;")])
        {
            Schema = [new("schema.sql", "CREATE TABLE orders (id bigint PRIMARY KEY, qty integer);")],
            Fix = true,
            Prove = true,
        })).Files[0];
        Assert.Contains(file.Rewrite!.Checks, check => check == "Run on a scratch database with made-up rows, original and rewritten migration end in the same catalog (pg_dump -s).");
    }

    [Fact]
    public async Task A_stopped_change_goes_on_where_it_stopped()
    {
        const string sql = "UPDATE orders SET total = total * 2;";
        var rewrite = (await RewriteAsync(sql, Schema)).Rewrite!;
        await using var server = await PrivateServer.ConnectAsync();
        await using var scratch = await server.CreateScratchAsync();
        await scratch.ExecuteAsync(Schema);
        await scratch.ExecuteAsync("""
            CREATE FUNCTION stop() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'stopped'; END $$;
            CREATE TRIGGER stop BEFORE UPDATE ON orders FOR EACH ROW WHEN (OLD.id = 1500) EXECUTE FUNCTION stop();
            """);
        await Assert.ThrowsAsync<Npgsql.PostgresException>(() => scratch.ExecuteAsync(SqlParser.Parse(rewrite.Files[0].Text)));
        await scratch.ExecuteAsync("DROP TRIGGER stop ON orders; DROP FUNCTION stop();");
        await scratch.ExecuteAsync(SqlParser.Parse(rewrite.Files[0].Text));
        await using var connection = await scratch.OpenAsync();
        await using var command = new Npgsql.NpgsqlCommand("SELECT count(*) FROM orders WHERE total <> id * 2", connection);
        Assert.Equal(0L, await command.ExecuteScalarAsync());
        Assert.DoesNotContain("orders_batches", await scratch.DumpSchemaAsync(), StringComparison.Ordinal);
    }
}
