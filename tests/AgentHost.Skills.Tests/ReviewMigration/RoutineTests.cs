using AgentHost.Skills.ReviewMigration;
using static AgentHost.Skills.Tests.ReviewMigration.Reviewing;

namespace AgentHost.Skills.Tests.ReviewMigration;

/// <summary>What stands inside DO blocks, functions and procedures is judged like any other statement.</summary>
public sealed class RoutineTests
{
    private static async Task<string[]> FoundAsync(string sql, TransactionMode transaction = TransactionMode.Off) =>
        [.. (await ReviewAsync("SET lock_timeout = '2s';\n" + sql, transaction: transaction)).Findings.Select(finding => $"{finding.Rule} {finding.Line}:{finding.Column}")];

    [Fact]
    public async Task A_statement_in_a_do_block_is_judged_at_its_own_line_and_column()
    {
        Assert.Equal(["column-type-rewrite 5:24"], await FoundAsync("DO $$\nBEGIN\n  IF now() > 'today' THEN\n    ALTER TABLE orders ALTER COLUMN qty TYPE bigint;\n  END IF;\nEND\n$$;"));
    }

    [Fact]
    public async Task A_finding_in_a_branch_says_what_it_depends_on()
    {
        var reviewed = await ReviewAsync("DO $$\nBEGIN\n  IF now() > 'today' THEN\n    DELETE FROM orders;\n  END IF;\nEND\n$$;");
        Assert.EndsWith("only if this branch runs (IF in line 3).", reviewed.Findings.Single(finding => finding.Rule == "unbatched-dml").Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_statement_in_an_exception_handler_is_judged()
    {
        var reviewed = await ReviewAsync("DO $$\nBEGIN\n  PERFORM 1;\nEXCEPTION WHEN others THEN\n  DELETE FROM orders;\nEND\n$$;");
        var finding = Assert.Single(reviewed.Findings);
        Assert.Equal(("unbatched-dml", 5), (finding.Rule, finding.Line));
        Assert.EndsWith("only if the exception handler runs.", finding.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DO $$ DECLARE n int; BEGIN LOOP UPDATE orders SET note = 'x' WHERE id IN (SELECT id FROM orders WHERE note IS NULL LIMIT 500); GET DIAGNOSTICS n = ROW_COUNT; COMMIT; EXIT WHEN n = 0; END LOOP; END $$")]
    [InlineData("DO $$ DECLARE lo bigint := 0; BEGIN WHILE lo < 10 LOOP UPDATE orders SET note = 'x' WHERE id > lo AND id <= lo + 1000; COMMIT; lo := lo + 1000; END LOOP; END $$")]
    [InlineData("DO $$ DECLARE lo bigint := 0; hi bigint; BEGIN LOOP UPDATE orders SET note = 'x' WHERE id BETWEEN lo AND hi; COMMIT; EXIT WHEN hi > 9; END LOOP; END $$")]
    [InlineData("DO $$ DECLARE r record; BEGIN FOR r IN SELECT id FROM orders LOOP UPDATE orders SET note = 'x' WHERE id = r.id; COMMIT; END LOOP; END $$")]
    [InlineData("CREATE PROCEDURE fill() LANGUAGE plpgsql AS $$ DECLARE n int; BEGIN LOOP DELETE FROM orders WHERE id IN (SELECT id FROM orders LIMIT 500); GET DIAGNOSTICS n = ROW_COUNT; COMMIT; EXIT WHEN n = 0; END LOOP; END $$; CALL fill()")]
    public async Task A_batched_backfill_that_commits_is_clean(string sql) => Assert.Empty(await FoundAsync(sql + ";"));

    [Theory]
    [InlineData("DO $$ BEGIN LOOP UPDATE orders SET note = 'x' WHERE id IN (SELECT id FROM orders WHERE note IS NULL LIMIT 500); EXIT WHEN NOT found; END LOOP; END $$")]
    [InlineData("DO $$ DECLARE r record; BEGIN FOR r IN SELECT id FROM orders LOOP UPDATE orders SET note = 'x' WHERE id = r.id; END LOOP; END $$")]
    public async Task Batches_that_do_not_commit_are_one_large_change(string sql) =>
        Assert.StartsWith("unbatched-dml 2:", Assert.Single(await FoundAsync(sql + ";")), StringComparison.Ordinal);

    [Theory]
    [InlineData("DO $$ BEGIN UPDATE orders SET note = 'x' WHERE id = 5; FOR i IN 1..3 LOOP DELETE FROM orders WHERE id = i; END LOOP; END $$")]
    [InlineData("DO $$ BEGIN LOOP UPDATE orders SET note = 'x' WHERE id = 5; EXIT WHEN found; END LOOP; END $$")]
    [InlineData("DO $$ DECLARE r record; BEGIN FOR r IN SELECT typname FROM pg_catalog.pg_type LOOP UPDATE orders SET note = 'x' WHERE id = 5; END LOOP; END $$")]
    public async Task Few_rows_in_a_loop_are_fine(string sql) => Assert.Empty(await FoundAsync(sql + ";"));

    [Fact]
    public async Task Commit_inside_a_block_fails_in_a_transaction_that_is_open_already() =>
        Assert.Equal(["nontransactional-in-transaction 4:3"], await FoundAsync("DO $$\nBEGIN\n  COMMIT;\nEND\n$$;", TransactionMode.On));

    [Fact]
    public async Task Behind_commit_a_block_holds_no_lock_of_before()
    {
        const string Held = "DO $$ BEGIN ALTER TABLE orders ADD COLUMN x int; {0} UPDATE orders SET note = 'x'; END $$;";
        Assert.Contains(await FoundAsync(Held.Replace("{0}", "", StringComparison.Ordinal)), found => found.StartsWith("lock-held-across-slow-work", StringComparison.Ordinal));
        Assert.DoesNotContain(await FoundAsync(Held.Replace("{0}", "COMMIT;", StringComparison.Ordinal)), found => found.StartsWith("lock-held-across-slow-work", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("DO $$\nBEGIN\n  EXECUTE 'DROP TABLE customers';\nEND $$;", "drop-table 4:12")]
    [InlineData("DO $$\nBEGIN\n  EXECUTE $q$\n   DROP TABLE customers $q$;\nEND $$;", "drop-table 5:4")]
    [InlineData("DO $$\nBEGIN\n  EXECUTE format('DROP TABLE %I', 'customers');\nEND $$;", "drop-table 4:19")]
    [InlineData("DO $$\nBEGIN\n  EXECUTE 'DROP '\n    || 'TABLE customers';\nEND $$;", "drop-table 4:12")]
    [InlineData("DO $$\nBEGIN\n  EXECUTE 'DROP TABLE ' || quote_ident('customers') || ';';\nEND $$;", "drop-table 4:12")]
    [InlineData("DO '\nBEGIN\n  DROP TABLE customers;\nEND';", "drop-table 4:3")]
    [InlineData("DO '\nBEGIN\n  EXECUTE ''\n  DROP TABLE customers'';\nEND';", "drop-table 5:3")]
    [InlineData("DO $$\nBEGIN\n  DO $q$ BEGIN\n  DROP TABLE customers; END $q$;\nEND $$;", "drop-table 5:3")]
    [InlineData("DO $$\nBEGIN\n BEGIN\n  BEGIN DROP TABLE customers; END; END;\nEND $$;", "drop-table 5:9")]
    [InlineData("CREATE FUNCTION f() RETURNS void LANGUAGE sql AS $$\n  DROP TABLE customers $$;\nSELECT f();", "drop-table 3:3")]
    [InlineData("CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN\n  DROP TABLE customers;\n RETURN 1; END $$;\nDO $$ DECLARE x int; BEGIN x := f(); END $$;", "drop-table 3:3")]
    [InlineData("CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN\n  DROP TABLE customers; END $$;\nDO $$ BEGIN PERFORM f(); PERFORM f(); END $$;", "drop-table 3:3")]
    public async Task Code_in_code_is_seen(string sql, string found) => Assert.Equal([found], await FoundAsync(sql));

    [Fact]
    public async Task A_function_that_is_not_called_is_not_judged() =>
        Assert.Empty(await FoundAsync("CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN DROP TABLE customers; END $$;\nDO $$ BEGIN PERFORM 1; END $$;"));

    [Fact]
    public async Task Functions_that_call_themselves_or_many_others_come_to_an_end()
    {
        var chain = string.Concat(Enumerable.Range(0, 100).Select(i =>
            $"CREATE FUNCTION f{i}() RETURNS void LANGUAGE plpgsql AS $$ BEGIN PERFORM f{i + 1}(); PERFORM f{i + 1}(); PERFORM f{i}(); END $$;\n"));
        Assert.Contains("opaque-dynamic-ddl", string.Join('\n', await FoundAsync(chain + "SELECT f0();")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DO $$ BEGIN\n EXECUTE 'DROP TABLE ' || lower('X'); END $$;", "opaque-dynamic-ddl 3:10")]
    [InlineData("DO $$ BEGIN\n PERFORM tidy(); END $$;", "opaque-dynamic-ddl 3:2")]
    [InlineData("DO LANGUAGE plpython3u $$ plpy.execute('x') $$;", "opaque-dynamic-ddl 2:1")]
    [InlineData("DO $$ BEGIN nonsense; END $$;", "opaque-dynamic-ddl 2:1")]
    [InlineData("DO $$ BEGIN", "opaque-dynamic-ddl 2:1")]
    public async Task What_is_truly_not_seen_is_said(string sql, string found)
    {
        if (sql.EndsWith("BEGIN", StringComparison.Ordinal)) sql += " $$;";
        Assert.Equal([found], await FoundAsync(sql));
    }

    [Fact]
    public async Task A_table_that_a_block_makes_is_new_behind_it() =>
        Assert.Empty(await FoundAsync("DO $$ BEGIN IF now() > 'today' THEN CREATE TABLE fresh (id bigint PRIMARY KEY); END IF; END $$;\nCREATE INDEX ON fresh (id);"));

    [Fact]
    public async Task Arms_of_one_branch_do_not_hold_locks_for_each_other() =>
        Assert.DoesNotContain(
            await FoundAsync("DO $$ BEGIN IF now() > 'today' THEN ALTER TABLE orders ADD COLUMN x int; ELSE UPDATE orders SET note = 'x'; END IF; END $$;"),
            found => found.StartsWith("lock-held", StringComparison.Ordinal));

    [Fact]
    public async Task A_timeout_set_inside_a_block_counts_there_and_ends_with_it()
    {
        var reviewed = await ReviewAsync("DO $$ BEGIN\nPERFORM set_config('lock_timeout', '2s', true);\nALTER TABLE orders ADD COLUMN x int;\nEND $$;\nALTER TABLE orders ADD COLUMN y int;");
        Assert.Equal([5], reviewed.Findings.Where(finding => finding.Rule == "missing-lock-timeout").Select(finding => finding.Line));
    }
}
