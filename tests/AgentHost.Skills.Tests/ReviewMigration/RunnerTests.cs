using AgentHost.Skills.ReviewMigration;
using static AgentHost.Skills.Tests.ReviewMigration.Reviewing;

namespace AgentHost.Skills.Tests.ReviewMigration;

/// <summary>What the file and the runner say about transactions and sections.</summary>
public sealed class RunnerTests
{
    private const string Build = "CREATE INDEX CONCURRENTLY orders_note_idx ON orders (note);";

    [Theory]
    [InlineData("-- +goose NO TRANSACTION\n-- +goose Up\n")]
    [InlineData("-- migrate:up transaction:false\n")]
    [InlineData("-- atlas:txmode none\n\n")]
    [InlineData("-- no-transaction\n")]
    public async Task A_directive_takes_the_file_out_of_the_runners_transaction(string directive) =>
        Assert.Empty((await ReviewAsync(directive + Build, transaction: TransactionMode.On)).Findings);

    [Theory]
    [InlineData("-- +goose Up\n", "goose")]
    [InlineData("-- migrate:up\n", "dbmate")]
    public async Task A_known_runner_wraps_a_file_without_a_directive(string marker, string runner)
    {
        var finding = Assert.Single((await ReviewAsync(marker + Build, transaction: TransactionMode.Auto)).Findings);
        Assert.Equal("nontransactional-in-transaction", finding.Rule);
        Assert.Contains(runner, finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_concurrent_build_alone_is_believed_to_run_outside_a_transaction() =>
        Assert.Empty((await ReviewAsync(Build, transaction: TransactionMode.Auto)).Findings);

    [Theory]
    [InlineData("BEGIN; CREATE INDEX CONCURRENTLY i ON orders (note); COMMIT;")]
    [InlineData("BEGIN; DROP INDEX CONCURRENTLY orders_pkey; COMMIT;")]
    [InlineData("BEGIN; REINDEX TABLE CONCURRENTLY orders; COMMIT;")]
    [InlineData("BEGIN; REINDEX (VERBOSE) DATABASE shop; COMMIT;")]
    [InlineData("BEGIN; VACUUM orders; COMMIT;")]
    [InlineData("BEGIN; ALTER SYSTEM SET work_mem = '1GB'; COMMIT;")]
    [InlineData("BEGIN; ALTER TABLE measures DETACH PARTITION measures_2024 CONCURRENTLY; COMMIT;")]
    [InlineData("BEGIN; DO $$ BEGIN UPDATE orders SET note = ''; COMMIT; END $$; COMMIT;")]
    public async Task Statements_that_refuse_a_transaction_are_found_in_one(string sql) =>
        Assert.Contains("nontransactional-in-transaction", await RulesOfAsync(sql));

    [Theory]
    [InlineData("BEGIN; REFRESH MATERIALIZED VIEW CONCURRENTLY daily; COMMIT;")]
    [InlineData("BEGIN; ANALYZE orders; COMMIT;")]
    [InlineData("BEGIN; REINDEX TABLE orders; COMMIT;")]
    [InlineData("BEGIN; ALTER TYPE mood ADD VALUE 'calm'; COMMIT;")]
    [InlineData("BEGIN; DO $$ BEGIN RAISE NOTICE 'COMMIT;'; -- COMMIT;\n END $$; COMMIT;")]
    [InlineData("BEGIN; ALTER TABLE orders ADD COLUMN x text; COMMIT; VACUUM orders;")]
    public async Task Statements_that_run_in_a_transaction_or_outside_of_one_are_not(string sql) =>
        Assert.DoesNotContain("nontransactional-in-transaction", await RulesOfAsync(sql));

    [Theory]
    [InlineData("", "ALTER TABLE orders ADD CHECK (qty > 0);", ", in two migrations: in one transaction it is no better", "ALTER TABLE")]
    [InlineData("", "CREATE INDEX i ON orders (qty);", ", in a file that the runner does not wrap", "CREATE INDEX CONCURRENTLY")]
    [InlineData("BEGIN;\n", "ALTER TABLE orders ADD CHECK (qty > 0);", ", outside BEGIN … COMMIT", "ALTER TABLE")]
    [InlineData("-- +goose Up\n", "ALTER TABLE orders ADD CHECK (qty > 0);", ", in a file of its own, which goose then does not wrap", "-- +goose NO TRANSACTION\n-- +goose Up\nALTER TABLE")]
    [InlineData("-- migrate:up\n", "CREATE INDEX i ON orders (qty);", ", in a file of its own, which dbmate then does not wrap", "-- migrate:up transaction:false\nCREATE INDEX CONCURRENTLY")]
    public async Task A_fix_that_is_no_better_in_one_transaction_says_where_it_must_go(string head, string sql, string title, string start)
    {
        var fix = (await ReviewAsync(head + sql, transaction: TransactionMode.Auto)).Findings.First(finding => finding is { IsAdvice: false, Fix: not null }).Fix!;
        Assert.EndsWith(title, fix.Title, StringComparison.Ordinal);
        Assert.StartsWith(start, fix.Sql, StringComparison.Ordinal);
        if (start.StartsWith("--", StringComparison.Ordinal))
            Assert.DoesNotContain((await ReviewAsync(fix.Sql, transaction: TransactionMode.On, prove: true)).Findings, finding => !finding.IsAdvice);
    }

    [Fact]
    public async Task A_fix_of_one_step_or_of_a_file_that_is_not_wrapped_needs_no_such_word()
    {
        Assert.DoesNotContain(", ", (await ReviewAsync("ALTER TABLE orders ADD CHECK (qty > 0);")).Findings.First(finding => !finding.IsAdvice).Fix!.Title.Replace("NOT VALID first, VALIDATE later", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain("transaction", (await ReviewAsync("CREATE TABLE t (at timestamp);", transaction: TransactionMode.On)).Findings.Single().Fix!.Title, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_the_up_section_is_reviewed_and_lines_stay_true()
    {
        var finding = Assert.Single((await ReviewAsync(
            "-- +goose Down\nDROP TABLE customers;\n-- +goose Up\nSET lock_timeout = '2s';\n  DROP TABLE orders;\n-- +goose Down\nDROP TABLE tickets;\n")).Findings);
        Assert.Equal(("drop-table", 5, 3), (finding.Rule, finding.Line, finding.Column));
    }

    [Fact]
    public async Task The_down_section_of_dbmate_is_not_reviewed() =>
        Assert.Empty((await ReviewAsync("-- migrate:up\nSELECT 1;\n-- migrate:down\nDROP TABLE orders;\n")).Findings);

    [Fact]
    public async Task Files_of_a_folder_are_judged_on_what_their_predecessors_leave_behind()
    {
        var request = new ReviewRequest([new("1.sql", "CREATE TABLE t (a varchar(10));"), new("2.sql", "SET lock_timeout = '2s'; ALTER TABLE t ALTER a TYPE text;")]);
        Assert.Empty((await ReviewMigrationEngine.RunAsync(request with { InOrder = true })).Files[1].Findings.Where(finding => !finding.IsRemark));
        Assert.Single((await ReviewMigrationEngine.RunAsync(request)).Files[1].Findings.Where(finding => !finding.IsRemark));
    }
}
