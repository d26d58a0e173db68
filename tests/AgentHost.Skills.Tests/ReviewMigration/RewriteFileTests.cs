using AgentHost.Skills.ReviewMigration;
using AgentHost.Skills.ReviewMigration.Fixing;
using static AgentHost.Skills.Tests.ReviewMigration.Rewriting;

namespace AgentHost.Skills.Tests.ReviewMigration;

/// <summary>The files of a rewritten migration: their names, their order and what they say to the runner.</summary>
public sealed class RewriteFileTests
{
    private const string Schema = "CREATE TABLE orders (id bigint PRIMARY KEY, qty integer, note text);";
    private const string ThreeParts = "ALTER TABLE orders ADD COLUMN a text;\nCREATE INDEX i ON orders (qty);\nALTER TABLE orders ADD COLUMN b text;\n";

    [Theory]
    [InlineData("0042_add.sql", "0042_add.sql 0042_add_2.sql 0042_add_3.sql", "0041_z.sql 0043_a.sql")]
    [InlineData("m/20260101120000_add.sql", "m/20260101120000_add.sql m/20260101120001_add_2.sql m/20260101120002_add_3.sql", "m/20251231000000_a.sql m/20260102000000_b.sql")]
    [InlineData("V5__add.sql", "V5__add.sql V5.1__add_part_2.sql V5.2__add_part_3.sql", "V4__a.sql V6__b.sql")]
    [InlineData("V5__add.sql", "V5__add.sql V5.0.1__add_part_2.sql V5.0.2__add_part_3.sql", "V4__a.sql V5.1__b.sql")]
    [InlineData("V5_2__add.sql", "V5_2__add.sql V5_2_1__add_part_2.sql V5_2_2__add_part_3.sql", "V5_1__a.sql V5_3__b.sql")]
    [InlineData("000007_add.up.sql", "000007_add.up.sql 000008_add_2.up.sql 000009_add_3.up.sql", "000006_a.up.sql")]
    [InlineData("20260101120000_add/migration.sql", "20260101120000_add/migration.sql 20260101120001_add_2/migration.sql 20260101120002_add_3/migration.sql", "20260102000000_b/migration.sql")]
    [InlineData("migration.sql", "migration.sql migration_2.sql migration_3.sql", "")]
    public async Task Each_part_has_a_name_behind_the_one_before_and_before_the_next_file(string name, string expected, string others)
    {
        var rewrite = (await RewriteAsync(ThreeParts, Schema, TransactionMode.On, name: name, neighbours: [name, .. others.Split(' ', StringSplitOptions.RemoveEmptyEntries)])).Rewrite!;
        string[] names = [.. rewrite.Files.Select(file => file.Name)];
        Assert.Equal(expected.Split(' '), names);
        var order = MigrationFolder.Order(names.Concat(others.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        Assert.Equal(names, order.Where(names.Contains));
        Assert.Equal(names.Length, order.IndexOf(names[^1]) - order.IndexOf(names[0]) + 1);
        Assert.Equal([true, false, true], rewrite.Files.Select(file => file.InTransaction));
        Assert.Equal(name.StartsWith('V'), rewrite.Files[1].Config == "executeInTransaction=false\n");
    }

    [Theory]
    [InlineData("000007_add.up.sql", "000008_next.up.sql")]
    [InlineData("20260101120000_add.sql", "20260101120001_next.sql")]
    public async Task Where_there_is_no_room_before_the_next_file_nothing_is_rewritten(string name, string next)
    {
        var rewrite = (await RewriteAsync(ThreeParts, Schema, TransactionMode.On, name: name, neighbours: [name, next])).Rewrite!;
        Assert.Empty(rewrite.Files);
        Assert.Contains("no free number", rewrite.Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Goose_gets_its_directives_and_the_down_section_stays_with_the_first_part()
    {
        const string sql = "-- +goose Up\n-- adds; things\nALTER TABLE orders ADD COLUMN a uuid DEFAULT gen_random_uuid();\n-- +goose StatementBegin\nCREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1; $$;\n-- +goose StatementEnd\n\n-- +goose Down\nDROP FUNCTION f();\nALTER TABLE orders DROP COLUMN a;\n";
        var files = (await RewriteAsync(sql, Schema, TransactionMode.Auto, name: "00042_add.sql")).Rewrite!.Files;
        Assert.Equal(["00042_add.sql", "00043_add_2.sql", "00044_add_3.sql"], files.Select(file => file.Name));
        Assert.Equal("-- +goose Up\n-- adds; things\nSET LOCAL lock_timeout = '2s';\nALTER TABLE orders ADD COLUMN a uuid;\nALTER TABLE orders ALTER COLUMN a SET DEFAULT gen_random_uuid();\n\n-- +goose Down\nDROP FUNCTION f();\nALTER TABLE orders DROP COLUMN a;\n", files[0].Text);
        Assert.StartsWith("-- +goose NO TRANSACTION\n-- +goose Up\n-- +goose StatementBegin\nDO $batches$", files[1].Text, StringComparison.Ordinal);
        Assert.Equal("-- +goose Up\n-- +goose StatementBegin\nCREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1; $$;\n-- +goose StatementEnd\n\n-- +goose Down\nSELECT 1; -- the first part's down section takes back all of them\n", files[2].Text);
    }

    [Fact]
    public async Task Dbmate_and_unknown_runners_are_told_not_to_wrap_a_part()
    {
        var dbmate = (await RewriteAsync("-- migrate:up\nCREATE INDEX i ON orders (qty);\n-- migrate:down\nDROP INDEX i;\n", Schema, TransactionMode.Auto)).Rewrite!.Files;
        Assert.Equal("-- migrate:up transaction:false\nCREATE INDEX CONCURRENTLY i ON orders (qty);\n\n-- migrate:down\nDROP INDEX i;\n", Assert.Single(dbmate).Text);
        var plain = (await RewriteAsync("-- why\nCREATE INDEX i ON orders (qty); -- here\n", Schema, TransactionMode.Auto)).Rewrite!.Files;
        Assert.Equal("-- no-transaction\n-- why\nCREATE INDEX CONCURRENTLY i ON orders (qty); -- here\n", Assert.Single(plain).Text);
    }

    [Fact]
    public async Task A_file_that_cares_for_its_transactions_stays_one_and_what_is_right_stays_as_it_is()
    {
        const string sql = "-- one\nBEGIN;\nSET LOCAL lock_timeout = '1s';\nALTER TABLE orders ADD COLUMN a text; -- two\n\n/* three; */\nALTER TABLE orders ADD CHECK (qty > 0);\nCREATE INDEX i ON orders (a);\nALTER TABLE orders ADD COLUMN b text;\nCOMMIT;\n-- four\n";
        var file = Assert.Single((await RewriteAsync(sql, Schema, TransactionMode.Auto)).Rewrite!.Files);
        Assert.Equal("""
            -- one
            BEGIN;
            SET LOCAL lock_timeout = '1s';
            ALTER TABLE orders ADD COLUMN a text; -- two

            /* three; */
            ALTER TABLE orders ADD CONSTRAINT orders_qty_check CHECK (qty > 0) NOT VALID;
            COMMIT;
            CREATE INDEX CONCURRENTLY i ON orders (a);
            BEGIN;
            SET LOCAL lock_timeout = '1s';
            ALTER TABLE orders ADD COLUMN b text;
            COMMIT;
            ALTER TABLE orders VALIDATE CONSTRAINT orders_qty_check;
            -- four

            """.ReplaceLineEndings("\n"), file.Text);
    }

    [Fact]
    public async Task Settings_go_along_into_every_part()
    {
        var files = (await RewriteAsync("SET LOCAL lock_timeout = '5s';\nSET search_path = app, public;\n" + ThreeParts, Schema, TransactionMode.On)).Rewrite!.Files;
        Assert.Equal(3, files.Length);
        Assert.Equal("-- no-transaction\nSET search_path = app, public;\nCREATE INDEX CONCURRENTLY i ON orders (qty);\n", files[1].Text);
        Assert.StartsWith("SET LOCAL lock_timeout = '5s';\nSET search_path = app, public;\nALTER TABLE orders ADD COLUMN b text;", files[2].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_answer_for_people_names_files_fixes_and_what_is_left()
    {
        var file = await RewriteAsync("SET LOCAL lock_timeout = '1s';\nCREATE INDEX i ON orders (qty);\nALTER TABLE orders DROP COLUMN note;", Schema, TransactionMode.On);
        string text = RewriteText.Render(new ReviewResult([file]), withFiles: false);
        Assert.Equal("""
            REWRITTEN  0042_change.sql as 2 files, to run in this order
              0042_change.sql (outside of a transaction)
              0042_change_2.sql (in a transaction)
              fixed  line 2 index-not-concurrent: Build it concurrently, in a file that the runner does not wrap
              left   line 3 drop-column: no safe form can be put in its place
              checked: The result was reviewed again: 1 of the 2 findings are left.

            """.ReplaceLineEndings("\n"), text);
    }
}
