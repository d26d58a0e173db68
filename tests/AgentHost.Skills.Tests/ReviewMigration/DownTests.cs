using AgentHost.Skills.ReviewMigration;

namespace AgentHost.Skills.Tests.ReviewMigration;

/// <summary>Whether migrations can be taken back.</summary>
public sealed class DownTests
{
    private const string Rule = "irreversible-down";

    [Theory]
    [InlineData("m/1_a.up.sql", "m/1_a.down.sql")]
    [InlineData("m/1_a.sql", "m/1_a.down.sql")]
    [InlineData("1_a.sql", "1_a.undo.sql")]
    [InlineData("1_a.up.sql", "1_a.rollback.sql")]
    [InlineData("1_a_up.sql", "1_a_down.sql")]
    [InlineData("1-a-up.sql", "1-a-down.sql")]
    [InlineData("2026_init/migration.sql", "2026_init/down.sql")]
    [InlineData("2026_init/up.sql", "2026_init/down.sql")]
    [InlineData("db/V2.1__add_note.sql", "db/U2.1__add_note.sql")]
    public void A_migration_and_what_undoes_it_are_told_by_their_names(string up, string down)
    {
        Assert.Equal(down, MigrationFolder.DownOf(up, [up, down, "other.down.sql"]));
        Assert.Null(MigrationFolder.DownOf(up, [up, "other.down.sql", "x/" + down]));
        Assert.Null(MigrationFolder.DownOf(down, [up, down]));
    }

    [Fact]
    public async Task A_folder_in_which_one_migration_has_no_down_file_says_so()
    {
        var result = await ReviewMigrationEngine.RunAsync(new ReviewRequest(
            [new("1.up.sql", "CREATE TABLE a (id bigint PRIMARY KEY);"), new("1.down.sql", "DROP TABLE a;"), new("2.up.sql", "CREATE TABLE b (id bigint PRIMARY KEY);")]) { InOrder = true });
        Assert.DoesNotContain(result.Files[0].Findings, finding => finding.Rule == Rule);
        Assert.Contains("this one has none", result.Files[1].Findings.Single(finding => finding.Rule == Rule).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_without_any_down_file_is_not_asked_for_one()
    {
        var result = await ReviewMigrationEngine.RunAsync(new ReviewRequest([new("1.sql", "CREATE TABLE a (id bigint PRIMARY KEY);"), new("2.sql", "SELECT 1;")]) { InOrder = true });
        Assert.DoesNotContain(result.Files.SelectMany(file => file.Findings), finding => finding.Rule == Rule);
    }

    [Theory]
    [InlineData("CREATE TABLE t (id bigint PRIMARY KEY); ALTER TABLE orders ADD COLUMN x text;", "ALTER TABLE orders DROP COLUMN x;", "there is still t:")]
    [InlineData("ALTER TABLE orders DROP COLUMN note;", "SET lock_timeout = '1s';", "does not bring orders.note back")]
    [InlineData("ALTER TABLE orders DROP COLUMN note;", "ALTER TABLE orders ADD COLUMN note text;", "the data do not come back")]
    [InlineData("DROP TABLE customers;", "CREATE TABLE customers (id bigint PRIMARY KEY, name text NOT NULL);", "customers back empty")]
    [InlineData("ALTER TABLE orders ADD COLUMN x text;", "-- nothing", "no statement in 'm.down.sql'")]
    [InlineData("ALTER TABLE orders ADD COLUMN x text;", "ALTER TABLE orders DROP COLUM x;", "cannot read 'm.down.sql'")]
    [InlineData("ALTER TABLE orders ADD COLUMN x text;", "ALTER TABLE orders DROP COLUMN x;", null)]
    [InlineData("DO $$ BEGIN ALTER TABLE orders ADD COLUMN x text; END $$;", "DO $$ BEGIN ALTER TABLE orders DROP COLUMN x; END $$;", null)]
    public async Task A_down_file_that_does_not_undo_is_a_remark(string up, string down, string? words)
    {
        var finding = (await ReviewAsync(up, down)).Findings.SingleOrDefault(found => found.Rule == Rule);
        Assert.Equal(words is not null, finding is { IsRemark: true });
        Assert.Contains(words ?? "", finding?.Message ?? "", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DROP TABLE unknown;", "CREATE TABLE unknown (id bigint PRIMARY KEY);")]
    [InlineData("ALTER TABLE unknown DROP COLUMN a;", "ALTER TABLE unknown ADD COLUMN a text;")]
    [InlineData("ALTER TABLE unknown RENAME TO other;", "ALTER TABLE other RENAME TO unknown;")]
    public async Task What_is_not_known_of_the_schema_is_not_said_to_stay_behind(string up, string down) =>
        Assert.DoesNotContain((await ReviewAsync(up, down)).Findings, finding => finding.Rule == Rule && finding.Message.Contains("does not undo", StringComparison.Ordinal));

    [Theory]
    [InlineData("ALTER TABLE orders ADD COLUMN x text;", "ALTER TABLE orders DROP COLUMN x;", null)]
    [InlineData("ALTER TABLE orders ADD COLUMN x text;", "ALTER TABLE orders DROP COLUMN y;", "42703")]
    [InlineData("CREATE INDEX i ON orders (note);", "DROP INDEX i2;", "42704")]
    [InlineData("ALTER TABLE customers DROP COLUMN name;", "ALTER TABLE customers ADD COLUMN name text NOT NULL;", "23502")]
    [InlineData("CREATE TYPE mood AS ENUM ('ok');", "SELECT 1;", "42710")]
    public async Task A_down_file_that_postgresql_refuses_or_that_hinders_the_next_way_up_is_a_warning(string up, string down, string? sqlState)
    {
        var finding = (await ReviewAsync(up, down, prove: true)).Findings.SingleOrDefault(found => found.Rule == Rule);
        if (finding?.Evidence.OfType<CatalogObserved>().Any() == true)
            return;
        Assert.Equal(sqlState, finding?.Evidence.OfType<ErrorObserved>().Single().SqlState);
        Assert.Equal(sqlState is null ? null : Severity.Warning, finding?.Severity);
    }

    [Fact]
    public async Task A_catalog_that_is_not_restored_is_told_with_what_differs()
    {
        var finding = (await ReviewAsync("ALTER TABLE orders ADD COLUMN x text; CREATE INDEX i ON orders (note);", "ALTER TABLE orders DROP COLUMN x;", prove: true)).Findings.Single(found => found.Rule == Rule);
        Assert.Equal(Severity.Warning, finding.Severity);
        var seen = Assert.IsType<CatalogObserved>(finding.Evidence.Single());
        Assert.Contains("CREATE INDEX", Assert.Single(seen.Added), StringComparison.Ordinal);
        Assert.Empty(seen.Lost);
    }

    [Fact]
    public async Task Another_order_of_columns_alone_is_a_remark()
    {
        var finding = (await ReviewAsync("ALTER TABLE orders DROP COLUMN note;", "ALTER TABLE orders ADD COLUMN note text;", prove: true)).Findings.Single(found => found.Rule == Rule);
        Assert.True(finding.IsRemark, finding.Message);
        Assert.Contains("order of columns", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_down_section_is_run_and_an_error_in_it_is_told_at_its_line()
    {
        const string sql = "-- +goose Up\nSET lock_timeout = '1s';\nALTER TABLE orders ADD COLUMN x text;\n-- +goose Down\nSELECT 1;\nALTER TABLE orders DROP COLUMN y;\n";
        var finding = (await Reviewing.ReviewAsync(sql, prove: true, remarks: true)).Findings.Single(found => found.Rule == Rule);
        Assert.Equal((6, Severity.Warning), (finding.Line, finding.Severity));
    }

    [Fact]
    public async Task A_down_section_that_restores_everything_says_nothing()
    {
        const string sql = "-- migrate:up\nSET lock_timeout = '1s';\nALTER TABLE orders ADD COLUMN x text;\nCREATE TABLE t (id bigint PRIMARY KEY);\n-- migrate:down\nDROP TABLE t;\nALTER TABLE orders DROP COLUMN x;\n";
        var reviewed = await Reviewing.ReviewAsync(sql, prove: true, remarks: true);
        Assert.DoesNotContain(reviewed.Findings, finding => finding.Rule == Rule);
        Assert.Null(reviewed.Notes);
    }

    private static async Task<ReviewedFile> ReviewAsync(string up, string down, bool prove = false) =>
        (await ReviewMigrationEngine.RunAsync(new ReviewRequest([new("m.up.sql", "SET lock_timeout = '2s';\n" + up)])
        {
            Schema = [new("schema.sql", Reviewing.Shop)],
            Downs = [new("m.down.sql", down)],
            Transaction = TransactionMode.Off,
            Prove = prove,
        })).Files[0];
}
